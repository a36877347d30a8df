-- What the security definer functions need, and no more.
grant usage on schema data, auth, audit, duty, watch to doorstep_definer;
grant select on data.school, data.staff, data.pupil to doorstep_definer;
grant update (updated_at) on data.pupil, data.staff to doorstep_definer;
grant execute on function data.upn_problem(text), data.upn_check_letter(text), data.policy_of(int, date),
	data.version_in_force(text, date),
	data.day_of(timestamptz), data.lasts(date), auth.reaches_family(bigint, date),
	auth.school_reaches(bigint, int), auth.keeps_staff(bigint, date),
	data.place_key(text, text), data.person_key(text, text, text),
		data.same_place(text, text), data.plain_words(text),
	data.session_step(text, name), data.rfc3339(timestamptz), data.moment_first(text), data.moment_end(text),
	data.event_is_once(data.event_kind) to doorstep_definer;
grant select on auth.client, auth.client_school, auth.account to doorstep_definer;
grant execute on function auth.rights(), auth.formats() to doorstep_definer;
grant select, delete on auth.token to doorstep_definer;
grant insert (token_hash, client_id, scopes, own_scopes, reasoned_scopes, formats, acting_at, whole_trust, expires_at)
	on auth.token to doorstep_definer;
-- Accounts and sessions of people.
grant update (updated_at) on data.post to doorstep_definer; -- to lock them
grant insert (client_id, title, scopes, all_schools), update (disabled_at) on auth.client to doorstep_definer;
grant insert (client_id, staff_id, login),
	update (login, password_hash, password_set_at, totp_secret, totp_since, totp_step) on auth.account to doorstep_definer;
grant select, insert (client_id, device_hash), update (failures, next_at), delete on auth.device to doorstep_definer;
grant select, insert (attempt_key), update (failures, last_at, next_at), delete on auth.attempt to doorstep_definer;
grant select, insert (client_id, purpose), update (token_hash, expires_at, used_at) on auth.link to doorstep_definer;
grant select, insert (issuer, subject, client_id), delete on auth.identity to doorstep_definer;
grant select, insert, update (expires_at), delete on auth.sign_on to doorstep_definer;
grant delete on data.delivery to doorstep_definer; -- of links that were ended before they were mailed
grant execute on function auth.wait_after(int, int), auth.source_of(text), auth.attempt_key(text, text, text),
	auth.account_create(bigint) to doorstep_definer;
grant update (revoked_at) on auth.token to doorstep_definer;
grant insert (client_id, request_id, action, record, key, school_urn, before, after)
	on audit.entry to doorstep_definer;
grant insert (client_id, request_id, resource, filters, format, row_count)
	on audit.access to doorstep_definer;
grant update (before, after, salt) on audit.entry to doorstep_definer;
grant update (filters, salt) on audit.access to doorstep_definer;
grant insert (leaf_index, entry_id, access_id, hash) on audit.leaf to doorstep_definer;
grant insert (size, root, note) on audit.checkpoint to doorstep_definer;
-- Read by the functions that say who may see what of it.
grant select, insert, update on audit.horizon to doorstep_definer;
grant select on audit.entry, audit.access, audit.leaf, audit.checkpoint to doorstep_definer;
grant execute on function audit.kinds(), audit.paths_of(bigint), audit.path_named(text, jsonb), audit.field(text),
	audit.stamp(timestamptz), audit.entry_leaf(audit.entry),
	audit.access_leaf(audit.access), audit.areas(), audit.opened(), audit.is_of(audit.entry, int[]),
	audit.access_is_of(audit.access, int[]), audit.rows_of_pupil(bigint), audit.rows_of_staff(bigint),
	audit.segment_of(text), audit.filters_fit(text, bigint, bigint, bigint) to doorstep_definer;
-- Duties, escalations, notifications and their delivery are made and kept by functions alone.
grant execute on all functions in schema duty, watch to doorstep_definer;
grant select, insert, update on data.duty, data.escalation, data.rung, data.notification, data.delivery,
	data.code_word, data.watch_beat to doorstep_definer;
grant delete on data.duty, data.watch_beat to doorstep_definer;
grant select on data.webhook to doorstep_definer;
-- The register is checked as a whole, whoever writes it.
grant select on data.attendance_code, data.register_week, data.mark_note to doorstep_definer;
grant execute on function data.mark_sessions(text[]) to doorstep_definer;
grant select on data.import to doorstep_definer;
grant select, delete on data.import_rejection to doorstep_definer;
-- The feed of changes is written by its triggers alone.
grant execute on function data.change_mark(), data.change_begins(), data.change_key(jsonb, text),
	data.change_schools(data.change_record, bigint), data.change_union(int[], int[]),
	data.change_concerns(data.change_record, bigint, int) to doorstep_definer;
grant select, insert (mark, begins) on data.change_line to doorstep_definer;
grant select, insert (position, made_in, record, record_id, action, key, previous_key, schools, version),
	update (change_id, position, recorded_at, action, key, previous_key, schools, version)
	on data.change to doorstep_definer;
