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
	for each row execute function audit.log_change('event_id');
create or replace trigger audit after insert or update or delete on data.idempotency
	for each row execute function audit.log_change('client_id,key', 'request_hash,body');
create or replace trigger audit after insert or update or delete on auth.client
	for each row execute function audit.log_change('client_id', 'secret_hash');
create or replace trigger audit after insert or update or delete on auth.client_school
	for each row execute function audit.log_change('client_id,school_urn');
create or replace trigger audit after insert or update or delete on auth.token
	for each row execute function audit.log_change('client_id,issued_at', 'token_hash');
