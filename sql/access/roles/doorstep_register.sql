-- The program register: brings the directory in from files, and tells what changed.
grant usage on schema data, api, auth to doorstep_register;
grant execute on all functions in schema api to doorstep_register;
grant execute on function data.policy_of(int, date), data.person_key(text, text, text),
	data.version_in_force(text, date), data.day_of(timestamptz), auth.begin(text, text, text),
	auth.client_id(), auth.schools(),
	auth.sees_all_schools(), data.upn_problem(text), data.upn_check_letter(text),
	data.schools_known(text[]), data.staff_known(text[]), data.pupils_known(text[]),
	auth.has_scope(text[]), data.change_head(), data.change_ahead(bigint[], int), data.rfc3339(timestamptz)
	to doorstep_register;
grant select on data.school, data.staff, data.post, data.pupil, data.enrolment, data.contact,
	data.policy, data.policy_version, data.adoption, data.idempotency, data.change to doorstep_register;
grant usage on sequence data.staff_staff_id_seq, data.pupil_pupil_id_seq to doorstep_register;
grant insert (urn, laestab, name, phase, day_starts, day_ends), update (laestab, name, phase, day_starts, day_ends)
	on data.school to doorstep_register;
grant insert (school_urn, follows_from, policy_code), update (policy_code) on data.adoption to doorstep_register;
grant insert (staff_id, staff_code, given_name, family_name, email, phone),
	update (given_name, family_name, email, phone) on data.staff to doorstep_register;
grant insert (staff_id, school_urn, roles), update (roles) on data.post to doorstep_register;
grant insert (pupil_id, upn, given_name, family_name, date_of_birth, address, postcode),
	update (given_name, family_name, date_of_birth, address, postcode) on data.pupil to doorstep_register;
grant insert (pupil_id, school_urn, year_group, admitted_on, left_on),
	update (year_group, admitted_on, left_on) on data.enrolment to doorstep_register;
grant insert (pupil_id, given_name, family_name, relationship, parental_responsibility, phone, email, language),
	update (given_name, family_name, relationship, parental_responsibility, phone, email, language)
	on data.contact to doorstep_register;
grant insert (client_id, key, request_hash, status, location, etag, body), update (created_at), delete
	on data.idempotency to doorstep_register;
