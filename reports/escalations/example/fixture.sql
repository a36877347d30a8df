-- A search that reached the team at its second rung, and a drill that reached nobody.
select t.school(900001, 'tkat') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as visit \gset
insert into data.escalation (escalation_id, visit_id, school_urn, cause, due_at, opened_at, closed_at, resolution, drill) values
	(1, :visit, :school, 'overdue', '2026-01-13T10:30Z', '2026-01-13T10:30:30Z', '2026-01-13T10:43Z', 'The team was reached', false),
	(2, :visit, :school, 'help', '2026-01-14T10:30Z', '2026-01-14T10:30Z', null, null, true);
insert into data.rung (escalation_id, position, school_urn, words, roles, due_at, raised_at, tried_at, by_staff_id, result) values
	(1, 1, :school, 'Call the team', '{office}', '2026-01-13T10:30Z', '2026-01-13T10:30:30Z', '2026-01-13T10:32Z', :staff, 'no_answer'),
	(1, 2, :school, 'Call the head', '{headteacher}', '2026-01-13T10:40Z', '2026-01-13T10:40Z', '2026-01-13T10:43Z', :staff, 'team_reached'),
	(2, 1, :school, 'Call the team', '{office}', '2026-01-14T10:30Z', '2026-01-14T10:30Z', null, null, null);
