-- Of three visits one was announced, and one is of another day.
select t.school(900001, 'potton') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as announced, t.visit(:school, :pupil, :staff) as unannounced, t.visit(:school, :pupil, :staff) as later \gset
update data.visit set announced = false, unannounced_reason = 'parents_not_responding' where visit_id = :unannounced;
update data.visit set announced = false, unannounced_reason = 'emergency', planned_start = '2026-02-03T09:30Z', planned_end = '2026-02-03T10:00Z'
 where visit_id = :later;
select duty.weigh(visit_id) from data.visit \g /dev/null
