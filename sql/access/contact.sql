-- A contact goes with its pupil.
create policy seen on data.contact for select to doorstep_records, doorstep_register, doorstep_reports
	using (exists (select from data.enrolment e where e.pupil_id = contact.pupil_id));
create policy added on data.contact for insert to doorstep_register
	with check (exists (select from data.enrolment e where e.pupil_id = contact.pupil_id));
create policy changed on data.contact for update to doorstep_register
	using (exists (select from data.enrolment e where e.pupil_id = contact.pupil_id))
	with check (exists (select from data.enrolment e where e.pupil_id = contact.pupil_id));
