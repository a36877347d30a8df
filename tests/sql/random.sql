-- A random register of :pupils pupils at the schools 900001 to 900004, who are
-- present at the rate :present (an expression, of x.n), and what it
-- comes to by a slow computation that knows neither masks nor the functions on
-- them: one row for each mark, or session that should have one.  Included after
-- helpers.sql, setseed and the making of the schools.
--
--   slow_held     the sessions that each school held
--   slow          each session of a stay: pupil, school, class, whether open (N), a gap
--   slow_joined   likewise, the schools of a pupil joined

-- Pupils: one or two stays at a school, a third of them at two schools, some
-- at both at once.
create temporary table pupils as select n, nextval('data.pupil_pupil_id_seq') as id from generate_series(1, :pupils) as n;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on)
select p.id, 900001 + p.n % 4, (array['3', '4', null])[1 + p.n % 3]::data.year_group, '2024-01-01'::date + (random() * 500)::int,
       case when p.n % 5 > 1 then null else '2025-05-20'::date + (random() * 300)::int end
  from pupils p;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on)
select e.pupil_id, e.school_urn, '5', e.left_on + 1 + (random() * 60)::int
  from data.enrolment e where e.left_on is not null and e.pupil_id % 2 = 0;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on)
select p.id, 900001 + (p.n + 1) % 4, '4', s.since, case when p.n % 2 = 0 then s.since + (random() * 200)::int end
  from pupils p cross join lateral (select '2024-09-01'::date + (random() * 300)::int + 0 * p.n as since) s where p.n % 3 = 0;
insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth)
select p.id, t.upn(p.n), 'Pupil', 'Example', '2015-01-01' from pupils p;

-- Weeks from June 2024 to January 2026, some of them holidays, some only half
-- open; of every pupil, on roll or not, but some are lacking.
create temporary table weeks as
select w::date as week, row_number() over (order by w) as nth from generate_series('2024-06-03'::timestamp, '2026-01-26', '7 days') as w;
create temporary table held as
select s.urn, w.week, case when w.nth % 13 in (0, 1) or w.nth between 9 and 13 then '0000000000'
	when random() < 0.1 then '1111110000' else '1111111111' end as open
  from data.school s cross join weeks w where s.urn between 900001 and 900004;
create temporary table texts as
select x.pupil_id, h.urn, h.week,
       (select string_agg(case
               when substr(h.open, n, 1) = '0' then case when random() < 0.3 then '#' when random() < 0.05 then '-' else ' ' end
               when random() < :present then case n % 2 when 1 then '/' else '\' end
               else substr(case when h.week < '2024-08-19' then 'HJYDLIIOGU-NXZ  ' else 'CIIIMOGNUL2jdDXZ- KVQB' end,
                           1 + (random() * case when h.week < '2024-08-19' then 15 else 21 end)::int, 1) end, '' order by n)
          from generate_series(1, 10) as n where h.urn > 0) as marks
  from (select distinct e.pupil_id, e.school_urn, p.n from data.enrolment e join pupils p on p.id = e.pupil_id) as x join held h on h.urn = x.school_urn
 where random() < 0.93;
insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved, not_possible,
	administrative)
select x.pupil_id, x.week, x.urn, s.* from texts x
       join data.mark_sessions((select array_agg(distinct marks) from texts)) s on s.marks = x.marks;
select api.school_weeks_renew(array_agg(h.urn), array_agg(h.week)) from held h \g /dev/null

-- One row for each session on roll; code ' ' where there is none.
create temporary table slow_held as
select distinct x.urn, x.week + (n - 1) / 2 as day, (n - 1) % 2 as half
  from texts x cross join generate_series(1, 10) as n
       join data.attendance_code c on c.symbol::text = substr(x.marks, n, 1)
       join data.enrolment e on e.pupil_id = x.pupil_id and e.school_urn = x.urn and e.admitted_on <= x.week + (n - 1) / 2
                            and (e.left_on is null or e.left_on >= x.week + (n - 1) / 2)
 where c.class in ('attending', 'approved_educational_activity', 'authorised', 'unauthorised');
create temporary table slow as
select e.pupil_id, e.school_urn as urn, e.year_group, k.week + (n - 1) / 2 as day, (n - 1) % 2 as half, k.week,
       coalesce(substr(x.marks, n, 1), ' ') as symbol,
       case when c.class in ('attending', 'approved_educational_activity') then 'attended' else c.class::text end as class,
       c.code = 'N' as open, c.code = 'I' as ill,
       c.code is null and (substr(x.marks, n, 1) = '-' or exists (select from slow_held h
           where h.urn = e.school_urn and h.day = k.week + (n - 1) / 2 and h.half = (n - 1) % 2)) as gap
  from data.enrolment e cross join weeks k cross join generate_series(1, 10) as n
       left join texts x on x.pupil_id = e.pupil_id and x.urn = e.school_urn and x.week = k.week
       left join data.attendance_code c on c.symbol::text = nullif(substr(x.marks, n, 1), ' ')
 where k.week + (n - 1) / 2 >= e.admitted_on and (e.left_on is null or k.week + (n - 1) / 2 <= e.left_on);
-- The schools of a pupil joined.
create temporary table slow_joined as
select pupil_id, week, day, half,
       case when bool_or(class = 'attended') then 'attended' when bool_or(class = 'authorised') then 'authorised'
            when bool_or(class = 'unauthorised') then 'unauthorised' when bool_or(gap) then null
            when bool_or(class = 'not_possible') then 'not_possible'
            when bool_or(class = 'administrative') then 'administrative' end as class,
       bool_or(open) as open, bool_or(ill) as ill, bool_or(gap) and not coalesce(bool_or(class in ('attended', 'authorised', 'unauthorised')), false) as gap
  from slow group by pupil_id, week, day, half;
