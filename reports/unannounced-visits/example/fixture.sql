-- Of four visits one was announced, one is of another day, and one was cancelled.
select t.school(900001, 'potton') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as announced, t.visit(:school, :pupil, :staff) as unannounced, t.visit(:school, :pupil, :staff) as later,
       t.visit(:school, :pupil, :staff) as cancelled \gset
update data.visit set announced = false, unannounced_reason = 'parents_not_responding' where visit_id in (:unannounced, :cancelled);
update data.visit set announced = false, unannounced_reason = 'emergency', planned_start = '2026-02-03T09:30Z', planned_end = '2026-02-03T10:00Z'
 where visit_id = :later;
select duty.weigh(visit_id) from data.visit \g /dev/null
insert into data.event (visit_id, school_urn, kind, at, client_id, because, note) values (:cancelled, :school, 'cancelled', '2026-01-13T08:00Z', 'example', 'not_needed', 'Not needed');
