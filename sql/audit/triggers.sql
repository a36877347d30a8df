-- The audit trigger of every table: its key, and what of it is secret.

create or replace trigger audit after insert or update or delete on data.school
	for each row execute function audit.log_change('urn');
create or replace trigger audit after insert or update or delete on data.staff
	for each row execute function audit.log_change('staff_id');
create or replace trigger audit after insert or update or delete on data.post
	for each row execute function audit.log_change('staff_id,school_urn');
create or replace trigger audit after insert or update or delete on data.pupil
	for each row execute function audit.log_change('pupil_id');
create or replace trigger audit after insert or update or delete on data.enrolment
	for each row execute function audit.log_change('pupil_id,school_urn,admitted_on');
create or replace trigger audit after insert or update or delete on data.contact
	for each row execute function audit.log_change('contact_id');
create or replace trigger audit after insert or update or delete on data.visit
	for each row execute function audit.log_change('visit_id');
create or replace trigger audit after insert or update or delete on data.visit_pupil
	for each row execute function audit.log_change('visit_id,pupil_id');
create or replace trigger audit after insert or update or delete on data.team_member
	for each row execute function audit.log_change('visit_id,position');
create or replace trigger audit after insert or update or delete on data.event
	for each row execute function audit.log_change('event_id', 'duress');
create or replace trigger audit after insert or update or delete on data.idempotency
	for each row execute function audit.log_change('client_id,key', 'request_hash,body');
create or replace trigger audit after insert or update or delete on data.policy
	for each row execute function audit.log_change('code');
create or replace trigger audit after insert or update or delete on data.policy_version
	for each row execute function audit.log_change('policy_version_id', 'hash');
create or replace trigger audit after insert or update or delete on data.clause_kind
	for each row execute function audit.log_change('kind');
create or replace trigger audit after insert or update or delete on data.clause
	for each row execute function audit.log_change('policy_version_id,clause');
create or replace trigger audit after insert or update or delete on data.rule_left_out
	for each row execute function audit.log_change('policy_version_id,rule');
create or replace trigger audit after insert or update or delete on data.adoption
	for each row execute function audit.log_change('school_urn,follows_from');
create or replace trigger audit after insert or update or delete on data.duty
	for each row execute function audit.log_change('duty_id');
create or replace trigger audit after insert or update or delete on data.deviation
	for each row execute function audit.log_change('deviation_id');
create or replace trigger audit after insert or update or delete on data.approval_request
	for each row execute function audit.log_change('request_id');
create or replace trigger audit after insert or update or delete on data.approval_decision
	for each row execute function audit.log_change('decision_id');
create or replace trigger audit after insert or update or delete on data.delegation
	for each row execute function audit.log_change('delegation_id');
create or replace trigger audit after insert or update or delete on data.risk_assessment
	for each row execute function audit.log_change('assessment_id');
create or replace trigger audit after insert or update or delete on data.risk_hazard
	for each row execute function audit.log_change('assessment_id,position');
create or replace trigger audit after insert or update or delete on data.hazard
	for each row execute function audit.log_change('hazard_id');
create or replace trigger audit after insert or update or delete on data.staff_check
	for each row execute function audit.log_change('check_id');
create or replace trigger audit after insert or update or delete on data.training
	for each row execute function audit.log_change('training_id');
create or replace trigger audit after insert or update or delete on data.policy_reading
	for each row execute function audit.log_change('reading_id');
create or replace trigger audit after insert or update or delete on data.vehicle
	for each row execute function audit.log_change('vehicle_id');
create or replace trigger audit after insert or update or delete on data.allergy
	for each row execute function audit.log_change('allergy_id');
create or replace trigger audit after insert or update or delete on data.next_of_kin
	for each row execute function audit.log_change('kin_id');
create or replace trigger audit after insert or update or delete on data.social_worker
	for each row execute function audit.log_change('social_worker_id');
create or replace trigger audit after insert or update or delete on data.code_word
	for each row execute function audit.log_change('visit_id', 'salt,hash');
create or replace trigger audit after insert or update or delete on data.visit_record
	for each row execute function audit.log_change('record_id');
create or replace trigger audit after insert or update or delete on data.concern
	for each row execute function audit.log_change('concern_id');
create or replace trigger audit after insert or update or delete on data.incident
	for each row execute function audit.log_change('incident_id');
create or replace trigger audit after insert or update or delete on data.accident
	for each row execute function audit.log_change('accident_id');
create or replace trigger audit after insert or update or delete on data.intervention
	for each row execute function audit.log_change('intervention_id');
create or replace trigger audit after insert or update or delete on data.debrief
	for each row execute function audit.log_change('debrief_id');
create or replace trigger audit after insert or update or delete on data.external_referral
	for each row execute function audit.log_change('referral_id');
create or replace trigger audit after insert or update or delete on data.agreement
	for each row execute function audit.log_change('agreement_id');
create or replace trigger audit after insert or update or delete on data.promise
	for each row execute function audit.log_change('promise_id');
