-- The program records: reads the directory, plans and records visits.
grant usage on schema data, api, auth, audit to doorstep_records;
grant execute on all functions in schema api to doorstep_records;
grant execute on function auth.begin(text, text, text), auth.client_id(), auth.schools(),
	auth.sees_all_schools(), data.rfc3339(timestamptz), data.moment_first(text), data.moment_end(text),
	data.visit_state_of(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz),
	audit.access_append(text, jsonb, text, bigint) to doorstep_records;
grant select on data.school, data.staff, data.post, data.pupil, data.enrolment, data.contact,
	data.visit, data.visit_pupil, data.team_member, data.event, data.idempotency to doorstep_records;
grant select on all tables in schema api to doorstep_records;
grant insert (school_urn, purpose, planned_start, planned_end, address, postcode, announced, parents_told_by,
	vehicle_make, vehicle_model, vehicle_registration, vehicle_colour)
	on data.visit to doorstep_records;
grant update (purpose, planned_start, planned_end, address, postcode, announced, parents_told_by,
	vehicle_make, vehicle_model, vehicle_registration, vehicle_colour,
	departed_at, arrived_at, left_at, returned_at, cancelled_at, cancel_reason)
	on data.visit to doorstep_records;
grant insert (visit_id, school_urn, pupil_id, position), delete on data.visit_pupil to doorstep_records;
grant insert (visit_id, school_urn, position, staff_id, name, organisation, role, lead, phone), delete
	on data.team_member to doorstep_records;
grant insert (visit_id, school_urn, kind, at, note, client_id) on data.event to doorstep_records;
grant insert (client_id, key, request_hash, status, location, etag, body), update (created_at), delete
	on data.idempotency to doorstep_records;
