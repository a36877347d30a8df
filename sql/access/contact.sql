-- A contact goes with its pupil, and is changed by who has the pupil on roll still.
create policy seen on data.contact for select to doorstep_records, doorstep_register, doorstep_reports
	using (exists (select from data.enrolment e where e.pupil_id = contact.pupil_id));
create policy added on data.contact for insert to doorstep_register
	with check ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = contact.pupil_id
	                     and (e.left_on is null or e.left_on >= current_date)));
create policy changed on data.contact for update to doorstep_register
	using ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = contact.pupil_id
	                     and (e.left_on is null or e.left_on >= current_date)))
	with check ((select auth.sees_all_schools())
	       or exists (select from data.enrolment e where e.pupil_id = contact.pupil_id
	                     and (e.left_on is null or e.left_on >= current_date)));
