-- A visit that was made, one that is planned, and a drill, which is none.
select t.school(900001, 'tkat') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as made, t.visit(:school, :pupil, :staff) as planned, t.visit(:school, :pupil, :staff) as drill \gset
update data.visit set drill = true where visit_id = :drill;
insert into data.event (visit_id, school_urn, kind, at, client_id) values
	(:made, :school, 'departed', '2026-01-13T09:10Z', 'example'), (:made, :school, 'arrived', '2026-01-13T09:30Z', 'example'),
	(:made, :school, 'left', '2026-01-13T10:00Z', 'example'), (:made, :school, 'returned', '2026-01-13T10:20Z', 'example');
