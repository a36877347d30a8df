-- What the security definer functions need, and no more.
grant usage on schema data, auth, audit to doorstep_definer;
grant select on data.school, data.staff, data.pupil to doorstep_definer;
grant update (updated_at) on data.pupil, data.staff to doorstep_definer;
grant execute on function data.upn_problem(text), data.upn_check_letter(text) to doorstep_definer;
grant select on auth.client, auth.client_school to doorstep_definer;
grant select, delete on auth.token to doorstep_definer;
grant insert (token_hash, client_id, scopes, expires_at) on auth.token to doorstep_definer;
grant update (revoked_at) on auth.token to doorstep_definer;
grant insert (client_id, request_id, action, record, key, school_urn, before, after)
	on audit.entry to doorstep_definer;
grant insert (client_id, request_id, resource, filters, format, row_count)
	on audit.access to doorstep_definer;