-- Held while evidence is frozen, never changed: the row-security policy lets nothing through.
grant update (decided) on data.register_week to doorstep_definer;
-- Agreements are tested and weighed, letters drafted, referrals worked out and
-- frozen by functions, which read the marks of all schools.
grant select on data.agreement, data.promise, data.promise_test, data.letter, data.referral, data.referral_rule,
	data.evidence_part, data.evidence_week, data.evidence_change, data.penalty_notice, data.improvement_notice,
	data.school_week, data.mark_amendment to doorstep_definer;
grant update (broken_on, kept_on, tested_to) on data.agreement to doorstep_definer;
grant update (state, decided_on) on data.promise to doorstep_definer;
grant insert (promise_id, agreement_id, school_urn, round, first_day, last_day, verdict, possible, attended, counted,
	against, unresolved, gaps, decided_on, reason, marks, client_id) on data.promise_test to doorstep_definer;
grant insert (school_urn, pupil_id, kind, agreement_id, round, recipients, subject, text, figures, breaches,
	policy_version_id, clause, client_id), update (recipients, text, figures, breaches, withdrawn_at, withdrawn_why)
	on data.letter to doorstep_definer;
grant insert (referral_id, school_urn, position, name, title, content, sha256)
	on data.evidence_part to doorstep_definer;
grant insert (referral_id, pupil_id, week, school_urn, marks, sessions) on data.evidence_week to doorstep_definer;
grant insert (referral_id, school_urn, day, session, register_urn, frozen, was, is_now, figures, still_met, lane,
	client_id) on data.evidence_change to doorstep_definer;
grant update (manifest_sha256) on data.referral to doorstep_definer;
grant execute on function data.monday_of(date), data.sessions_between(date, date, date), data.session_count(int),
	data.session_day(date, int), data.session_of(int), data.code_of(text), data.percentage(bigint, bigint),
	data.school_year_of(date), data.months_before(date, int), data.sessions_marked(text, text),
	data.sessions_missing(text, int, int, int), data.stay_weeks(date, date, int, bigint[]),
	data.pupil_weeks(date, date, bigint[]), data.expect_rows(boolean), data.stay_sums(date, date, int, bigint[]),
	data.pupils_of_two_schools(date, date, bigint[]), data.pupil_sums(date, date, bigint[]),
	data.penalty_spans(date, int), data.pupil_sessions(bigint, date, date),
	data.figures(bigint, bigint, bigint, bigint, bigint), data.figures_of(bigint, date, date),
	data.agreement_steps(bigint), data.agreement_rounds(bigint), data.marks_text(bigint, date, date),
	data.try_no_marks(data.promise, bigint, date, date), data.try_attendance(data.promise, bigint, date, date, date),
	data.try_in_on_time(data.promise, bigint, date, date), data.promise_try(data.promise, data.agreement, int, date, date),
	data.promise_test_keep(data.promise_test), data.agreement_breaches_of(bigint, int, date, date),
	data.agreement_followed_round(data.agreement), data.agreement_waived(data.agreement, text),
	data.on_roll_until(bigint, int), data.agreement_breaches(bigint, int), data.agreement_breach_at(bigint, int),
	data.agreement_due(data.agreement, data.clause, timestamptz, int),
	data.letter_recipients(bigint, int), data.day_words(date),
	data.reminder_text(data.agreement, jsonb), data.letter_figures(data.agreement),
	data.reminder_breaches(data.agreement),
	data.letter_draft_reminder(data.agreement, data.duty), data.referral_rules(int[], date),
	data.compulsory_age(date, date),
	data.is_below(bigint, bigint, int), data.is_lower(bigint, bigint, bigint, bigint),
	data.referral_spans(int[], date, int),
	data.referral_suspects(jsonb, date, date, int), data.schools_marked(date, date),
	data.referral_sums(jsonb, date, date, bigint[]),
	data.referral_found(int[], bigint[], date, int), data.referral_rule_words(int, int, text),
	data.referral_near(int[], bigint[], date), data.visits_text(bigint, int, date, date),
	data.agreements_text(bigint, int, date), data.letters_text(bigint, int, date),
	data.referral_missing(bigint, int, date, text[], bigint, bigint, boolean, bigint),
	data.referral_lane(boolean, bigint, bigint),
	data.legal_referrals(int[], bigint[], date, boolean), data.xml_text(text), data.evidence_months(data.referral),
	data.evidence_attendance(data.referral),
	data.evidence_visits(data.referral), data.evidence_agreements(data.referral), data.evidence_letters(data.referral),
	data.evidence_notices(data.referral), data.evidence_people(data.referral), data.evidence_policy(data.referral),
	data.evidence_parts(data.referral), data.evidence_manifest(bigint),
	data.evidence_changed(data.evidence_week, text, text) to doorstep_definer;
-- Subject access: what is held about a person, gathered and frozen.
grant select on data.post, data.enrolment, data.contact, data.social_worker, data.visit, data.visit_pupil,
	data.team_member,
	data.deviation, data.approval_request, data.approval_decision, data.delegation, data.risk_assessment,
	data.risk_hazard, data.hazard, data.visit_record, data.concern, data.external_referral, data.incident, data.accident,
	data.intervention, data.debrief, data.staff_check, data.training, data.policy_reading, data.vehicle, data.allergy,
	data.next_of_kin, data.subject_request, data.subject_item, data.redaction to doorstep_definer;
