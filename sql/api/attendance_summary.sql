-- Sums of attendance by trust, school, year group or pupil.

-- Pupils on a roll in a window, by id: of a school and year group, if said, that is with a
-- stay there in the window.  max_rows null: all of them.
create function api.pupils_on_roll("first" date, "last" date, school int, year_group data.year_group, pupil bigint,
	after bigint, max_rows int) returns setof bigint
language sql stable
begin atomic
	select distinct e.pupil_id from data.enrolment e
	 where e.admitted_on <= "last" and (e.left_on is null or e.left_on >= "first")
	   and (school is null or e.school_urn = school)
	   and (pupils_on_roll.year_group is null or e.year_group = pupils_on_roll.year_group)
	   and (pupil is null or e.pupil_id = pupil) and (after is null or e.pupil_id > after)
	 order by e.pupil_id limit max_rows;
end;
comment on function api.pupils_on_roll(date, date, int, data.year_group, bigint, bigint,
	int) is 'Pupils on a roll in a window, by id';

create type api.pupil_sums as (pupil bigint, upn text, school_urn int, year_group data.year_group, attended bigint,
	authorised bigint, unauthorised bigint, unresolved bigint, not_possible bigint, gaps bigint);
comment on type api.pupil_sums is 'A pupil''s own sums';

-- Pupils by id with the sums of each: their own, over all their schools.
-- school, year group: of the latest stay in the window.
create function api.pupil_figures("first" date, "last" date, school int, year_group data.year_group, pupil bigint,
	after bigint, max_rows int)
returns setof api.pupil_sums
language plpgsql stable rows 10000 set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
	chosen bigint[] := (select array_agg(c) from api.pupils_on_roll("first", "last", school, pupil_figures.year_group,
	                                                                pupil_figures.pupil, after, max_rows) c);
	these  bigint[] := case when num_nonnulls(school, pupil_figures.year_group, pupil_figures.pupil, after, max_rows) > 0
	                        then coalesce(chosen, '{}') end;
begin
	return query
	select c.id, p.upn, latest.school_urn, latest.year_group, coalesce(s.attended, 0), coalesce(s.authorised, 0),
	       coalesce(s.unauthorised, 0), coalesce(s.unresolved, 0), coalesce(s.not_possible, 0), coalesce(s.gaps, 0)
	  from unnest(chosen) as c (id)
	       join data.pupil p on p.pupil_id = c.id
	       left join data.pupil_sums("first", "last", these) s on s.pupil_id = c.id
	       cross join lateral (select e.school_urn, e.year_group from data.enrolment e
	                            where e.pupil_id = c.id and e.admitted_on <= "last"
	                              and (e.left_on is null or e.left_on >= "first")
	                            order by e.left_on desc nulls first, e.admitted_on desc, e.school_urn limit 1) as latest
	 order by c.id;
end;
$$;
comment on function api.pupil_figures(date, date, int, data.year_group, bigint, bigint,
	int) is 'Pupils by id with their own sums over a window';

create type api.school_sums as (school_urn int, year_group data.year_group, pupils bigint, attended bigint,
	authorised bigint, unauthorised bigint, unresolved bigint, not_possible bigint, gaps bigint);
comment on type api.school_sums is 'Sums of a register';

-- By school and year group: each school's own register.  pupils: how many were
-- on roll at some time of the window.
create function api.school_figures("first" date, "last" date, by_year boolean, school int, year_group data.year_group,
	pupil bigint)
returns setof api.school_sums
language plpgsql stable rows 100 set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
	return query
	select s.school_urn, y.year_group, count(distinct s.pupil_id), sum(s.attended)::bigint, sum(s.authorised)::bigint,
	       sum(s.unauthorised)::bigint, sum(s.unresolved)::bigint, sum(s.not_possible)::bigint, sum(s.gaps)::bigint
	  from data.stay_sums("first", "last", school, case when pupil is not null then array[pupil] end) s
	       cross join lateral (select case when by_year then s.year_group end as year_group) as y
	 where school_figures.year_group is null or s.year_group = school_figures.year_group
	 group by s.school_urn, y.year_group;
end;
$$;
comment on function api.school_figures(date, date, boolean, int, data.year_group,
	bigint) is 'Sums over a window by school, or by school and year group';

