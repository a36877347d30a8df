-- Two visits that were written up under the policy of TKAT, which asks for it within a day, the first of them three days later.
select t.school(900001, 'tkat') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as late, t.visit(:school, :pupil, :staff) as soon \gset
insert into data.event (visit_id, school_urn, kind, at, client_id)
select v, :school, k::data.event_kind, at::timestamptz, 'example'
  from unnest(array[:late, :soon]) as v, (values ('departed', '2026-01-13T09:10Z'), ('arrived', '2026-01-13T09:30Z'), ('left', '2026-01-13T10:00Z'),
	('returned', '2026-01-13T10:20Z')) as e (k, at) order by v, at;
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id, recorded_at) values
	(:late, :school, :staff, '2026-01-16T10:20Z', 'seen_family', 'All is well.', 'cpoms', 'example', '2026-01-16T10:20Z'),
	(:soon, :school, :staff, '2026-01-13T11:20Z', 'seen_family', 'All is well.', 'cpoms', 'example', '2026-01-13T11:20Z');
select duty.weigh(visit_id) from data.visit \g /dev/null
