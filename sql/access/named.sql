-- What a row names is seen by who writes it, or else foreign keys would tell
-- what there is elsewhere: staff by a post, a pupil of the school whose row it
-- is.  Restrictive: beside what the policies of each table ask for.
do $$
declare
	naming record;
begin
	for naming in select * from (values
		('data.event', 'by_staff_id'), ('data.deviation', 'by_staff_id'),
		('data.approval_request', 'by_staff_id'), ('data.approval_decision', 'by_staff_id'),
		('data.approval_decision', 'for_staff_id'), ('data.risk_assessment', 'by_staff_id'),
		('data.hazard', 'by_staff_id'), ('data.visit_record', 'by_staff_id'), ('data.concern', 'by_staff_id'),
		('data.concern', 'told_staff_id'), ('data.external_referral', 'by_staff_id'),
		('data.incident', 'by_staff_id'), ('data.incident', 'told_staff_id'), ('data.accident', 'by_staff_id'),
		('data.intervention', 'by_staff_id'), ('data.intervention', 'told_staff_id'),
		('data.debrief', 'by_staff_id'), ('data.debrief', 'staff_id'), ('data.agreement', 'by_staff_id'),
		('data.promise', 'owner_staff_id'), ('data.letter', 'by_staff_id'), ('data.referral', 'proposed_by'),
		('data.penalty_notice', 'by_staff_id'), ('data.improvement_notice', 'by_staff_id')) as n (name, staff) loop
		execute format('create policy named_%2$s on %1$s as restrictive for insert to doorstep_records
			with check (%1$s.%2$s is null
			            or exists (select from data.post p
			                where p.staff_id = %1$s.%2$s))', naming.name, naming.staff);
	end loop;
	for naming in select * from (values ('data.risk_assessment'), ('data.concern'), ('data.external_referral'),
		('data.intervention'), ('data.agreement'), ('data.letter'), ('data.referral'), ('data.penalty_notice'),
		('data.improvement_notice')) as n (name) loop
		execute format('create policy named_pupil_id on %1$s as restrictive for insert to doorstep_records
			with check (%1$s.pupil_id is null
			            or exists (select from data.enrolment e
			                        where e.pupil_id = %1$s.pupil_id
			                            and e.school_urn = %1$s.school_urn))', naming.name);
	end loop;
end;
$$;
-- Who goes alone is of the team, where there may be somebody whom the client does not see.
create policy named_staff_id on data.risk_assessment as restrictive for insert to doorstep_records
	with check (staff_id is null
	            or exists (select from data.post p where p.staff_id = risk_assessment.staff_id)
	            or exists (select from data.team_member t where t.visit_id = risk_assessment.visit_id
	                                                        and t.staff_id = risk_assessment.staff_id));
create policy named_assessment_id on data.risk_hazard as restrictive for insert to doorstep_records
	with check (exists (select from data.risk_assessment a where a.assessment_id = risk_hazard.assessment_id
	                                                         and a.school_urn = risk_hazard.school_urn));
create policy named_contact_id on data.hazard as restrictive for insert to doorstep_records
	with check (contact_id is null
	            or exists (select from data.contact c join data.enrolment e using (pupil_id)
	                        where c.contact_id = hazard.contact_id and e.school_urn = hazard.school_urn));
create policy named_request_id on data.approval_decision as restrictive for insert to doorstep_records
	with check (exists (select from data.approval_request r where r.request_id = approval_decision.request_id
	                                                          and r.visit_id = approval_decision.visit_id));
create policy named_by_staff_id on data.rung as restrictive for update to doorstep_records
	with check (by_staff_id is null or exists (select from data.post p where p.staff_id = rung.by_staff_id));
-- Who settles it need not see who took it on.
create policy named_staff on data.notification as restrictive for update to doorstep_records
	with check (coalesce(resolved_by, accepted_by) is null
	            or exists (select from data.post p
	                        where p.staff_id = coalesce(notification.resolved_by, notification.accepted_by)));
-- Who settles, ends, decides and so on is named in an update.
do $$
declare
	naming record;
begin
	for naming in select * from (values
		('data.agreement', 'ended_by'), ('data.promise', 'settled_by'), ('data.letter', 'by_staff_id'),
		('data.referral', 'decided_by'), ('data.referral', 'notified_by'),
		('data.referral', 'withdrawn_by')) as n (name, staff) loop
		execute format('create policy named_later_%2$s on %1$s as restrictive for update to doorstep_records
			with check (%1$s.%2$s is null or exists (select from data.post p where p.staff_id = %1$s.%2$s))',
			naming.name, naming.staff);
	end loop;
end;
$$;
