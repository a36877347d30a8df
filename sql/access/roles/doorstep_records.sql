-- The program records: reads the directory, plans and records visits.
grant usage on schema data, api, auth, audit, duty, watch to doorstep_records;
grant execute on function watch.seen_at(), watch.delay() to doorstep_records;
grant execute on all functions in schema api to doorstep_records;
grant execute on function data.policy_of(int, date), data.version_in_force(text, date), data.hazards_of(bigint),
	data.weigh_visits(bigint[]),
	data.place_key(text, text), data.person_key(text, text, text),
	data.day_of(timestamptz), data.lasts(date), auth.has_moved_on(bigint, date), auth.reaches_family(bigint, date),
	auth.school_reaches(bigint, int), auth.works_on(bigint, date), auth.keeps_staff(bigint, date),
	auth.begin(text, text, text, text, text), auth.client_id(),
	auth.staff_id(),
	auth.in_own_name(bigint), data.retention_opens(data.retention_kind), data.retention_kinds(), data.retention_scopes(),
	auth.schools(), auth.schools_with(text), auth.reaches_all(text, boolean), auth.own_visits(), auth.own_pupils(),
	auth.sees_all_schools(), data.rfc3339(timestamptz), data.moment_first(text), data.moment_end(text),
	auth.has_scope(text[]), data.event_is_once(data.event_kind), data.code_word_set(bigint, text),
	duty.weigh(bigint), duty.unmet(bigint, data.duty_gate[]), duty.told(data.duty[]),
	duty.state(data.duty, timestamptz), duty.clauses_closed(boolean), duty.weigh_open(int, timestamptz),
	duty.helpers(bigint),
	duty.checked(bigint), duty.weigh_agreement(bigint), data.agreement_test(bigint, date),
	data.letter_figures_seen(bigint, int), data.reminder_holds(bigint),
	data.legal_referrals_seen(int, bigint[], date, boolean),
	data.referral_freeze(bigint), data.marks_held(), data.penalty_reached(bigint, int, date, date),
	data.penalty_days(bigint, bigint),
	data.penalty_number(date[], date), data.figures(bigint, bigint, bigint, bigint, bigint), data.percentage(bigint,
		bigint), data.xml_text(text),
	data.day_words(date), data.letter_recipients(bigint, int), data.evidence_manifest(bigint),
	auth.accounts_seen(), auth.account_add(bigint), auth.account_invite(bigint), auth.account_shut(bigint, boolean),
	auth.account_totp_remove(bigint),
	audit.access_append(text, jsonb, text, bigint) to doorstep_records;
grant select on data.school, data.staff, data.post, data.pupil, data.enrolment, data.contact, data.social_worker,
	data.policy, data.policy_version, data.clause_kind, data.clause, data.rule_left_out, data.adoption,
	data.visit, data.visit_pupil, data.team_member, data.duty, data.deviation,
	data.approval_request, data.approval_decision, data.delegation,
	data.risk_assessment, data.risk_hazard, data.hazard, data.visit_record, data.concern, data.external_referral,
	data.incident, data.accident, data.intervention, data.debrief, data.staff_check, data.training,
	data.policy_reading, data.vehicle, data.allergy, data.next_of_kin, data.escalation, data.rung,
	data.notification, data.idempotency, data.agreement, data.promise, data.promise_test, data.letter, data.referral,
	data.referral_rule, data.evidence_part, data.evidence_change, data.penalty_notice, data.improvement_notice,
	data.attendance_code to doorstep_records;
-- All of an event but whether it held the code word.
grant select (event_id, visit_id, school_urn, kind, at, note, by_staff_id, means, because, clause, part,
	expected_at, emergency_reason, recorded_at, client_id) on data.event to doorstep_records;
grant select on all tables in schema api to doorstep_records;
grant insert (school_urn, purpose, planned_start, planned_end, return_by, address, postcode, announced,
	parents_told_by, parents_agreed, unannounced_reason, necessity, out_of_hours_reason, responsible_contact,
	plan, child_protection, transports_pupil, drill, agreement_id,
	vehicle_make, vehicle_model, vehicle_registration, vehicle_colour, planned_by)
	on data.visit to doorstep_records;
grant update (purpose, planned_start, planned_end, return_by, address, postcode, announced,
	parents_told_by, parents_agreed, unannounced_reason, necessity, out_of_hours_reason, responsible_contact,
	plan, child_protection, transports_pupil, agreement_id,
	vehicle_make, vehicle_model, vehicle_registration, vehicle_colour, plan_changed_at,
	departed_at, arrived_at, left_at, returned_at, cancelled_at, cancel_reason, declined_at, aborted_at, end_reason)
	on data.visit to doorstep_records;
