-- Everything that is worked out of a random register is the same as by a slow
-- computation that knows neither masks nor the functions on them: one row for
-- each mark, or session that should have one.
begin;
\ir helpers.sql
select plan(33);
select setseed(0.20260731);

select t.school(900000 + n), t.client('all', null, '{visits:read,attendance:read}') from generate_series(1, 1) n \g /dev/null
select t.school(900000 + n) from generate_series(2, 4) n \g /dev/null
select t.client('one', '{900002}', '{visits:read,attendance:read}') \g /dev/null

-- 60 pupils: one or two stays at a school, a third of them at two schools, some
-- at both at once.
create temporary table pupils as select n, nextval('data.pupil_pupil_id_seq') as id from generate_series(1, 60) as n;
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
               when random() < 0.75 then case n % 2 when 1 then '/' else '\' end
               else substr(case when h.week < '2024-08-19' then 'HJYDLIIOGU-NXZ  ' else 'CIIIMOGNUL2jdDXZ- KVQB' end,
                           1 + (random() * case when h.week < '2024-08-19' then 15 else 21 end)::int, 1) end, '' order by n)
          from generate_series(1, 10) as n where h.urn > 0) as marks
  from (select distinct e.pupil_id, e.school_urn from data.enrolment e) as x join held h on h.urn = x.school_urn
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

create function t.line(attended bigint, authorised bigint, unauthorised bigint, open bigint, not_possible bigint, gaps bigint)
returns text
language sql
return concat_ws(' ', attended, authorised, unauthorised, open, not_possible, gaps,
	coalesce((floor(1000 * attended::numeric / nullif(attended + authorised + unauthorised, 0)) / 10)::numeric(5, 1)::text, 'none'),
	coalesce((floor(1000 * attended::numeric / nullif(attended + authorised + unauthorised + gaps, 0)) / 10)::numeric(5, 1)::text, 'none'),
	coalesce((floor(1000 * (attended + open + gaps)::numeric / nullif(attended + authorised + unauthorised + gaps, 0)) / 10)::numeric(5, 1)::text, 'none'));

create function t.slow_by_pupil(first date, last date) returns table (id bigint, line text)
language sql
begin atomic
	select p.pupil_id, t.line(count(*) filter (where j.class = 'attended'), count(*) filter (where j.class = 'authorised'),
	       count(*) filter (where j.class = 'unauthorised'), count(*) filter (where j.class = 'unauthorised' and j.open),
	       count(*) filter (where j.class = 'not_possible'), count(*) filter (where j.gap))
	  from (select distinct e.pupil_id from data.enrolment e
	         where e.admitted_on <= last and coalesce(e.left_on, '2999-01-01') >= first) as p
	       left join slow_joined j on j.pupil_id = p.pupil_id and j.day between first and last
	 group by p.pupil_id;
end;
create function t.slow_by_school(first date, last date, by_year boolean) returns table (id bigint, line text)
language sql
begin atomic
	select case when by_year then e.school_urn::bigint * 100
	            + coalesce(array_position('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13}'::text[], e.year_group::text), 0)
	            else e.school_urn end,
	       count(distinct e.pupil_id) || ' ' ||
	       t.line(count(*) filter (where j.class = 'attended'), count(*) filter (where j.class = 'authorised'),
	       count(*) filter (where j.class = 'unauthorised'), count(*) filter (where j.class = 'unauthorised' and j.open),
	       count(*) filter (where j.class = 'not_possible'), count(*) filter (where j.gap))
	  from data.enrolment e
	       left join slow j on j.pupil_id = e.pupil_id and j.urn = e.school_urn and j.day between first and last
	                       and j.day >= e.admitted_on and (e.left_on is null or j.day <= e.left_on)
	 where e.admitted_on <= last and coalesce(e.left_on, '2999-01-01') >= first
	 group by 1;
end;
create function t.fast(by text, first date, last date, client text default 'all') returns text
language sql
return t.get(client, format($$ select string_agg(x.id || ' ' || concat_ws(' ', case when %1$L in ('school', 'year_group') then x.pupils end,
	x.attended, x.authorised, x.unauthorised, x.unresolved, x.not_possible, x.gaps, coalesce(x.percentage::text, 'none'),
	coalesce(x.lowest::text, 'none'), coalesce(x.highest::text, 'none')), E'\n' order by x.id)
	from api.attendance_summary_list(%1$L, %2$L, %3$L) x $$, by, first, last), 'doorstep_register');

create temporary table windows (first date, last date);
insert into windows values ('2024-06-03', '2026-02-01'), ('2024-08-01', '2025-07-31'), ('2025-01-08', '2025-01-08'),
	('2025-03-15', '2025-03-16'), ('2024-11-13', '2025-05-30'), ('2025-09-01', '2026-01-15');
select is(t.fast('pupil', first, last), (select string_agg(id || ' ' || line, E'\n' order by id) from t.slow_by_pupil(first, last)),
	format('by pupil, %s to %s', first, last)) from windows;
select is(t.fast('school', first, last), (select string_agg(id || ' ' || line, E'\n' order by id) from t.slow_by_school(first, last, false)),
	format('by school, %s to %s', first, last)) from windows;
