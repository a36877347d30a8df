-- Sums over windows.  A trust has a million weeks a year, so they are summed
-- where they lie, and what lies nowhere, a session that was held and has no
-- mark, is counted without being looked for: it is what was held while on roll
-- less what has a code.

-- The planner takes what row-level security lets through for a small part, and
-- what a pupil and a school have in common for less, so it would look up a
-- million weeks one by one, or sort them.  Called by functions that set
-- enable_nestloop and enable_sort, and so get them back as they were.
create or replace function data.expect_rows(many boolean) returns void
language plpgsql volatile
as $$
begin
	perform set_config('enable_nestloop', case when many then 'off' else 'on' end, true),
	        set_config('enable_sort', case when many then 'off' else 'on' end, true);
end;
$$;
comment on function data.expect_rows(boolean) is 'Tells the planner whether the register is read as a whole, or here and there';

-- The sums of register_week w joined with s, which has what the school held and
-- which sessions count, are said twice below: nearly all pupils are on roll at
-- a school from one end of the window to the other, or not at all, and need no
-- look at their stays, week by week.  untaken: marked as not taken, but not held.

-- Of each stay, by the register of its school.
create or replace function data.stay_sums("first" date, "last" date, school int, pupils bigint[])
returns table (pupil_id bigint, school_urn int, admitted_on date, year_group data.year_group, attended bigint,
	authorised bigint, unauthorised bigint, unresolved bigint, not_possible bigint, gaps bigint)
language plpgsql stable rows 10000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_nestloop = on set enable_sort = on
as $$
#variable_conflict use_column
declare
	these  bigint[] := case when pupils is not null or school is null then pupils else (
		select coalesce(array_agg(e.pupil_id), '{}') from data.enrolment e where e.school_urn = school) end;
	moving bigint[] := (
		select coalesce(array_agg(distinct e.pupil_id), '{}') from data.enrolment e
		 where e.admitted_on <= "last" and (e.left_on is null or e.left_on >= "first")
		   and (e.admitted_on > "first" or e.left_on < "last")
		   and (school is null or e.school_urn = school) and (these is null or e.pupil_id = any (these)));
begin
	perform data.expect_rows(these is null);
	return query
	with stay as (
		select e.pupil_id, e.school_urn, e.admitted_on, e.year_group, greatest(e.admitted_on, "first") as begins,
		       least(e.left_on, "last") as ends, e.pupil_id = any (moving) as moves
		  from data.enrolment e
		 where e.admitted_on <= "last" and (e.left_on is null or e.left_on >= "first")
		   and (school is null or e.school_urn = school) and (these is null or e.pupil_id = any (these))
	), held as ( -- few stays begin or end within the window
		select d.school_urn, d.begins, d.ends,
		       sum(data.session_count(s.held & data.sessions_between(s.week, d.begins, d.ends))) as sessions
		  from (select distinct t.school_urn, t.begins, t.ends from stay t) as d
		       join data.school_week s on s.school_urn = d.school_urn and s.week between d.begins - 4 and d.ends
		 group by d.school_urn, d.begins, d.ends
	), marked as (
		select w.pupil_id, w.school_urn, null::date as admitted_on,
		       sum(data.session_count(w.attended & s.roll)) as attended,
		       sum(data.session_count(w.authorised & s.roll)) filter (where w.authorised <> 0) as authorised,
		       sum(data.session_count(w.unauthorised & s.roll)) filter (where w.unauthorised <> 0) as unauthorised,
		       sum(data.session_count(w.unresolved & s.roll)) filter (where w.unresolved <> 0) as unresolved,
		       sum(data.session_count(w.not_possible & s.roll)) filter (where w.not_possible <> 0) as not_possible,
		       sum(data.session_count(s.held & s.roll & (w.attended | w.authorised | w.unauthorised | w.not_possible
		               | w.administrative))) as coded,
		       sum(data.session_count(data.sessions_marked(w.marks, '-') & s.roll & ~s.held))
		           filter (where w.marks like '%-%') as untaken
		  from data.register_week w
		       join (select s.school_urn, s.week, s.held::int, data.sessions_between(s.week, "first", "last")::int as roll
		               from data.school_week s where s.week between "first" - 4 and "last" offset 0) as s
		         on s.school_urn = w.school_urn and s.week = w.week
		 where w.week between "first" - 4 and "last" and w.pupil_id <> all (moving)
		   and (school is null or w.school_urn = school) and (these is null or w.pupil_id = any (these))
		 group by w.pupil_id, w.school_urn
	), marked_on_the_move as (
		select e.pupil_id, e.school_urn, e.admitted_on,
		       sum(data.session_count(w.attended & r.roll)) as attended,
		       sum(data.session_count(w.authorised & r.roll)) filter (where w.authorised <> 0) as authorised,
		       sum(data.session_count(w.unauthorised & r.roll)) filter (where w.unauthorised <> 0) as unauthorised,
		       sum(data.session_count(w.unresolved & r.roll)) filter (where w.unresolved <> 0) as unresolved,
		       sum(data.session_count(w.not_possible & r.roll)) filter (where w.not_possible <> 0) as not_possible,
		       sum(data.session_count(s.held & r.roll & (w.attended | w.authorised | w.unauthorised | w.not_possible
		               | w.administrative))) as coded,
		       sum(data.session_count(data.sessions_marked(w.marks, '-') & r.roll & ~s.held))
		           filter (where w.marks like '%-%') as untaken
		  from data.register_week w
		       join data.enrolment e on e.pupil_id = w.pupil_id and e.school_urn = w.school_urn
		                            and e.admitted_on <= w.week + 4 and (e.left_on is null or e.left_on >= w.week)
		       join data.school_week s on s.school_urn = w.school_urn and s.week = w.week
		       cross join lateral (select data.sessions_between(w.week, greatest(e.admitted_on, "first"),
		                               least(e.left_on, "last"))::int as roll) as r
		 where w.week between "first" - 4 and "last" and w.pupil_id = any (moving)
		   and (school is null or w.school_urn = school) and (these is null or w.pupil_id = any (these))
		 group by e.pupil_id, e.school_urn, e.admitted_on
	)
	select t.pupil_id, t.school_urn, t.admitted_on, t.year_group, coalesce(m.attended, 0), coalesce(m.authorised, 0),
	       coalesce(m.unauthorised, 0), coalesce(m.unresolved, 0), coalesce(m.not_possible, 0),
	       coalesce(h.sessions, 0) - coalesce(m.coded, 0) + coalesce(m.untaken, 0)
	  from stay t
	       left join held h on h.school_urn = t.school_urn and h.begins = t.begins and h.ends = t.ends
	       left join (select k.* from marked k union all select k.* from marked_on_the_move k) as m
	         on m.pupil_id = t.pupil_id and m.school_urn = t.school_urn
	        and coalesce(m.admitted_on, '-infinity') = case when t.moves then t.admitted_on else '-infinity' end;