create type api.attendance_sums as (id bigint, school_urn int, year_group data.year_group, pupil bigint, upn text,
	pupils bigint, attended bigint, authorised bigint, unauthorised bigint, unresolved bigint, not_possible bigint,
	gaps bigint);
comment on type api.attendance_sums is 'A row of a summary before percentages are worked out';

create function api.attendance_rows("by" text, "first" date, "last" date, school int, year_group data.year_group,
	pupil bigint, after bigint, max_rows int) returns setof api.attendance_sums
language plpgsql stable
as $$
#variable_conflict use_column
declare
	chosen bigint[];
begin
	if "by" = 'pupil' then
		return query
		select f.pupil, f.school_urn, f.year_group, f.pupil, f.upn, 1::bigint, f.attended, f.authorised, f.unauthorised,
		       f.unresolved, f.not_possible, f.gaps
		  from api.pupil_figures("first", "last", school, attendance_rows.year_group, attendance_rows.pupil, after,
		                         max_rows) f;
	elsif "by" = 'trust' then
		chosen := (select array_agg(c) from api.pupils_on_roll("first", "last", school, attendance_rows.year_group,
		                                                       attendance_rows.pupil, null, null) c);
		return query
		select 1::bigint, null::int, null::data.year_group, null::bigint, null::text, cardinality(chosen)::bigint,
		       coalesce(sum(s.attended), 0)::bigint, coalesce(sum(s.authorised), 0)::bigint,
		       coalesce(sum(s.unauthorised), 0)::bigint, coalesce(sum(s.unresolved), 0)::bigint,
		       coalesce(sum(s.not_possible), 0)::bigint, coalesce(sum(s.gaps), 0)::bigint
		  from data.pupil_sums("first", "last", case when num_nonnulls(school, attendance_rows.year_group,
		                                                               attendance_rows.pupil) > 0 then chosen end) s
		having chosen is not null;
	else
		return query
		select f.school_urn::bigint * case when "by" = 'year_group' then 100 else 1 end
		       + coalesce(array_position(enum_range(null::data.year_group), f.year_group), 0),
		       f.school_urn, f.year_group, null::bigint, null::text, f.pupils, f.attended, f.authorised, f.unauthorised,
		       f.unresolved, f.not_possible, f.gaps
		  from api.school_figures("first", "last", "by" = 'year_group', school, attendance_rows.year_group,
		                          attendance_rows.pupil) f;
	end if;
end;
$$;
comment on function api.attendance_rows(text, date, date, int, data.year_group, bigint, bigint,
	int) is 'The rows of a summary';

create type api.attendance_summary as (id bigint, school_urn int, year_group data.year_group, pupil bigint, upn text,
	pupils bigint, possible bigint, attended bigint, authorised bigint, unauthorised bigint, unresolved bigint,
	not_possible bigint, gaps bigint, percentage numeric, lowest numeric, highest numeric);
comment on type api.attendance_summary is 'Sums of attendance as the API shows them';

-- by: trust (the pupils' own sums added up, so that a session of a pupil with
-- two schools counts once), school, year_group (within a school; the year group
-- is the latest known of the stay), pupil.  school, year_group and pupil choose:
-- pupils, with all their sums, for trust and pupil; registers for the other two.
create function api.attendance_summary_list("by" text, "from" date default null, "to" date default null,
	school int default null, year_group data.year_group default null, pupil bigint default null,
	after bigint default null, max_rows int default null)
returns setof api.attendance_summary
language sql stable
begin atomic
	select s.id, s.school_urn, s.year_group, s.pupil, s.upn, s.pupils, f.possible, s.attended, s.authorised,
	       s.unauthorised, s.unresolved, s.not_possible, s.gaps, f.percentage, f.lowest, f.highest
	  from api.window_of("from", "to") w
	       cross join api.attendance_rows("by", w."first", w."last", school, attendance_summary_list.year_group,
	                                      attendance_summary_list.pupil, after, max_rows) s
	       cross join api.attendance_figures(s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps) f
	 where after is null or s.id > after
	 order by s.id limit max_rows;
end;
comment on function api.attendance_summary_list(text, date, date, int, data.year_group, bigint, bigint,
	int) is 'Sums of attendance over a window';
