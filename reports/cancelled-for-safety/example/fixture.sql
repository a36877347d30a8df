-- One visit was broken off because of a dog; one was cancelled for another reason, and is not shown.
select t.school(900001, 'tkat') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as dog, t.visit(:school, :pupil, :staff) as asked \gset
insert into data.event (visit_id, school_urn, kind, at, client_id, because, note) values
	(:dog, :school, 'departed', '2026-01-13T09:10Z', 'example', null, null), (:dog, :school, 'arrived', '2026-01-13T09:30Z', 'example', null, null),
	(:dog, :school, 'aborted', '2026-01-13T09:35Z', 'example', 'dangerous_animal', 'A dog at the gate'),
	(:asked, :school, 'cancelled', '2026-01-13T08:35Z', 'example', 'family_asked', 'They are away');
