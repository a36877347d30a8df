-- An enrolment is seen, made and changed by who sees its school; a pupil is
-- seen by who sees an enrolment of theirs, and changed by who has them on roll
-- still.
create policy seen on data.enrolment for select to doorstep_records, doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools_with('pupils'))::int[]));
create policy added on data.enrolment for insert to doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.enrolment for update to doorstep_register
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));

create policy seen on data.pupil for select to doorstep_records, doorstep_register, doorstep_reports
	using (exists (select from data.enrolment e where e.pupil_id = pupil.pupil_id));
create policy added on data.pupil for insert to doorstep_register
	with check (exists (select from data.enrolment e where e.pupil_id = pupil.pupil_id));
create policy changed on data.pupil for update to doorstep_register
	using ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = pupil.pupil_id and data.lasts(e.left_on)))
	with check (exists (select from data.enrolment e where e.pupil_id = pupil.pupil_id));
create policy definer on data.pupil for select to doorstep_definer using (true);
create policy touched on data.pupil for update to doorstep_definer using (true) with check (true);
