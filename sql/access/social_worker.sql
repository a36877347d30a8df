-- A social worker goes with the pupil, as contacts do.
create policy seen on data.social_worker for select to doorstep_records, doorstep_reports
	using ((select auth.has_scope('contacts:read', 'contacts:write'))
	       and exists (select from data.enrolment e where e.pupil_id = social_worker.pupil_id
	                      and auth.reaches_family(social_worker.pupil_id, e.left_on)));
create policy added on data.social_worker for insert to doorstep_records
	with check ((select auth.has_scope('contacts:write'))
	       and exists (select from data.enrolment e where e.pupil_id = social_worker.pupil_id
	                      and auth.reaches_family(social_worker.pupil_id, e.left_on)));
create policy changed on data.social_worker for update to doorstep_records
	using ((select auth.has_scope('contacts:write'))
	       and exists (select from data.enrolment e where e.pupil_id = social_worker.pupil_id
	                      and auth.reaches_family(social_worker.pupil_id, e.left_on)));
