-- Under the policy of Morecambe Road, which asks for two; the second visit has them, and a drill counts for nothing.
select t.school(900001, 'morecambe') as school, t.staff('V', 900001, 'Alone') as staff, t.staff('W', 900001, 'Other') as other, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as alone, t.visit(:school, :pupil, :staff) as two, t.visit(:school, :pupil, :staff) as drill \gset
insert into data.team_member (visit_id, school_urn, position, staff_id) values (:two, :school, 2, :other);
update data.visit set drill = true where visit_id = :drill;
select duty.weigh(visit_id) from data.visit \g /dev/null
