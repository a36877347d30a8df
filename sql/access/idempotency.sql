-- A client sees the answers given to itself, and nobody else's.
create policy own on data.idempotency to doorstep_records, doorstep_register, doorstep_reports
	using (client_id = (select auth.client_id()))
	with check (client_id = (select auth.client_id()));
