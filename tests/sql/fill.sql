-- Included after the helpers: t.fill(visit) adds a row about the visit, its
-- school and its people to every table that planning it leaves empty, as
-- superuser.  t.adding(name, its) is the statement that adds a row, given as
-- JSON: with the columns that the program records may insert, or where it may
-- insert none, with all; what the row leaves out has its default.

create function t.fill(visit bigint) returns void
language plpgsql
as $$
declare
	school    int := (select v.school_urn from data.visit v where v.visit_id = visit);
	pupil     bigint := (select p.pupil_id from data.visit_pupil p where p.visit_id = visit limit 1);
	staff     bigint := (select m.staff_id from data.team_member m where m.visit_id = visit limit 1);
	colleague bigint := t.staff('Colleague ' || visit, school);
	today     date := current_date;
	version   bigint := data.policy_of(school, current_date);
	own       bigint;
begin
	perform duty.weigh(visit);
	insert into data.webhook (url, secret, school_urn) values ('https://hook.example/' || school, 'of the hook', school);
	insert into data.watch_beat (watch, started_at, beat_at) values ('host 1', now(), now()) on conflict do nothing;
	insert into data.delegation (school_urn, from_staff_id, to_staff_id, role, from_on)
	values (school, staff, colleague, 'headteacher', today);
	insert into data.approval_request (visit_id, school_urn, at, client_id) values (visit, school, now(), 'a')
	returning request_id into own;
	insert into data.approval_decision (visit_id, school_urn, request_id, decision, by_staff_id, role, at, client_id)
	values (visit, school, own, 'approved', staff, 'headteacher', now(), 'a');
	insert into data.deviation (visit_id, school_urn, clause, kind, by_staff_id, reason, at, client_id)
	values (visit, school, 'a-clause', 'waived', staff, 'x', now(), 'a');
	insert into data.risk_assessment (school_urn, kind, by_staff_id, level, proceed, at, client_id)
	values (school, 'general', staff, 'low', true, now(), 'a') returning assessment_id into own;
	insert into data.risk_hazard (assessment_id, school_urn, position, kind, level) values (own, school, 1, 'animal', 'low');
	insert into data.hazard (school_urn, kind, address, place_key, control, story, by_staff_id, review_on)
	values (school, 'animal', '9 Lane', '9lane', 'Knock.', 'It bit.', staff, today);
	insert into data.staff_check (staff_id, level, barred_list, checked_on) values (staff, 'enhanced', true, '2025-01-01');
	insert into data.training (staff_id, course, completed_on) values (staff, 'home_visiting', '2025-01-01');
	insert into data.policy_reading (staff_id, policy_version_id, read_on) values (staff, version, '2025-01-01');
	insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until, business_use)
	values (staff, 'Ford', 'Ka', 'AB1', 'red', '2025-01-01', '2026-01-01', true);
	insert into data.allergy (staff_id, allergen, from_on) values (staff, 'cats', '2025-01-01');
	insert into data.next_of_kin (staff_id, name, phone, from_on) values (staff, 'Kin', '1', '2025-01-01');
	insert into data.social_worker (pupil_id, name, from_on) values (pupil, 'Worker', '2025-01-01');
	insert into data.code_word (visit_id, school_urn, words, salt, hash)
	values (visit, school, 1, repeat('s', 16)::bytea, repeat('h', 32)::bytea);
	insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id)
	values (visit, school, staff, now(), 'seen_family', 'x', 'cpoms', 'a');
	insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id)
	values (visit, school, pupil, staff, now(), 'x', false, 'a');
	insert into data.external_referral (visit_id, school_urn, pupil_id, by_staff_id, at, agency, text, client_id)
	values (visit, school, pupil, staff, now(), 'x', 'x', 'a');
	insert into data.incident (visit_id, school_urn, nature, by_staff_id, at, text, client_id)
	values (visit, school, 'threat', staff, now(), 'x', 'a');
	insert into data.accident (visit_id, school_urn, by_staff_id, at, who, text, client_id)
	values (visit, school, staff, now(), 'x', 'x', 'a');
	insert into data.intervention (visit_id, school_urn, pupil_id, by_staff_id, at, text, why, client_id)
	values (visit, school, pupil, staff, now(), 'x', 'x', 'a');
	insert into data.debrief (visit_id, school_urn, staff_id, by_staff_id, at, client_id)
	values (visit, school, staff, colleague, now(), 'a');
	insert into data.escalation (visit_id, school_urn, cause, due_at, drill) values (visit, school, 'overdue', now(), false)
	returning escalation_id into own;
	insert into data.rung (escalation_id, position, school_urn, words, roles, due_at)
	values (own, 1, school, 'Call.', '{office}', now());
	insert into data.notification (school_urn, visit_id, cause, subject, escalation_id, position, words, roles, due_at)
	values (school, visit, 'rung', 'rung:' || own, own, 1, 'Call.', '{office}', now()); -- and its delivery to the webhook
	insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved,
	                                not_possible, administrative)
	values (pupil, '2026-01-05', school, 'L\O       ', 3, 0, 4, 0, 0, 0);
	insert into data.school_week (school_urn, week, held) values (school, '2026-01-05', 7) on conflict do nothing;
	insert into data.mark_note (pupil_id, day, session, school_urn, minutes_late) values (pupil, '2026-01-05', 'AM', school, 7);
	insert into data.mark_amendment (pupil_id, school_urn, day, session, was, is_now, reason, by_staff_id, client_id)
	values (pupil, school, '2026-01-06', 'AM', 'N', 'O', 'No reason was given.', staff, 'a');
	insert into data.agreement (school_urn, pupil_id, visit_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, client_id)
	values (school, pupil, visit, '2026-01-13', staff, 'Parent', 'cpoms', '2026-01-14', '2026-06-01', 'a') returning agreement_id into own;
	insert into data.promise (agreement_id, school_urn, position, side, kind, words, due_on, owner_name)
	values (own, school, 1, 'family', 'text', 'x', '2026-02-01', 'x');
	insert into data.promise_test (promise_id, agreement_id, school_urn, round, first_day, last_day, verdict, possible, attended,
	                               counted, against, unresolved, gaps, reason, marks)
	select p.promise_id, own, school, 1, today, today, 'open', 0, 0, 0, 0, 0, 0, 'x', 'x' from data.promise p where p.agreement_id = own;
	insert into data.letter (school_urn, pupil_id, kind, recipients, subject, text, figures)
	values (school, pupil, 'other', '[{"name": "x"}]', 'x', 'x', '{}');
	insert into data.referral_rule (from_on, months, below_percent, reason, client_id) values ('2031-01-01', 3, 50, 'x', 'a') on conflict do nothing;
	insert into data.referral (school_urn, pupil_id, rule, clause, as_of, window_start, window_end, evidence_from, figures, lane, safe_to_refer,
	                           missing, proposed_by, proposed_at, reason, client_id)
	values (school, pupil, 'x', 'x', today, today, today, today, '{}', 'legal', true, '{}', staff, now(), 'x', 'a') returning referral_id into own;
	insert into data.evidence_part (referral_id, school_urn, position, name, title, content, sha256) values (own, school, 1, 'x.xml', 'x', 'x', sha256('x'));
	insert into data.evidence_week (referral_id, pupil_id, week, school_urn, marks, sessions) values (own, pupil, '2026-01-05', school, '          ', 0);
	insert into data.evidence_change (referral_id, school_urn, day, session, register_urn, frozen, was, is_now, figures, still_met)
	values (own, school, today, 'AM', school, 'O', 'O', 'I', '{}', true);
	if not exists (select from data.contact c where c.pupil_id = pupil) then
		perform t.contact(pupil);
	end if;
	insert into data.penalty_notice (school_urn, pupil_id, contact_id, issued_on, number, first_week, last_week, sessions, unresolved,
	                                 amount, reduced, pay_by, reduced_by, by_staff_id, client_id)
	select school, pupil, min(c.contact_id), today, 1, today, today, 10, 0, 160, 80, today, today, staff, 'a' from data.contact c where c.pupil_id = pupil;
	insert into data.improvement_notice (school_urn, pupil_id, issued_on, ends_on, record, support, further_support, improvement,
	                                     by_staff_id, client_id)
	values (school, pupil, today, today + 30, 'x', 'x', 'x', 'x', staff, 'a');
	insert into data.subject_request (subject, subject_id, schools, received_on, requester, by_staff_id, client_id)
	values ('pupil', pupil, array[school], today, 'x', staff, 'a') returning request_id into own;
	insert into data.subject_item (request_id, item_no, kind, record, school_urn, content) values (own, 1, 'pupil', 'pupil ' || pupil, school, '[]');
	insert into data.redaction (request_id, item_no, reason, by_staff_id, client_id) values (own, 1, 'third_party', staff, 'a');
	insert into data.retention_rule (kind, school_urn, from_on, starts, months, what_then, source)
	values ('import', school, '2031-01-01', 'closed', 72, 'review', 'x') on conflict do nothing;
	own := (select r.rule_id from data.retention_rule r where r.kind = 'import' and r.school_urn = school);
	insert into data.legal_hold (subject, subject_id, schools, reason, by_staff_id, client_id, lifted_at, lifted_by, lifted_why)
	values ('visit', visit, array[school], 'x', staff, 'a', now(), staff, 'x');
	with asked as (insert into data.disposal (schools, reason, by_staff_id, client_id) values (array[school], 'x', staff, 'a') returning disposal_id)
	insert into data.disposal_item (disposal_id, position, kind, record_id, schools, rule_id, kept_until, state, kept_why, ended_at)
	select a.disposal_id, 1, 'import', 'x', array[school], own, today, 'kept', 'x', now() from asked a;
	insert into data.import (kind, mode, dry_run, client_id, request_id, file_hash)
	values ('register', 'all', false, 'a', 'r', sha256('x')) returning import_id into own;
	insert into data.import_rejection (import_id, position, line, detail) values (own, 1, 2, 'is wrong');
	insert into data.schedule (client_id, scopes, path, every, at_time, folder, next_at)
	values ('a', '{visits:read}', '/api/v1/reports/visit-log.csv', 'day', '06:30', 'x', 'infinity') returning schedule_id into own;
	insert into data.export (client_id, schedule_id, scopes, path, request_id)
	values ('a', own, '{visits:read}', '/api/v1/visits.csv', 'r') returning export_id into own;
	insert into data.export_piece (export_id, position, content) values (own, 0, 'x');
	insert into data.export_opening (export_id, opened_by) values (own, '1');
end;
$$;

create function t.adding(name text, its jsonb) returns text
language sql stable
return (select format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, %3$L)', name,
               string_agg(quote_ident(a.attname), ', '), its)
          from pg_attribute a
         where a.attrelid = name::regclass and a.attnum > 0 and its ? a.attname and a.attgenerated = ''
           and (has_column_privilege('doorstep_records', a.attrelid, a.attnum, 'insert')
                or not has_any_column_privilege('doorstep_records', a.attrelid, 'insert')));

-- The first row of a table for which a condition holds, as JSON, without what
-- is null and without the number that it is given.
create function t.row_of(name text, holds text) returns jsonb
language plpgsql stable
as $$
declare
	found jsonb;
begin
	execute format('select jsonb_strip_nulls(to_jsonb(r)) from %s r where %s order by ctid limit 1', name, holds) into found;
	return found - coalesce((select array_agg(a.attname::text) from pg_attribute a
	                          where a.attrelid = name::regclass and a.attidentity <> ''), '{}');
end;
$$;
