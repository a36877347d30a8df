-- Two pupils over ten weeks: one is there nearly always, one is ill for three weeks and otherwise often absent without leave.
-- Others were absent likewise: one has left, one went to another school in the last of the weeks, one left and is back; of one
-- that was in the autumn of 2024.
select t.school(900001, 'potton') as school, t.pupil(1, 900001, 'Always') as always, t.pupil(2, 900001, 'Seldom') as seldom \gset
select t.marks(:always, :school, d::date, case when d = '2026-01-12' then '/\MM/\/\/\' else '/\/\/\/\/\' end)
  from generate_series('2026-01-05'::date, '2026-03-09', '7 days') as d \g /dev/null
select t.marks(:seldom, :school, d::date, case when d < '2026-01-26' then 'IIIIIIIIII' when d = '2026-03-09' then '/\OONN/\/\' else '/\OO/\/\UO' end)
  from generate_series('2026-01-05'::date, '2026-03-09', '7 days') as d \g /dev/null
select t.school(900002, 'potton') as other, t.pupil(3, 900001, 'Left') as gone, t.pupil(4, 900001, 'Moved') as moved,
       t.pupil(5, 900001, 'Returned') as returned, t.pupil(6, 900001, 'Before') as earlier \gset
select t.marks(p, :school, d::date, '/\OO/\/\OO')
  from unnest(array[:gone, :moved, :returned]) as p, generate_series('2026-01-05'::date, '2026-01-26', '7 days') as d \g /dev/null
select t.marks(:earlier, :school, d::date, case when d < '2024-10-01' then 'OOOO/\/\/\' else '/\/\/\/\/\' end)
  from generate_series('2024-09-09'::date, '2024-12-09', '7 days') as d \g /dev/null
update data.enrolment set left_on = '2026-03-12' where pupil_id = :gone;
update data.enrolment set left_on = '2026-03-06' where pupil_id = :moved;
update data.enrolment set left_on = '2026-02-06' where pupil_id = :returned;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:moved, :other, '4', '2026-03-09'), (:returned, :school, '4', '2026-03-02');
select t.marks(:moved, :other, '2026-03-09', '/\/\/\/\/\') \g /dev/null
