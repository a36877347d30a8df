-- A visit and its parts go with the school.
create policy seen on data.visit for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.visit for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.visit for update to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));

create policy seen on data.visit_pupil for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.visit_pupil for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]));
create policy removed on data.visit_pupil for delete to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]));

create policy seen on data.team_member for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.team_member for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]));
create policy removed on data.team_member for delete to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]));
