-- Of three visits one is in the evening, one on a Saturday; one in school hours is not shown.
select t.school(900001, 'tkat') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) as evening, t.visit(:school, :pupil, :staff) as saturday, t.visit(:school, :pupil, :staff) as in_hours \gset
update data.visit set planned_start = '2026-01-14T16:00Z', planned_end = '2026-01-14T18:30Z', out_of_hours_reason = 'The parents work in the day'
 where visit_id = :evening;
update data.visit set planned_start = '2026-01-17T10:00Z', planned_end = '2026-01-17T10:30Z' where visit_id = :saturday;
select duty.weigh(visit_id) from data.visit \g /dev/null
