-- A contact goes with its pupil: seen by a school that has the pupil on roll still, or was the
-- last to; a family that has moved on is no longer the former school's to look up.  It is changed
-- by who has the pupil on roll still.
create policy seen on data.contact for select to doorstep_records, doorstep_register, doorstep_reports
	using (exists (select from data.enrolment e where e.pupil_id = contact.pupil_id
	                  and auth.reaches_family(contact.pupil_id, e.left_on)));
create policy added on data.contact for insert to doorstep_register
	with check ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = contact.pupil_id and data.lasts(e.left_on)));
create policy changed on data.contact for update to doorstep_register
	using ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = contact.pupil_id and data.lasts(e.left_on)))
	with check ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = contact.pupil_id and data.lasts(e.left_on)));
