-- Marks that want something: a reason not yet established, or any mark at all.
-- Each school answers for its own register, so of a pupil with two schools each
-- is listed, whatever the other says.

-- A number for a mark, by which lists of marks are ordered: pupil, session, and
-- which of the pupil's schools it is of those that the client sees.
create function api.mark_number(pupil bigint, week date, n int, school int) returns bigint
language sql stable
begin atomic
	select (pupil << 18) | (((week - date '2015-08-03') / 7 * 10 + n)::bigint << 4)
	       | least(15, (select count(distinct e.school_urn) from data.enrolment e
	                     where e.pupil_id = mark_number.pupil and e.school_urn < school));
end;
comment on function api.mark_number(bigint, date, int, int) is 'A number by which marks are told apart and ordered';

-- N is to be replaced within five school days: those that are older.
create function api.unresolved_list(school int default null, as_of date default null, older_than int default 5,
	after bigint default null, max_rows int default null)
returns table (id bigint, pupil bigint, upn text, school_urn int, date date, session data.session, school_days bigint)
language plpgsql stable rows 1000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_nestloop = on set enable_sort = on
as $$
#variable_conflict use_column
declare
	until_day date := coalesce(as_of, data.day_of(now()));
begin
	perform data.expect_rows(school is null);
	return query
	with open as (
		select w.pupil_id, w.school_urn, w.week, n, data.session_day(w.week, n) as day
		  from data.register_week w
		       join data.enrolment e on e.pupil_id = w.pupil_id and e.school_urn = w.school_urn
		                            and e.admitted_on <= w.week + 4 and (e.left_on is null or e.left_on >= w.week)
		       cross join generate_series(0, 9) as n
		 where w.unresolved <> 0 and w.week <= until_day and (school is null or w.school_urn = school)
		   and (after is null or w.pupil_id >= (after >> 18))
		   and w.unresolved & data.sessions_between(w.week, e.admitted_on, least(e.left_on, until_day)) & (1 << n) <> 0
	), school_day as ( -- with how many came after it
		select s.school_urn, s.week + d as day,
		       row_number() over (partition by s.school_urn order by s.week + d desc) - 1 as later
		  from data.school_week s cross join generate_series(0, 4) as d
		 where (school is null or s.school_urn = school) and s.week + d <= until_day and s.held & (3 << 2 * d) <> 0
	)
	select m.id, o.pupil_id, p.upn, o.school_urn, o.day, data.session_of(o.n), d.later
	  from open o join school_day d on d.school_urn = o.school_urn and d.day = o.day and d.later > older_than
	       join data.pupil p on p.pupil_id = o.pupil_id
	       cross join lateral (select api.mark_number(o.pupil_id, o.week, o.n, o.school_urn) as id) as m
	 where after is null or m.id > after
	 order by m.id limit max_rows;
end;
$$;
comment on function api.unresolved_list(int, date, int, bigint,
	int) is 'Marks whose reason is not established and is overdue, by pupil and session';

-- Which pupils have gaps is worked out of the sums, and only their weeks are
-- looked at, as far as a page goes.  said: the register says that no mark was taken (-); otherwise it says
-- nothing of a session that the school held.
create function api.gap_list(school int default null, "from" date default null, "to" date default null,
	after bigint default null, max_rows int default null)
returns table (id bigint, pupil bigint, upn text, school_urn int, date date, session data.session, said boolean)
language plpgsql stable rows 1000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_nestloop = on set enable_sort = on
as $$
#variable_conflict use_column
declare
	"first" date;
	"last"  date;
	pupils  bigint[];
begin
	select w."first", w."last" into "first", "last" from api.window_of("from", "to") w;
	pupils := (
		select coalesce(array_agg(s.pupil_id), '{}')
		  from (select g.pupil_id, sum(g.gaps) filter (where g.pupil_id > coalesce(after >> 18, 0)) over pupil as before
		          from data.stay_sums("first", "last", school, null) g
		         where g.gaps > 0 and (after is null or g.pupil_id >= (after >> 18))
		        window pupil as (order by g.pupil_id range between unbounded preceding and 1 preceding)) as s
		 where max_rows is null or coalesce(s.before, 0) < max_rows);
	perform data.expect_rows(cardinality(pupils) > 500);
	return query
	select m.id, g.pupil_id, p.upn, g.school_urn, data.session_day(g.week, m.n), data.session_of(m.n),
	       coalesce(substr(g.marks, m.n + 1, 1) = '-', false)
	  from (select w.pupil_id, w.school_urn, w.week, w.marks,
	               data.sessions_missing(w.marks, w.held, w.attended | w.authorised | w.unauthorised | w.not_possible
	                   | w.administrative, w.roll) as missing
	          from data.stay_weeks("first", "last", school, pupils) w) as g
	       join data.pupil p on p.pupil_id = g.pupil_id
	       cross join lateral (select n, api.mark_number(g.pupil_id, g.week, n, g.school_urn) as id
	                             from generate_series(0, 9) as n where g.missing & (1 << n) <> 0) as m
	 where g.missing <> 0 and (after is null or m.id > after)
	 order by m.id limit max_rows;
end;
$$;
comment on function api.gap_list(int, date, date, bigint, int) is 'Marks that are missing, by pupil and session';
