-- Three visits: two met the family, one is not written up yet.
select t.school(900001, 'tkat') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as first, t.visit(:school, :pupil, :staff) as second, t.visit(:school, :pupil, :staff) as third \gset
insert into data.event (visit_id, school_urn, kind, at, client_id)
select v, :school, 'departed', '2026-01-13T09:10Z', 'example' from unnest(array[:first, :second, :third]) as v;
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id)
select v, :school, :staff, '2026-01-13T11:20Z', 'seen_family', 'All is well.', 'cpoms', 'example' from unnest(array[:first, :second]) as v;