grant select (event_id, visit_id, school_urn, kind, at, note, by_staff_id, means, because, clause, part, expected_at,
	emergency_reason, recorded_at) on data.event to doorstep_definer;
grant insert (subject, subject_id, schools, scopes, received_on, requester, note, by_staff_id, client_id)
	on data.subject_request to doorstep_definer;
grant insert (request_id, item_no, kind, record, school_urn, at, scopes, content)
	on data.subject_item to doorstep_definer;
grant execute on function data.subject_text(jsonb), data.subject_staff_columns(), data.words_plain(text),
	data.words_pattern(text), data.says_words(jsonb, text[]), data.words_clean(text), data.subject_sources_of_pupil(),
	data.subject_sources_of_contact(), data.subject_sources_of_staff(), data.subject_gone(text, text, text),
	data.trail_earlier(jsonb, jsonb, bigint), data.mark_note_days(bigint), data.subject_columns(regclass),
	data.subject_query(record, text[]), data.rejection_school(bigint, jsonb),
	data.subject_sources(data.subject_kind), data.subject_fields(regclass, boolean, text[]), data.subject_key(regclass),
	data.subject_gathered(data.subject_kind, bigint), data.subject_schools(data.subject_kind, bigint) to doorstep_definer;
-- What is counted for those who may not read it.
grant execute on function data.visits_counted(int[], timestamptz, timestamptz),
	data.is_outside(data.duty_state, timestamptz),
	data.records_late(int[], timestamptz, timestamptz), data.escalations_timed(int[], date, date), data.staff_facts(date),
	data.policy_reviews(date), data.concerns_open(), data.age_words(int),
	data.governors_visits(int[], timestamptz, timestamptz), data.governors_alarms(int[], date, date),
	data.governors_readiness(int[], date), data.governors_families(int[], date, date) to doorstep_definer;
-- Exports that are made later, and schedules.
grant select, insert, update on data.export, data.schedule to doorstep_definer;
grant select, insert, delete on data.export_piece, data.export_opening to doorstep_definer;
grant execute on function auth.random_secret(), data.schedule_next(data.schedule_every, int, time, timestamptz),
	data.schedule_days(data.schedule_window, date), data.schedule_path(data.schedule, date),
	data.export_why_not(data.export), data.export_words(data.export, bigint),
	data.export_reader(bigint, text, text, text), data.export_holder(data.export),
	data.export_read_as(data.export) to doorstep_definer;
-- Retention: what is due and what holds it, and disposal.
grant select on data.retention_rule, data.legal_hold, data.disposal, data.disposal_item, data.register_week,
	data.idempotency to doorstep_definer;
grant insert (subject, subject_id, schools, reason, until_on, by_staff_id, client_id)
	on data.legal_hold to doorstep_definer;
grant insert (schools, reason, by_staff_id, client_id), update (decided_at, decided_by, refused_why, withdrawn_at,
	withdrawn_by, withdrawn_why, run_in, counts, erased, done_at) on data.disposal to doorstep_definer;
grant insert (disposal_id, position, kind, record_id, schools, rule_id, kept_until, named),
	update (state, kept_why, ended_at) on data.disposal_item to doorstep_definer;
grant update (replaces) on data.risk_assessment to doorstep_definer;
grant update (agreement_id) on data.visit to doorstep_definer;
grant delete on data.idempotency to doorstep_definer;
grant execute on function data.disposing(), data.left_roll(bigint[]), data.left_post(bigint),
	data.retention_kinds(), data.retention_starts(), data.retention_parts(), data.retention_let_go(),
	data.retention_ties(), data.kept_until(date, int, boolean), data.retention_rules(data.retention_kind, date),
	data.holds_standing(date), data.retention_keys_sql(data.retention_kind),
	data.retention_belongs_sql(data.retention_kind), data.retention_one_of(text),
	data.retention_sql(data.retention_kind, boolean), data.retention_rule_sql(data.retention_kind),
	data.retention_weighed(data.retention_kind, date, text[], int[], int, boolean, bigint, int),
	data.retention_trail_key(text), data.retention_trail_keys(data.retention_kind, text, text, text[]),
	data.retention_take_out(data.retention_kind, text[], text), data.change_forget(data.retention_kind, bigint[]),
	data.copies_forget(int[]), data.retention_lock(boolean),
	data.disposal_candidates(data.retention_kind, int, text[], int),
	data.disposal_locked(bigint, data.disposal_state[], text, text),
	data.disposal_keep(bigint, data.retention_kind, text[]),
	data.disposal_take(bigint, data.retention_kind, text[]), data.retention_looks(data.retention_kind, text[]),
	data.retention_scopes(), data.retention_opens(data.retention_kind), data.held_words(text[]),
	data.retention_goes_with(text, bigint) to doorstep_definer;