select is(t.fast('year_group', first, last), (select string_agg(id || ' ' || line, E'\n' order by id) from t.slow_by_school(first, last, true)),
	format('by year group, %s to %s', first, last)) from windows;
select is(t.fast('school', first, last, 'one'),
	(select string_agg(id || ' ' || line, E'\n' order by id) from t.slow_by_school(first, last, false) where id = 900002),
	format('by the school that a client sees, %s to %s', first, last)) from windows;
select is(t.get('all', format($$ select concat_ws(' ', x.pupils, x.attended, x.authorised, x.unauthorised, x.unresolved, x.not_possible, x.gaps)
	from api.attendance_summary_list('trust', %L, %L) x $$, first, last), 'doorstep_reports'),
	(select concat_ws(' ', count(*), sum(split_part(line, ' ', 1)::int), sum(split_part(line, ' ', 2)::int),
	        sum(split_part(line, ' ', 3)::int), sum(split_part(line, ' ', 4)::int), sum(split_part(line, ' ', 5)::int),
	        sum(split_part(line, ' ', 6)::int)) from t.slow_by_pupil(first, last)),
	format('by trust, %s to %s', first, last)) from windows limit 2;

-- Persistent and severe absence
select is(t.get('all', format($$ select string_agg(concat_ws(' ', x.id, x.level, x.missed, x.possible), E'\n' order by x.id)
	from api.absence_list(null, %L, %L) x $$, first, last), 'doorstep_register'),
	(select string_agg(concat_ws(' ', pupil_id, case when missed >= 0.5 * possible then 'severe' else 'persistent' end, missed, possible),
	        E'\n' order by pupil_id)
	   from (select pupil_id, count(*) filter (where class in ('authorised', 'unauthorised')) as missed,
	                count(*) filter (where class in ('attended', 'authorised', 'unauthorised')) as possible
	           from slow_joined where day between first and last group by pupil_id) as m
	  where possible > 0 and missed >= 0.1 * possible),
	format('persistently absent, %s to %s', first, last)) from windows limit 2;

-- Penalty notices: every ten weeks that follow one another, week by week
create function t.slow_penalties(as_of date) returns table (id bigint, line text)
language sql
begin atomic
	with known as (
		select e.pupil_id, h.week, min(e.admitted_on) over (partition by e.pupil_id) as since,
		       max(coalesce(e.left_on, '2999-01-01')) over (partition by e.pupil_id) as until, e.admitted_on, e.left_on
		  from data.enrolment e
		       join (select distinct urn, day - (extract(isodow from day)::int - 1) as week from slow_held where day <= as_of) h
		         on h.urn = e.school_urn and h.week >= '2024-08-19'
	), calendar as (
		select distinct k.pupil_id, k.week from known k
		 where k.week + 4 >= k.admitted_on and (k.left_on is null or k.week <= k.left_on)
		    or k.week between k.since and k.until
		       and not exists (select from data.enrolment o where o.pupil_id = k.pupil_id and o.admitted_on <= k.week + 4
		                          and coalesce(o.left_on, '2999-01-01') >= k.week)
	), placed as (
		select c.*, row_number() over (partition by c.pupil_id order by c.week) as place,
		       count(*) over (partition by c.pupil_id) as weeks from calendar c
	), span as (
		select f.pupil_id, f.week as first_week, l.week as last_week, l.place
		  from placed f join placed l on l.pupil_id = f.pupil_id
		   and (l.place = f.place + 9 or f.weeks < 10 and f.place = 1 and l.place = l.weeks)
	)
	select distinct on (s.pupil_id) s.pupil_id, concat_ws(' ', s.first_week, s.last_week, n.sessions, n.open)
	  from span s cross join lateral (
	       select count(*) as sessions, count(*) filter (where j.open) as open from slow_joined j
	        where j.pupil_id = s.pupil_id and j.class = 'unauthorised' and j.day <= as_of
	          and j.week between s.first_week and s.last_week) as n
	 where n.sessions >= 10 order by s.pupil_id, s.place desc;
end;
select is(t.get('all', format($$ select string_agg(concat_ws(' ', x.id, x.first_week, x.last_week, x.sessions, x.unresolved), E'\n' order by x.id)
	from api.penalty_list(as_of => %L) x $$, as_of), 'doorstep_register'),
	(select string_agg(id || ' ' || line, E'\n' order by id) from t.slow_penalties(as_of::date)), 'penalty notices as of ' || as_of)
  from unnest('{2026-01-30,2025-06-18,2025-01-03,2024-10-20}'::text[]) as as_of;

-- Missing marks
select is(t.get('all', $$ select string_agg(concat_ws(' ', x.pupil, x.school_urn, x.date, x.session, x.said), E'\n'
	order by x.pupil, x.date, x.session, x.school_urn) from api.gap_list(null, '2024-11-13', '2025-05-30') x $$, 'doorstep_register'),
	(select string_agg(concat_ws(' ', pupil_id, urn, day, (array['AM', 'PM'])[half + 1], symbol = '-'), E'\n' order by pupil_id, day, half, urn)
	   from slow where gap and day between '2024-11-13' and '2025-05-30'), 'missing marks');

select * from finish();
rollback;
