-- Two pupils over ten weeks: one is there nearly always, one is ill for three weeks and otherwise often absent without leave.
select t.school(900001, 'potton') as school, t.pupil(1, 900001, 'Always') as always, t.pupil(2, 900001, 'Seldom') as seldom \gset
select t.marks(:always, :school, d::date, case when d = '2026-01-12' then '/\MM/\/\/\' else '/\/\/\/\/\' end)
  from generate_series('2026-01-05'::date, '2026-03-09', '7 days') as d \g /dev/null
select t.marks(:seldom, :school, d::date, case when d < '2026-01-26' then 'IIIIIIIIII' when d = '2026-03-09' then '/\OONN/\/\' else '/\OO/\/\UO' end)
  from generate_series('2026-01-05'::date, '2026-03-09', '7 days') as d \g /dev/null
