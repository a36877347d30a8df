-- Nobody is doorstep_past: its views read rows and their trail for the program that asks.
grant usage on schema data, auth, audit, was, duty to doorstep_past;
grant execute on function duty.clauses_closed(boolean) to doorstep_past;
grant select on audit.entry, data.visit, data.visit_pupil, data.team_member, data.duty, data.agreement, data.promise,
	data.post, data.staff, data.enrolment, data.pupil, data.school_week, data.register_week, data.mark_note,
	data.deviation, data.risk_assessment, data.risk_hazard, data.promise_test, data.mark_amendment to doorstep_past;
grant select (event_id, visit_id, school_urn, kind, at, note, by_staff_id, means, because, clause, part,
	expected_at, emergency_reason, recorded_at, client_id) on data.event to doorstep_past;
