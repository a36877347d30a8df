-- A school is seen by who may see it; only who sees the whole trust adds one.
create policy seen on data.school for select to doorstep_records, doorstep_register, doorstep_reports
	using ((select auth.sees_all_schools()) or urn = any ((select auth.schools())::int[]));
create policy added on data.school for insert to doorstep_register
	with check ((select auth.sees_all_schools()));
create policy changed on data.school for update to doorstep_register
	using (urn = any ((select auth.schools())::int[]))
	with check (urn = any ((select auth.schools())::int[]));
create policy definer on data.school for select to doorstep_definer using (true);