grant insert (visit_id, school_urn, pupil_id, position), delete on data.visit_pupil to doorstep_records;
grant insert (visit_id, school_urn, position, staff_id, name, organisation, role, lead, phone), delete
	on data.team_member to doorstep_records;
grant insert (visit_id, school_urn, kind, at, note, by_staff_id, means, because, clause, part, expected_at,
	emergency_reason, client_id) on data.event to doorstep_records;
grant insert (visit_id, agreement_id, school_urn, clause, part, kind, by_staff_id, reason, emergency, until_on, at,
	client_id) on data.deviation to doorstep_records;
grant insert (visit_id, school_urn, by_staff_id, note, at, client_id) on data.approval_request to doorstep_records;
grant insert (visit_id, school_urn, request_id, decision, by_staff_id, role, for_staff_id, lone, note,
	emergency_reason, at, client_id) on data.approval_decision to doorstep_records;
grant insert (school_urn, from_staff_id, to_staff_id, role, from_on, until_on), update (until_on)
	on data.delegation to doorstep_records;
grant insert (school_urn, follows_from, policy_code), update (policy_code) on data.adoption to doorstep_records;
grant insert (school_urn, kind, visit_id, pupil_id, staff_id, by_staff_id, level, staff_needed, proceed, notes,
	review_on, replaces, at, client_id) on data.risk_assessment to doorstep_records;
grant insert (assessment_id, school_urn, position, kind, hazard, who, how, level, reduction, success)
	on data.risk_hazard to doorstep_records;
grant insert (school_urn, kind, address, postcode, contact_id, place_key, person_key, go_in_pairs, control, story,
	by_staff_id, review_on), update (kind, go_in_pairs, control, story, review_on, ended_on)
	on data.hazard to doorstep_records;
grant insert (staff_id, level, barred_list, checked_on, valid_until), update (valid_until)
	on data.staff_check to doorstep_records;
grant insert (staff_id, course, completed_on, valid_until), update (valid_until) on data.training to doorstep_records;
grant insert (staff_id, policy_version_id, read_on), update (read_on) on data.policy_reading to doorstep_records;
grant insert (staff_id, make, model, registration, colour, insured_from, insured_until, business_use),
	update (insured_until, business_use) on data.vehicle to doorstep_records;
grant insert (staff_id, allergen, from_on, until_on), update (until_on) on data.allergy to doorstep_records;
grant insert (staff_id, name, phone, from_on, until_on),
	update (phone, until_on) on data.next_of_kin to doorstep_records;
grant insert (pupil_id, name, phone, from_on, until_on),
	update (phone, until_on) on data.social_worker to doorstep_records;
grant insert (visit_id, school_urn, by_staff_id, at, outcome, notes, family_views, barriers, support, spoke_to,
	pupil_seen, kept_in, reference, shared_with, kept, next_visit_on,
		client_id) on data.visit_record to doorstep_records;
grant insert (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, told_staff_id, told_at, police_at,
	client_id) on data.concern to doorstep_records;
grant insert (visit_id, school_urn, nature, by_staff_id, at, text, told_staff_id, told_at, route, police_at,
	client_id) on data.incident to doorstep_records;
grant insert (visit_id, school_urn, by_staff_id, at, who, text, treatment,
	client_id) on data.accident to doorstep_records;
grant insert (visit_id, school_urn, pupil_id, by_staff_id, at, text, why, injury, told_staff_id, told_at, client_id)
	on data.intervention to doorstep_records;
grant insert (visit_id, school_urn, staff_id, by_staff_id, at, held_at, note,
	client_id) on data.debrief to doorstep_records;
grant insert (visit_id, school_urn, pupil_id, by_staff_id, at, agency, text, reference, client_id)
	on data.external_referral to doorstep_records;
grant update (tried_at, by_staff_id, result, note) on data.rung to doorstep_records;
grant update (accepted_at, accepted_by, resolved_at, resolved_by, resolution) on data.notification to doorstep_records;
grant insert (client_id, key, request_hash, status, location, etag, body), update (created_at), delete
	on data.idempotency to doorstep_records;
-- Agreements, letters, referrals, notices: what a person says of them.
grant insert (school_urn, pupil_id, visit_id, made_on, made_at_place, by_staff_id, made_with, barriers, support,
	kept_in,
	reference, from_on, review_on, renews_id, policy_version_id, client_id),
	update (barriers, support, kept_in, reference, review_on, renewed_on, ended_on, end_reason, ended_by)
	on data.agreement to doorstep_records;
