-- A visit and its parts go with the school.  What a part names is seen by who
-- adds it, or else keys and foreign keys would tell what there is elsewhere.
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
	with check (school_urn = any ((select auth.schools())::int[])
	            and exists (select from data.visit v where v.visit_id = visit_pupil.visit_id)
	            and exists (select from data.enrolment e
	                         where e.pupil_id = visit_pupil.pupil_id and e.school_urn = visit_pupil.school_urn));
create policy removed on data.visit_pupil for delete to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]));

create policy seen on data.team_member for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.team_member for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[])
	            and exists (select from data.visit v where v.visit_id = team_member.visit_id)
	            and (staff_id is null or exists (select from data.post p where p.staff_id = team_member.staff_id)));
create policy removed on data.team_member for delete to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]));