create or replace trigger audit after insert or update or delete on data.promise_test
	for each row execute function audit.log_change('test_id');
create or replace trigger audit after insert or update or delete on data.letter
	for each row execute function audit.log_change('letter_id', 'page');
create or replace trigger audit after insert or update or delete on data.referral_rule
	for each row execute function audit.log_change('from_on');
create or replace trigger audit after insert or update or delete on data.referral
	for each row execute function audit.log_change('referral_id');
create or replace trigger audit after insert or update or delete on data.evidence_part
	for each row execute function audit.log_change('referral_id,position', 'content');
create or replace trigger audit after insert or update or delete on data.evidence_week
	for each row execute function audit.log_change('referral_id,week,school_urn');
create or replace trigger audit after insert or update or delete on data.evidence_change
	for each row execute function audit.log_change('change_no');
create or replace trigger audit after insert or update or delete on data.penalty_notice
	for each row execute function audit.log_change('notice_id');
create or replace trigger audit after insert or update or delete on data.improvement_notice
	for each row execute function audit.log_change('notice_id');
create or replace trigger audit after insert or update or delete on data.subject_request
	for each row execute function audit.log_change('request_id');
create or replace trigger audit after update or delete on data.subject_item
	for each row execute function audit.log_change('request_id,item_no', 'content');
create or replace trigger audit_insert after insert on data.subject_item referencing new table as later
	for each statement execute function audit.log_gathered();
create or replace trigger audit after insert or update or delete on data.redaction
	for each row execute function audit.log_change('redaction_id', 'words');
create or replace trigger audit after insert or update or delete on data.escalation
	for each row execute function audit.log_change('escalation_id');
create or replace trigger audit after insert or update or delete on data.rung
	for each row execute function audit.log_change('escalation_id,position');
create or replace trigger audit after insert or update or delete on data.notification
	for each row execute function audit.log_change('notification_id');
create or replace trigger audit after insert or update or delete on data.webhook
	for each row execute function audit.log_change('webhook_id', 'secret');
create or replace trigger audit after insert or update or delete on data.delivery
	for each row execute function audit.log_change('delivery_id');
create or replace trigger audit after insert or update or delete on data.change_line
	for each row execute function audit.log_change('mark');
create or replace trigger audit after insert or update or delete on data.migration
	for each row execute function audit.log_change('number');
create or replace trigger audit after insert or update or delete on auth.client
	for each row execute function audit.log_change('client_id', 'secret_hash');
create or replace trigger audit after insert or update or delete on auth.client_school
	for each row execute function audit.log_change('client_id,school_urn');
create or replace trigger audit after insert or update or delete on auth.account
	for each row execute function audit.log_change('client_id', 'password_hash,totp_secret,totp_step');
create or replace trigger audit after insert or update or delete on auth.token
	for each row execute function audit.log_change('client_id,issued_at', 'token_hash');
create or replace trigger audit after insert or update or delete on data.export
	for each row execute function audit.log_change('export_id', 'link_hash,token_hash');
create or replace trigger audit after insert or update or delete on data.schedule
	for each row execute function audit.log_change('schedule_id');
create or replace trigger audit after insert or update or delete on data.attendance_code
	for each row execute function audit.log_change('code,valid_from');
create or replace trigger audit after insert or update or delete on data.mark_amendment
	for each row execute function audit.log_change('amendment_id');
create or replace trigger audit after insert or update or delete on data.retention_rule
	for each row execute function audit.log_change('rule_id');
create or replace trigger audit after insert or update or delete on data.legal_hold
	for each row execute function audit.log_change('hold_id');
create or replace trigger audit after insert or update or delete on data.disposal
	for each row execute function audit.log_change('disposal_id');
create or replace trigger audit after insert or update or delete on data.disposal_item
	for each row execute function audit.log_change('disposal_id,position');
create or replace trigger audit after insert or update or delete on data.school_week
	for each row execute function audit.log_change('school_urn,week');

-- Entries for all rows of a statement; a trigger each, for PostgreSQL hands the
-- rows over to a trigger of one event only.
do $$
declare
	logged record;
begin
	for logged in
		select * from (values ('data.register_week', 'audit.log_register'), ('data.mark_note', 'audit.log_mark_notes'))
			as t (name, log),
			(values ('insert', 'new table as later'), ('update', 'old table as earlier new table as later'),
			        ('delete', 'old table as earlier')) as e (event, rows)
	loop
		execute format('create or replace trigger audit_%2$s after %2$s on %1$s referencing %4$s
			for each statement execute function %3$s()', logged.name, logged.event, logged.log, logged.rows);
	end loop;
end;
$$;
create or replace trigger audit after insert or update or delete on auth.device
	for each row execute function audit.log_change('device_id', 'device_hash');
create or replace trigger audit after insert or update or delete on auth.link
	for each row execute function audit.log_change('link_id', 'token_hash');
create or replace trigger audit after insert or update or delete on auth.identity
	for each row execute function audit.log_change('identity_id');
