-- A visit that took place without what Rookeries asks for, one of whose duties was waived; one that has not begun.
select t.school(900001, 'rookeries') as school, t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as went, t.visit(:school, :pupil, :staff) as planned \gset
insert into data.deviation (visit_id, school_urn, clause, kind, by_staff_id, reason, at, client_id) values
	(:went, :school, 'knowledge', 'waived', :head, 'The head heard of it by telephone', '2026-01-13T09:00Z', 'example');
insert into data.event (visit_id, school_urn, kind, at, client_id) values (:went, :school, 'departed', '2026-01-13T09:10Z', 'example'),
	(:went, :school, 'arrived', '2026-01-13T09:30Z', 'example'), (:went, :school, 'left', '2026-01-13T10:00Z', 'example'),
	(:went, :school, 'returned', '2026-01-13T10:20Z', 'example');
select duty.weigh(visit_id) from data.visit \g /dev/null
