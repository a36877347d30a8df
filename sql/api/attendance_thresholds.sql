-- Who misses too much: persistent absence, penalty notices, illness.

create type api.absence as (id bigint, pupil bigint, upn text, school_urn int, year_group data.year_group, level text,
	missed bigint, possible bigint, attended bigint, authorised bigint, unauthorised bigint, unresolved bigint,
	not_possible bigint, gaps bigint, percentage numeric, lowest numeric, highest numeric);
comment on type api.absence is 'A pupil who is persistently absent as the API shows it';

-- Persistently absent is who misses a tenth or more of their own possible
-- sessions, severely who misses half or more (who is persistently absent, too):
-- from admission to leaving, those who left included, over all their schools.
-- Without possible sessions nobody is either.
create function api.absence_list(school int default null, "from" date default null, "to" date default null,
	level text default null, minimum_sessions int default null, after bigint default null, max_rows int default null)
returns setof api.absence
language sql stable
begin atomic
	select s.pupil, s.pupil, s.upn, s.school_urn, s.year_group,
	       case when 2 * m.missed >= f.possible then 'severe' else 'persistent' end, m.missed, f.possible, s.attended,
	       s.authorised, s.unauthorised, s.unresolved, s.not_possible, s.gaps, f.percentage, f.lowest, f.highest
	  from api.window_of("from", "to") w
	       cross join api.pupil_figures(w."first", w."last", school, null, null, after, null) s
	       cross join lateral (select s.authorised + s.unauthorised as missed) as m
	       cross join api.attendance_figures(s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps) f
	 where f.possible > 0 and case when absence_list.level = 'severe' then 2 else 10 end * m.missed >= f.possible
	   and (minimum_sessions is null or f.possible >= minimum_sessions)
	 order by s.pupil limit max_rows;
end;
comment on function api.absence_list(int, date, date, text, int, bigint,
	int) is 'Pupils who are persistently or severely absent, by id';

-- school: pupils on its roll at some time of the span.
create function api.penalty_list(school int default null, as_of date default null, after bigint default null,
	max_rows int default null)
returns table (id bigint, pupil bigint, upn text, school_urn int, first_week date, last_week date, sessions bigint,
	unresolved bigint, reached_without_unresolved boolean)
language sql stable
begin atomic
	select s.pupil_id, s.pupil_id, p.upn, latest.school_urn, s.first_week, s.last_week, s.sessions, s.unresolved,
	       s.sessions - s.unresolved >= 10
	  from data.penalty_spans(coalesce(as_of, data.day_of(now())), school) s
	       join data.pupil p on p.pupil_id = s.pupil_id
	       cross join lateral (select e.school_urn from data.enrolment e
	                            where e.pupil_id = s.pupil_id and e.admitted_on <= s.last_week + 4
	                            order by e.left_on desc nulls first, e.admitted_on desc, e.school_urn limit 1) as latest
	 where after is null or s.pupil_id > after
	 order by s.pupil_id limit max_rows;
end;
comment on function api.penalty_list(int, date, bigint, int) is 'Pupils who reach the threshold for a penalty notice, by id';

-- Days are halves of sessions.  school: pupils on its roll at some time of the window.
create function api.sickness_list(school int default null, "from" date default null, "to" date default null,
	after bigint default null, max_rows int default null)
returns table (id bigint, pupil bigint, upn text, school_urn int, sessions bigint, days numeric, first_day date,
	last_day date, longest_run numeric, run_from date, run_to date)
language sql stable
begin atomic
	select s.pupil_id, s.pupil_id, p.upn, latest.school_urn, s.sessions, round(s.sessions / 2.0, 1), s.first_day,
	       s.last_day, round(s.run_sessions / 2.0, 1), s.run_from, s.run_to
	  from api.window_of("from", "to") w
	       cross join data.sickness(w."first", w."last", school, 30) s
	       join data.pupil p on p.pupil_id = s.pupil_id
	       cross join lateral (select e.school_urn from data.enrolment e
	                            where e.pupil_id = s.pupil_id and e.admitted_on <= w."last"
	                            order by e.left_on desc nulls first, e.admitted_on desc, e.school_urn limit 1) as latest
	 where after is null or s.pupil_id > after
	 order by s.pupil_id limit max_rows;
end;
comment on function api.sickness_list(int, date, date, bigint, int) is 'Pupils who were ill for fifteen days or more, by id';
