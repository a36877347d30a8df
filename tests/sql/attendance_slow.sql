-- Everything that is worked out of a random register is the same as by the slow
-- computation of random.sql.
begin;
\ir helpers.sql
select plan(33);
select setseed(0.20260731);

select t.school(900000 + n), t.client('all', null, '{visits:read,attendance:read}') from generate_series(1, 1) n \g /dev/null
select t.school(900000 + n) from generate_series(2, 4) n \g /dev/null
select t.client('one', '{900002}', '{visits:read,attendance:read}') \g /dev/null

\set pupils 60
\set present 0.75
\ir random.sql

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
