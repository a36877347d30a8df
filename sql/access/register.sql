-- Marks go with the school whose register they stand in.  Codes are no secret,
-- but for who is nobody.
create policy seen on data.attendance_code for select to doorstep_register, doorstep_reports, doorstep_records
	using ((select auth.client_id()) is not null);
create policy definer on data.attendance_code for select to doorstep_definer using (true);

create policy seen on data.register_week for select to doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.register_week for insert to doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.register_week for update to doorstep_register
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));
create policy definer on data.register_week for select to doorstep_definer using (true);

create policy seen on data.mark_note for select to doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.mark_note for insert to doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.mark_note for update to doorstep_register
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));
create policy removed on data.mark_note for delete to doorstep_register
	using (school_urn = any ((select auth.schools())::int[]));

create policy definer on data.mark_note for select to doorstep_definer using (true);

create policy seen on data.mark_amendment for select to doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.mark_amendment for insert to doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));

create policy seen on data.school_week for select to doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.school_week for insert to doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.school_week for update to doorstep_register
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));
create policy definer on data.school_week for select to doorstep_definer using (true);
create policy definer on data.mark_amendment for select to doorstep_definer using (true);
create policy held on data.register_week for update to doorstep_definer using (true) with check (false);
