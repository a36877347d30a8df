-- What the security definer functions need, and no more.
grant usage on schema data, auth, audit, duty, watch to doorstep_definer;
grant select on data.school, data.staff, data.pupil to doorstep_definer;
grant update (updated_at) on data.pupil, data.staff to doorstep_definer;
grant execute on function data.upn_problem(text), data.upn_check_letter(text), data.policy_of(int, date),
	data.version_in_force(text, date),
	data.day_of(timestamptz), data.place_key(text, text), data.person_key(text, text, text),
		data.same_place(text, text), data.plain_words(text),
	data.rfc3339(timestamptz), data.event_is_once(data.event_kind) to doorstep_definer;
grant select on auth.client, auth.client_school to doorstep_definer;
grant select, delete on auth.token to doorstep_definer;
grant insert (token_hash, client_id, scopes, expires_at) on auth.token to doorstep_definer;
grant update (revoked_at) on auth.token to doorstep_definer;
grant insert (client_id, request_id, action, record, key, school_urn, before, after)
	on audit.entry to doorstep_definer;
grant insert (client_id, request_id, resource, filters, format, row_count)
	on audit.access to doorstep_definer;
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