grant insert (agreement_id, school_urn, position, side, kind, words, codes, days, of_days, percent, until_on, due_on,
	owner_staff_id, owner_name), update (state, decided_on, note, settled_by) on data.promise to doorstep_records;
grant insert (school_urn, pupil_id, kind, agreement_id, visit_id, recipients, subject, text, figures, by_staff_id,
	client_id), update (recipients, subject, text, edited, by_staff_id, sent_on, sent_by, page, withdrawn_at,
	withdrawn_why)
	on data.letter to doorstep_records;
grant insert (school_urn, pupil_id, agreement_id, rule, policy_version_id, clause, as_of, window_start, window_end,
	evidence_from, figures,
	lane, safe_to_refer, missing, proposed_by, proposed_at, reason, client_id),
	update (decision, decided_by, decided_at, decision_reason, notified_at, notified_by, authority, notified_how,
		reference,
	outcome, outcome_on, outcome_note, withdrawn_at, withdrawn_by, withdrawn_why) on data.referral to doorstep_records;
grant insert (from_on, months, below_percent, falling, reason, client_id) on data.referral_rule to doorstep_records;
grant insert (school_urn, pupil_id, contact_id, person_key, issued_on, number, first_week, last_week, sessions,
	unresolved,
	amount, reduced, pay_by, reduced_by, by_staff_id, reference, client_id),
	update (reference, paid_on, withdrawn_on, withdrawn_why) on data.penalty_notice to doorstep_records;
grant insert (school_urn, pupil_id, issued_on, ends_on, record, support, further_support, improvement, letter_id,
	by_staff_id, client_id), update (letter_id, result, result_on, result_note)
		on data.improvement_notice to doorstep_records;
-- What was known at a moment: of the rows as they were what may be read of the rows as they are.
grant usage on schema was, past to doorstep_records;
grant execute on all functions in schema was, past to doorstep_records;
grant select on all tables in schema past to doorstep_records;
grant select on was.visit, was.visit_pupil, was.team_member, was.duty, was.agreement, was.promise, was.promise_test,
	was.post, was.staff, was.enrolment, was.pupil, was.event, was.deviation, was.risk_assessment,
	was.risk_hazard to doorstep_records;
-- Subject access: read, marked and packed; made by its function alone.
grant execute on function data.subject_gather(jsonb), data.subject_scopes_missing(bigint),
	data.subject_shown(bigint, int, int),
	data.redactions_standing(bigint), data.withhold(text, text[], text[], data.withheld_reason[]),
	data.words_pattern(text),
	data.words_plain(text), data.words_bare(text), data.words_clean(text), data.words_core(text),
	data.words_withheld(data.redaction[]), data.words_withheld_everywhere(bigint),
	data.withheld_labels(data.withheld_reason[]), data.item_may_say(data.subject_item, text[]),
	data.item_fields(data.subject_item, data.redaction[], text[], text[], data.withheld_reason[]),
	data.subject_limits(data.subject_kind), auth.kinds_opened(boolean), auth.scopes(), data.redaction_item(bigint),
	data.withheld_words(data.withheld_reason), data.withheld_source(data.withheld_reason),
	data.subject_due(date, int), data.xml_text(text) to doorstep_records;
grant select on data.subject_request, data.subject_item, data.redaction to doorstep_records;
grant update (extended_on, extended_by, extended_why, reviewed_at, reviewed_by, released_at, released_by, withdrawn_at,
	withdrawn_by, withdrawn_why) on data.subject_request to doorstep_records;
grant insert (request_id, item_no, field, words, reason, note, lifts, by_staff_id, client_id)
	on data.redaction to doorstep_records;
-- Retention: rules are set, holds lifted; what is due is worked out, and disposed of, by functions.
grant execute on function data.retention_lock(boolean), data.retention_scopes(), data.retention_kinds(),
	data.retention_starts(),
	data.retention_due_seen(data.retention_kind, int, bigint, int),
	data.retention_why_seen(text, text), data.hold_place(jsonb), data.disposal_ask(jsonb),
	data.disposal_decide(bigint, bigint, text), data.disposal_withdraw(bigint, bigint, text),
	data.disposal_run(bigint, int) to doorstep_records;
grant select on data.retention_rule, data.legal_hold, data.disposal, data.disposal_item to doorstep_records;
grant insert (kind, school_urn, from_on, starts, months, year_end, what_then, source, by_staff_id, client_id)
	on data.retention_rule to doorstep_records;
grant update (lifted_at, lifted_by, lifted_why) on data.legal_hold to doorstep_records;
