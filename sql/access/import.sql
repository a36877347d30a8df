-- A client sees its own imports, and nobody else's.
create policy own on data.import to doorstep_register
	using (client_id = (select auth.client_id()))
	with check (client_id = (select auth.client_id()));
create policy read on data.import for select to doorstep_reports
	using (client_id = (select auth.client_id()));
create policy own on data.import_rejection to doorstep_register
	using (exists (select from data.import i where i.import_id = import_rejection.import_id))
	with check (exists (select from data.import i where i.import_id = import_rejection.import_id));
create policy read on data.import_rejection for select to doorstep_reports
	using (exists (select from data.import i where i.import_id = import_rejection.import_id));
create policy definer on data.import for select to doorstep_definer using (true);
create policy forgotten on data.import_rejection to doorstep_definer using (true);
