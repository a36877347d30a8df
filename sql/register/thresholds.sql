-- What the law counts: sessions towards a penalty notice, days of illness.

-- The national threshold at which a penalty notice must be considered, from 19
-- August 2024: ten sessions of G, N, O or U, in any mix, within ten school
-- weeks.  The ten roll: they are any ten that follow one another, whatever
-- holidays, terms or years lie between them.  A school week is one in which a
-- session was held
--   at a school on whose roll the pupil was in that week: of two at once, at
--     either, for at either there may have been a mark;
--   at any of the pupil's schools, where the pupil was on the roll of none
--     between two stays: so that time away does not bring two stays together.
-- Sessions of a pupil with two schools are joined as in data.pupil_weeks.
--
-- Of each pupil who reaches it, the latest such span until as_of; before the
-- pupil's tenth school week it is of fewer.  unresolved: how many sessions in it
-- are N, and may turn out otherwise.
create or replace function data.penalty_spans(as_of date, school int)
returns table (pupil_id bigint, first_week date, last_week date, sessions bigint, unresolved bigint)
language plpgsql stable rows 1000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_nestloop = on set enable_sort = on
as $$
#variable_conflict use_column
declare
	begins  constant date := '2024-08-19';
	wanted  constant int := 10;
	weeks   constant int := 10;
	pupils  bigint[] := (
		select coalesce(array_agg(c.pupil_id), '{}')
		  from (select w.pupil_id from data.register_week w
		         where w.unauthorised <> 0 and w.week between begins and as_of
		         group by w.pupil_id having sum(data.session_count(w.unauthorised)) >= wanted) as c
		 where school is null
		    or exists (select from data.enrolment e where e.pupil_id = c.pupil_id and e.school_urn = school));
begin
	perform data.expect_rows(cardinality(pupils) > 500);
	return query
	with away as ( -- weeks on the roll of no school, between two stays
		select b.pupil_id, s.week
		  from (select e.pupil_id, min(e.admitted_on) as since, max(coalesce(e.left_on, 'infinity')) as until
		          from data.enrolment e where e.pupil_id = any (pupils) group by e.pupil_id having count(*) > 1) as b
		       join data.enrolment e on e.pupil_id = b.pupil_id
		       join data.school_week s on s.school_urn = e.school_urn and s.week between b.since and b.until
		                              and s.week between begins and as_of and s.held <> 0
		 where not exists (select from data.enrolment o
		                    where o.pupil_id = b.pupil_id and o.admitted_on <= s.week + 4
		                      and coalesce(o.left_on, 'infinity') >= s.week)
		 group by b.pupil_id, s.week
	), school_weeks as (
		select w.pupil_id, w.week, data.session_count(w.unauthorised) as n, data.session_count(w.unresolved) as open
		  from data.pupil_weeks(begins, as_of, pupils) w where w.held <> 0
		union all
		select a.pupil_id, a.week, 0, 0 from away a
	), counted as (
		select w.pupil_id, w.week, w.n, w.open, row_number() over pupil as place,
		       sum(w.n) over (pupil rows between current row and weeks - 1 following) as ahead
		  from school_weeks w window pupil as (partition by w.pupil_id order by w.week)
	), reached as ( -- the latest ten weeks begin as late as they can
		select c.pupil_id, least(max(c.place) filter (where c.ahead >= wanted) + weeks - 1, max(c.place)) as ends
		  from counted c group by c.pupil_id having max(c.ahead) >= wanted
	)
	select r.pupil_id, min(c.week), max(c.week), sum(c.n)::bigint, sum(c.open)::bigint
	  from reached r join counted c on c.pupil_id = r.pupil_id and c.place between r.ends - weeks + 1 and r.ends
	 group by r.pupil_id
	having school is null
	    or exists (select from data.enrolment e
	                where e.pupil_id = r.pupil_id and e.school_urn = school and e.admitted_on <= max(c.week) + 4
	                  and coalesce(e.left_on, 'infinity') >= min(c.week));
end;
$$;
comment on function data.penalty_spans(date,
	int) is 'Who reaches the national threshold for a penalty notice, and the latest span in which';

-- Days of illness, code I, of which a school returns fifteen or more, one after
-- another or not.  A session is half a day, so fifteen days are thirty
-- sessions.  run_sessions: the longest run of sessions that were ill one after
-- another, among those that the pupil could have attended: weekends, holidays,
-- closures and missing marks neither count nor break it, a mark of anything
-- else does.
create or replace function data.sickness("first" date, "last" date, school int, wanted int)
returns table (pupil_id bigint, sessions bigint, first_day date, last_day date, run_sessions bigint, run_from date,
	run_to date)
language plpgsql stable rows 1000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_nestloop = on set enable_sort = on
as $$
#variable_conflict use_column
declare
	pupils bigint[] := (
		select coalesce(array_agg(c.pupil_id), '{}')
		  from (select w.pupil_id from data.register_week w
		         where w.authorised <> 0 and w.marks like '%I%' and w.week between "first" - 4 and "last"
		         group by w.pupil_id having sum(data.session_count(data.sessions_marked(w.marks, 'I'))) >= wanted) as c
		 where school is null
		    or exists (select from data.enrolment e
		                where e.pupil_id = c.pupil_id and e.school_urn = school and e.admitted_on <= "last"
		                  and coalesce(e.left_on, 'infinity') >= "first"));
begin
	perform data.expect_rows(cardinality(pupils) > 500);
	return query
	with session as (
		select w.pupil_id, data.session_day(w.week, n) as day, w.ill & (1 << n) <> 0 as ill,
		       row_number() over (partition by w.pupil_id order by w.week, n) as place
		  from data.pupil_weeks("first", "last", pupils) w cross join generate_series(0, 9) as n
		 where (w.attended | w.authorised | w.unauthorised) & (1 << n) <> 0
	), ill as (
		select s.pupil_id, s.day, s.place - row_number() over (partition by s.pupil_id order by s.place) as run
		  from session s where s.ill
	), run as (
		select i.pupil_id, count(*) as length, min(i.day) as begins, max(i.day) as ends,
		       row_number() over (partition by i.pupil_id order by count(*) desc, max(i.day) desc) as rank
		  from ill i group by i.pupil_id, i.run
	)
	select r.pupil_id, sum(r.length)::bigint, min(r.begins), max(r.ends), max(r.length),
	       max(r.begins) filter (where r.rank = 1), max(r.ends) filter (where r.rank = 1)
	  from run r group by r.pupil_id having sum(r.length) >= wanted;
end;
$$;
comment on function data.sickness(date, date, int, int) is 'Who was ill for so many sessions, and the longest run of them';
