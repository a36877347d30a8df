-- The program reports: reads, and appends access entries.
grant usage on schema data, api, auth, audit to doorstep_reports;
grant execute on all functions in schema api to doorstep_reports;
grant execute on function auth.begin(text, text, text), auth.client_id(), auth.schools(),
	auth.sees_all_schools(), data.rfc3339(timestamptz), data.moment_first(text), data.moment_end(text),
	audit.access_append(text, jsonb, text, bigint) to doorstep_reports;
grant select on data.school, data.staff, data.post, data.pupil, data.enrolment, data.contact,
	data.visit, data.visit_pupil, data.team_member, data.event to doorstep_reports;
grant select on all tables in schema api to doorstep_reports;
