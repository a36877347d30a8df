-- The program register: brings the directory and the register in from files, answers what the register
-- says, with an access entry where that is about single children, and tells what changed.
grant usage on schema data, api, auth, audit to doorstep_register;
grant execute on all functions in schema api to doorstep_register;
grant execute on function data.policy_of(int, date), data.person_key(text, text, text),
	data.version_in_force(text, date), data.day_of(timestamptz), auth.begin(text, text, text, text, text),
	auth.client_id(), auth.schools(), auth.staff_id(), auth.schools_with(text), auth.reaches_all(text, boolean),
	auth.own_visits(), auth.own_pupils(),
	auth.sees_all_schools(), auth.has_moved_on(bigint, date), auth.reaches_family(bigint, date),
	auth.works_on(bigint, date), auth.keeps_staff(bigint, date), data.lasts(date),
	auth.rights(), data.upn_problem(text), data.upn_check_letter(text),
	data.schools_known(text[]), data.staff_known(text[]), data.pupils_known(text[]),
	data.monday_of(date), data.sessions_between(date, date, date), data.session_count(int), data.session_day(date, int),
	data.session_of(int), data.session_number(date, date, data.session), data.code_of(text), data.symbol_of(text, date),
	data.session_step(text, name), data.forget_rejections(),
	auth.has_scope(text[]), data.change_head(), data.change_ahead(bigint[], int),
	data.mark_sessions(text[]), data.percentage(bigint, bigint), data.rfc3339(timestamptz),
	data.school_year_of(date), data.sessions_marked(text, text), data.sessions_missing(text, int, int, int),
	data.stay_weeks(date, date, int, bigint[]), data.pupil_weeks(date, date, bigint[]),
	data.expect_rows(boolean), data.stay_sums(date, date, int, bigint[]), data.pupils_of_two_schools(date, date, bigint[]),
	data.pupil_sums(date, date, bigint[]), data.penalty_spans(date, int), data.sickness(date, date, int, int),
	audit.access_append(text, jsonb, text, bigint) to doorstep_register;
grant select on data.school, data.staff, data.post, data.pupil, data.enrolment, data.contact,
	data.policy, data.policy_version, data.adoption, data.idempotency, data.attendance_code, data.register_week,
	data.mark_note, data.mark_amendment, data.school_week, data.import, data.import_rejection, data.change
	to doorstep_register;
grant select on all tables in schema api to doorstep_register;
grant usage on sequence data.staff_staff_id_seq, data.pupil_pupil_id_seq to doorstep_register;
grant insert (urn, laestab, name, phase, day_starts, day_ends), update (laestab, name, phase, day_starts, day_ends)
	on data.school to doorstep_register;
grant insert (school_urn, follows_from, policy_code), update (policy_code) on data.adoption to doorstep_register;
grant insert (staff_id, staff_code, given_name, family_name, email, phone),
	update (given_name, family_name, email, phone) on data.staff to doorstep_register;
grant insert (staff_id, school_urn, roles, left_on), update (roles, left_on) on data.post to doorstep_register;
grant insert (pupil_id, upn, given_name, family_name, date_of_birth, address, postcode),
	update (given_name, family_name, date_of_birth, address, postcode) on data.pupil to doorstep_register;
grant insert (pupil_id, school_urn, year_group, admitted_on, left_on, mis_id),
	update (year_group, admitted_on, left_on, mis_id) on data.enrolment to doorstep_register;
grant insert (pupil_id, given_name, family_name, relationship, parental_responsibility, phone, email, language),
	update (given_name, family_name, relationship, parental_responsibility, phone, email, language)
	on data.contact to doorstep_register;
grant insert (client_id, key, request_hash, status, location, etag, body), update (created_at), delete
	on data.idempotency to doorstep_register;
-- Weeks of marks: the pupil, the school and the Monday of one stay what they are.
grant insert (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved, not_possible,
	administrative), update (marks, attended, authorised, unauthorised, unresolved, not_possible, administrative, decided)
	on data.register_week to doorstep_register;
grant insert (pupil_id, day, session, school_urn, minutes_late, comment), update (minutes_late, comment), delete
	on data.mark_note to doorstep_register;
grant insert (pupil_id, school_urn, day, session, was, is_now, reason, by_staff_id, import_id, client_id)
	on data.mark_amendment to doorstep_register;
grant insert (school_urn, week, held, marked), update (held, marked) on data.school_week to doorstep_register;
grant insert (kind, mode, dry_run, client_id, request_id, file_hash),
	update (state, report, row_count, accepted, problem, ended_at) on data.import to doorstep_register;
grant insert (import_id, position, line, field, detail, said) on data.import_rejection to doorstep_register;
-- What was known at a moment: of the rows as they were what may be read of the rows as they are.
grant usage on schema was, past to doorstep_register;
grant execute on all functions in schema was, past to doorstep_register;
grant select on all tables in schema past to doorstep_register;
grant select on was.post, was.staff, was.enrolment, was.pupil, was.register_week, was.mark_note, was.mark_amendment,
	was.school_week to doorstep_register;
