-- A post is seen, made and changed by who sees its school; a person is seen
-- by who sees a post of theirs, and changed by a school where they are, or were last.
create policy seen on data.post for select to doorstep_records, doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools_with('staff'))::int[]));
create policy added on data.post for insert to doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.post for update to doorstep_register
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));

create policy seen on data.staff for select to doorstep_records, doorstep_register, doorstep_reports
	using (exists (select from data.post p where p.staff_id = staff.staff_id));
create policy added on data.staff for insert to doorstep_register
	with check (exists (select from data.post p where p.staff_id = staff.staff_id));
create policy changed on data.staff for update to doorstep_register
	using (exists (select from data.post p
		where p.staff_id = staff.staff_id and auth.keeps_staff(staff.staff_id, p.left_on)))
	with check (exists (select from data.post p where p.staff_id = staff.staff_id));
create policy definer on data.staff for select to doorstep_definer using (true);
create policy touched on data.staff for update to doorstep_definer using (true) with check (true);