end;
$$;
comment on function data.stay_sums(date, date, int, bigint[]) is 'Sums over a window, by stay, each school''s own register';

-- Who is on the roll of two schools at once in a window: whose registers must
-- be joined before they are summed.
create or replace function data.pupils_of_two_schools("first" date, "last" date, pupils bigint[]) returns bigint[]
language sql stable
begin atomic
	select coalesce(array_agg(distinct a.pupil_id), '{}')
	  from data.enrolment a
	       join data.enrolment b on b.pupil_id = a.pupil_id and b.school_urn > a.school_urn
	                            and b.admitted_on <= coalesce(a.left_on, 'infinity')
	                            and a.admitted_on <= coalesce(b.left_on, 'infinity')
	 where greatest(a.admitted_on, b.admitted_on) <= "last"
	   and coalesce(least(a.left_on, b.left_on), 'infinity') >= "first"
	   and (pupils is null or a.pupil_id = any (pupils));
end;
comment on function data.pupils_of_two_schools(date, date,
	bigint[]) is 'Pupils on the roll of two schools at once within a window';

-- A pupil's own sums: the registers of the schools joined, as data.pupil_weeks
-- does.  pupils null: all who were on a roll in the window.
create or replace function data.pupil_sums("first" date, "last" date, pupils bigint[])
returns table (pupil_id bigint, attended bigint, authorised bigint, unauthorised bigint, unresolved bigint,
	not_possible bigint, gaps bigint)
language plpgsql stable rows 10000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_nestloop = on set enable_sort = on
as $$
#variable_conflict use_column
declare
	twofold bigint[] := data.pupils_of_two_schools("first", "last", pupils);
begin
	return query
	select s.pupil_id, sum(s.attended)::bigint, sum(s.authorised)::bigint, sum(s.unauthorised)::bigint,
	       sum(s.unresolved)::bigint, sum(s.not_possible)::bigint, sum(s.gaps)::bigint
	  from data.stay_sums("first", "last", null, pupils) s
	 where s.pupil_id <> all (twofold)
	 group by s.pupil_id;
	return query
	select p.id, coalesce(sum(data.session_count(w.attended)), 0), coalesce(sum(data.session_count(w.authorised)), 0),
	       coalesce(sum(data.session_count(w.unauthorised)), 0), coalesce(sum(data.session_count(w.unresolved)), 0),
	       coalesce(sum(data.session_count(w.not_possible)), 0), coalesce(sum(data.session_count(w.gaps)), 0)
	  from unnest(twofold) as p (id) left join data.pupil_weeks("first", "last", twofold) w on w.pupil_id = p.id
	 group by p.id;
end;
$$;
comment on function data.pupil_sums(date, date, bigint[]) is 'Sums over a window, by pupil, the registers of all schools joined';
