-- The program reports: reads, appends access entries, keeps answers under their keys, and asks for exports
-- that are made later.
grant usage on schema data, api, auth, audit, duty to doorstep_reports;
grant execute on all functions in schema api to doorstep_reports;
grant execute on function data.policy_of(int, date), data.version_in_force(text, date), data.hazards_of(bigint),
	data.day_of(timestamptz), auth.begin(text, text, text, text, text), auth.client_id(), auth.schools(),
	data.retention_opens(data.retention_kind), data.retention_kinds(), data.retention_scopes(),
	auth.staff_id(), auth.schools_with(text), auth.reaches_all(text, boolean), auth.own_visits(), auth.own_pupils(),
	auth.sees_all_schools(), auth.has_moved_on(bigint, date), auth.reaches_family(bigint, date),
	auth.works_on(bigint, date), auth.keeps_staff(bigint, date), data.lasts(date),
	auth.accounts_seen(), auth.has_scope(text[]), duty.clauses_closed(boolean),
	duty.state(data.duty, timestamptz),
	data.session_step(text, name), data.rfc3339(timestamptz), data.moment_first(text), data.moment_end(text),
	data.sessions_between(date, date, date), data.session_count(int), data.session_day(date, int),
	data.session_of(int), data.session_number(date, date, data.session), data.mark_sessions(text[]),
	data.percentage(bigint, bigint),
	data.school_year_of(date), data.sessions_marked(text, text), data.sessions_missing(text, int, int, int),
	data.stay_weeks(date, date, int, bigint[]), data.pupil_weeks(date, date, bigint[]),
	data.expect_rows(boolean), data.stay_sums(date, date, int, bigint[]), data.pupils_of_two_schools(date, date, bigint[]),
	data.pupil_sums(date, date, bigint[]), data.penalty_spans(date, int), data.sickness(date, date, int, int),
	data.legal_referrals_seen(int, bigint[], date, boolean), data.visits_counted(int[], timestamptz, timestamptz),
	data.is_outside(data.duty_state, timestamptz), data.records_late(int[], timestamptz, timestamptz),
	data.escalations_timed(int[], date, date), data.staff_facts(date),
	data.policy_reviews(date), data.concerns_open_seen(int), data.governors_seen(int, date, date),
	audit.access_append(text, jsonb, text, bigint), audit.trail_of(text, bigint), audit.access_to(bigint, date, date),
	data.export_ask(text, text),
	data.export_call_off(bigint), data.export_open(bigint), data.export_link(bigint), data.export_open_by_link(text),
	data.export_pieces(bigint), data.schedule_add(jsonb), data.schedule_end(bigint) to doorstep_reports;
grant select on data.schedule, data.idempotency to doorstep_reports;
-- But for the hashes of its tokens: with one of them a program could act as whom it was given to.
grant select (export_id, client_id, schedule_id, scopes, path, request_id, state, tries, next_try_at, schools,
	media_type, file_name, row_count, byte_count, sha256, problem, asked_at, started_at, ended_at, expires_at, link_until)
	on data.export to doorstep_reports;
grant insert (client_id, key, request_hash, status, location, etag, body), update (created_at), delete
	on data.idempotency to doorstep_reports;
grant select on data.school, data.staff, data.post, data.pupil, data.enrolment, data.contact,
	data.social_worker, data.policy, data.policy_version, data.clause_kind, data.clause, data.rule_left_out,
	data.adoption, data.visit, data.visit_pupil, data.team_member, data.duty, data.deviation,
	data.approval_request, data.approval_decision, data.delegation, data.risk_assessment, data.risk_hazard,
	data.hazard, data.visit_record, data.concern, data.external_referral, data.incident, data.accident,
	data.intervention, data.debrief, data.staff_check, data.training, data.policy_reading, data.vehicle,
	data.allergy, data.next_of_kin, data.escalation, data.rung, data.notification, data.attendance_code,
	data.register_week, data.mark_note, data.mark_amendment, data.school_week, data.import, data.import_rejection,
	data.agreement, data.promise, data.promise_test, data.letter, data.referral, data.referral_rule,
	data.evidence_part, data.evidence_change, data.penalty_notice, data.improvement_notice to doorstep_reports;
grant select (event_id, visit_id, school_urn, kind, at, note, by_staff_id, means, because, clause, part,
	expected_at, emergency_reason, recorded_at, client_id) on data.event to doorstep_reports;
grant select on all tables in schema api to doorstep_reports;
-- What was known at a moment: of the rows as they were what may be read of the rows as they are.
grant usage on schema was, past to doorstep_reports;
grant execute on all functions in schema was, past to doorstep_reports;
grant select on all tables in schema past to doorstep_reports;
grant select on was.visit, was.visit_pupil, was.team_member, was.duty, was.agreement, was.promise, was.promise_test,
	was.post, was.staff, was.enrolment, was.pupil, was.event, was.deviation, was.risk_assessment,
	was.risk_hazard,
	was.register_week, was.mark_note, was.mark_amendment, was.school_week to doorstep_reports;
-- Subject access: read, marked and packed; made by its function alone.
grant execute on function data.subject_scopes_missing(bigint), data.subject_shown(bigint, int, int),
	data.redactions_standing(bigint), data.withhold(text, text[], text[], data.withheld_reason[]),
	data.words_pattern(text),
	data.words_plain(text), data.words_bare(text), data.words_clean(text), data.words_core(text),
	data.words_withheld(data.redaction[]), data.words_withheld_everywhere(bigint),
	data.withheld_labels(data.withheld_reason[]), data.item_may_say(data.subject_item, text[]),
	data.item_fields(data.subject_item, data.redaction[], text[], text[], data.withheld_reason[]),
	data.subject_limits(data.subject_kind), auth.kinds_opened(boolean), auth.scopes(), data.redaction_item(bigint),
	data.withheld_words(data.withheld_reason), data.withheld_source(data.withheld_reason),
	data.subject_due(date, int), data.xml_text(text) to doorstep_reports;
grant select on data.subject_request, data.subject_item, data.redaction to doorstep_reports;
-- Retention: what is due, and certificates.
grant execute on function data.retention_due_seen(data.retention_kind, int, bigint, int),
	data.retention_why_seen(text, text) to doorstep_reports;
grant select on data.retention_rule, data.legal_hold, data.disposal, data.disposal_item to doorstep_reports;
