-- Under the policy of Morecambe Road, which asks for two; the second visit has them; a drill counts for nothing, nor does
-- a visit that was cancelled. One was made, one may yet be.
select t.school(900001, 'morecambe') as school, t.staff('V', 900001, 'Alone') as staff, t.staff('W', 900001, 'Other') as other, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as alone, t.visit(:school, :pupil, :staff) as two, t.visit(:school, :pupil, :staff) as drill,
       t.visit(:school, :pupil, :staff) as made, t.visit(:school, :pupil, :staff) as cancelled \gset
insert into data.team_member (visit_id, school_urn, position, staff_id) values (:two, :school, 2, :other);
update data.visit set drill = true where visit_id = :drill;
select duty.weigh(visit_id) from data.visit \g /dev/null
insert into data.event (visit_id, school_urn, kind, at, client_id, because, note) values
	(:made, :school, 'departed', '2026-01-13T09:10Z', 'example', null, null), (:cancelled, :school, 'cancelled', '2026-01-13T08:00Z', 'example', 'family_asked', 'They asked');
