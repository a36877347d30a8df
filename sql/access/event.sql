-- An event goes with the school; it is only ever appended.
create policy seen on data.event for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.event for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[])
	            and exists (select from data.visit v where v.visit_id = event.visit_id));
