-- Who meets the rule of a school.  Sums are a pupil's own, over all schools of
-- the trust and whoever asks: a pupil who moved inside the window is counted
-- once, on all marks.  Pupils are those on roll on the day; of two schools at
-- once, that whose rule is met counts, and of two such the one with the longer stay.
--
-- A rule is decided by spans of days: nth -1 is its window; 0 the last month, 1 the
-- month before, and so on to the month before the first, if it is about falling.
--
-- Nearly all pupils are at one school all the time and far from any rule.  They
-- are told by one look at the register (data.referral_suspects); only the others
-- are summed with all that may be about a pupil.

-- What a rule compares, said once.
create or replace function data.is_below(attended bigint, possible bigint, percent int) returns boolean
language sql immutable parallel safe
return 100 * attended < percent * possible;
comment on function data.is_below(bigint, bigint, int) is 'Whether attendance is below so many percent';

create or replace function data.is_lower(attended bigint, possible bigint, attended_before bigint,
	possible_before bigint)
returns boolean
language sql immutable parallel safe
return possible > 0 and possible_before > 0 and attended * possible_before < attended_before * possible;
comment on function data.is_lower(bigint, bigint, bigint, bigint) is 'Whether attendance is lower than before, as fractions';

-- The spans of the rules of schools, numbered.  percent: below which the window
-- counts, the highest where a school has several such rules; null for none.  weeks: as
-- of so many weeks later, but no further than as_of.
create or replace function data.referral_spans(schools int[], as_of date, weeks int)
returns table (span int, school_urn int, months int, nth int, begins date, ends date, percent int)
language sql stable rows 50
begin atomic
	select (row_number() over ())::int, r.school_urn, r.months, n,
	       data.months_before(as_of + 7 * weeks, case n when -1 then r.months else n + 1 end),
	       least(as_of, case n when -1 then as_of else data.months_before(as_of + 7 * weeks, n) - 1 end),
	       max(r.below_percent)
	  from data.referral_rules(schools, as_of + 7 * weeks) r
	       cross join lateral generate_series(-1, case when r.falling then r.months else -1 end) as n
	 group by r.school_urn, r.months, n;
end;
comment on function data.referral_spans(int[], date, int) is 'The spans of days that decide the rules of schools, as of a day';

-- Schools all of whose roll have marks of every week that they know of, in the weeks
-- of a window.  school_week.marked is never too large, so equal sums mean that it
-- is what it may be at most, week by week.
create or replace function data.schools_marked("first" date, "last" date) returns int[]
language sql stable
begin atomic
	select coalesce(array_agg(m.school_urn), '{}')
	  from (select s.school_urn, sum(s.marked) as stays from data.school_week s
	         where s.week between "first" - 4 and "last" group by s.school_urn) as m
	       join (select s.school_urn, sum(t.stays) as stays
	               from (select e.school_urn, greatest(e.admitted_on, "first") as begins, least(e.left_on, "last") as ends,
	                            count(*) as stays
	                       from data.enrolment e
	                      where e.admitted_on <= "last" + 4 and (e.left_on is null or e.left_on >= "first" - 4)
	                      group by 1, 2, 3) as t
	                    join data.school_week s on s.school_urn = t.school_urn and s.week between t.begins - 4 and t.ends
	                     and s.week between "first" - 4 and "last"
	              group by s.school_urn) as r using (school_urn)
	 where m.stays = r.stays;
end;
comment on function data.schools_marked(date, date) is 'Schools that have marks of all on their roll in the weeks of a window';

-- Who may meet a rule: all but those whom the register of the one school that they
-- have been at all the time shows not to.  spans: those of data.referral_spans, as
-- JSON.  A trust has a million weeks a year, nearly all of them attended in full.
-- Where all have marks, the others tell by how much a pupil is behind what the
-- school held; only of schools that lack some is every week read.  The mask of a
-- week is worked out once for each school.
create or replace function data.referral_suspects(spans jsonb, since date, as_of date, missed int) returns setof bigint
language plpgsql stable rows 1000 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
	set enable_mergejoin = off set enable_sort = off -- it takes pupils for fewer than they are
as $$
#variable_conflict use_column
declare
	ruled int[] := array(select distinct s.school_urn from jsonb_to_recordset(spans) as s (school_urn int));
	whole int[] := array(select w from unnest(data.schools_marked(since, as_of)) as w where w = any (ruled));
	parts int[] := array(select r from unnest(ruled) as r where r <> all (whole));
	-- Where who was never absent counts too: with some sessions more, and where months are compared with one another.
	whose int[] := case when missed > 0 then whole else array(
		select distinct s.school_urn from jsonb_to_recordset(spans) as s (school_urn int, nth int)
		 where s.nth >= 0 and s.school_urn = any (whole)) end;
begin
	return query
	with span as (
		select s.* from jsonb_to_recordset(spans)
		       as s (span int, school_urn int, months int, nth int, begins date, ends date, percent int)
	), week as materialized (
		select h.school_urn, h.week, s.span, k.sessions, data.session_count(h.held & k.sessions) as held
		  from data.school_week h
		       join span s on s.school_urn = h.school_urn and h.week between s.begins - 4 and s.ends
		       cross join lateral (select data.sessions_between(h.week, s.begins, s.ends)::int as sessions) as k
		 where h.week between since - 4 and as_of
	), behind as (
		select w.pupil_id, h.span, data.session_count(w.attended & h.sessions) - h.held as attended,
		       data.session_count((w.attended | w.authorised | w.unauthorised) & h.sessions) - h.held as possible
		  from data.register_week w join week h on h.school_urn = w.school_urn and h.week = w.week
		 where w.week between since - 4 and as_of and w.attended <> 1023 and w.school_urn = any (whole)
		union all
		select e.pupil_id, s.span, 0, 0
		  from data.enrolment e join span s on s.school_urn = e.school_urn
		 where e.school_urn = any (whose) and e.admitted_on <= as_of and (e.left_on is null or e.left_on >= as_of)
	), summed as materialized (
		select b.pupil_id, b.span, min(t.held) + sum(b.attended) as attended, min(t.held) + sum(b.possible) as possible
		  from behind b join (select h.span, sum(h.held) as held from week h group by h.span) as t using (span)
		 group by b.pupil_id, b.span
		union all
		select w.pupil_id, h.span, sum(data.session_count(w.attended & h.sessions)),
		       sum(data.session_count((w.attended | w.authorised | w.unauthorised) & h.sessions))
		  from data.register_week w join week h on h.school_urn = w.school_urn and h.week = w.week
		 where parts <> '{}' and w.week between since - 4 and as_of and w.school_urn = any (parts)
		 group by w.pupil_id, h.span
	)
	select m.pupil_id from summed m join span s on s.span = m.span
	 where s.nth = -1 and data.is_below(m.attended, m.possible + missed, s.percent)
	union
	select m.pupil_id
	  from (select m.pupil_id, s.school_urn, s.months,
	               data.is_lower(m.attended, m.possible + case s.nth when 0 then missed else 0 end,
	                             lead(m.attended) over month, lead(m.possible) over month) as fell
	          from summed m join span s on s.span = m.span and s.nth >= 0
	        window month as (partition by m.pupil_id, s.school_urn, s.months order by s.nth)) as m
	 group by m.pupil_id, m.school_urn, m.months
	having bool_and(coalesce(m.fell, true))
	union -- of several stays, or one that began since
	select e.pupil_id from data.enrolment e
	 where e.admitted_on <= as_of and (e.left_on is null or e.left_on >= since)
	 group by e.pupil_id
	having (count(*) > 1 or bool_or(e.admitted_on > since))
	   and bool_or(e.school_urn = any (ruled) and (e.left_on is null or e.left_on >= as_of))
	union -- without any mark
	select e.pupil_id from data.enrolment e join span s on s.school_urn = e.school_urn and s.nth = -1
	 where missed > 0 and e.admitted_on <= as_of and (e.left_on is null or e.left_on >= as_of)
	   and not exists (select from summed m where m.pupil_id = e.pupil_id and m.span = s.span);
end;
$$;
comment on function data.referral_suspects(jsonb, date, date, int) is 'Pupils who may meet a rule: all others surely do not';

-- The sums of some pupils over those spans, whichever schools' registers.
create or replace function data.referral_sums(spans jsonb, since date, as_of date, pupils bigint[])
returns table (pupil_id bigint, school_urn int, admitted_on date, months int, nth int, attended bigint,
	authorised bigint, unauthorised bigint, unresolved bigint, gaps bigint)
language sql stable rows 500
begin atomic
	select e.pupil_id, e.school_urn, e.admitted_on, s.months, s.nth,
	       coalesce(sum(data.session_count(w.attended & k.sessions)), 0),
	       coalesce(sum(data.session_count(w.authorised & k.sessions)), 0),
	       coalesce(sum(data.session_count(w.unauthorised & k.sessions)), 0),
	       coalesce(sum(data.session_count(w.unresolved & k.sessions)), 0),
	       coalesce(sum(data.session_count(w.gaps & k.sessions)), 0)
	  from data.enrolment e
	       join jsonb_to_recordset(spans) as s (school_urn int, months int, nth int, begins date, ends date)
	         on s.school_urn = e.school_urn
	       left join data.pupil_weeks(since, as_of, pupils) w
	         on w.pupil_id = e.pupil_id and w.week between s.begins - 4 and s.ends
	       cross join lateral (select data.sessions_between(w.week, s.begins, s.ends)::int as sessions) as k
	 where e.pupil_id = any (pupils) and e.admitted_on <= as_of and (e.left_on is null or e.left_on >= as_of)
	 group by e.pupil_id, e.school_urn, e.admitted_on, s.months, s.nth;
end;
comment on function data.referral_sums(jsonb, date, date,
	bigint[]) is 'The sums of pupils over the spans of the rules of the schools whose roll they are on';

-- schools: whose rules; pupils: null for all.  weeks: what would come of it as of so
-- many weeks later, if all their sessions, ten a week, were missed.  monthly: of a
-- falling rule the figures, the month before the first month included, oldest first;
-- evidence_from is the first day of that month.
create or replace function data.referral_found(schools int[], pupils bigint[], as_of date, weeks int)
returns table (pupil_id bigint, school_urn int, place int, months int, below_percent int, falling boolean,
	policy_version_id bigint, clause text, window_start date, evidence_from date, attended bigint, authorised bigint,
	unauthorised bigint, unresolved bigint, gaps bigint, safe boolean, monthly text)
language plpgsql stable rows 200 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	missed   constant int := 10 * weeks;
	spans    jsonb    := (select jsonb_agg(s) from data.referral_spans(schools, as_of, weeks) s);
	since    date     := (select min(s.begins) from jsonb_to_recordset(spans) as s (begins date));
	suspects bigint[] := coalesce(pupils, array(select p from data.referral_suspects(spans, since, as_of, missed) as p));
begin
	return query
	with rule as materialized (
		select r.* from data.referral_rules(schools, as_of + 7 * weeks) r
	), summed as materialized (
		select s.*, s.attended + s.authorised + s.unauthorised + case when s.nth <= 0 then missed else 0 end as possible
		  from data.referral_sums(spans, since, as_of, suspects) s
	), month as (
		select s.*, b.attended as attended_before, b.possible as possible_before, b.gaps as gaps_before
		  from summed s left join summed b on b.pupil_id = s.pupil_id and b.school_urn = s.school_urn and b.months = s.months
		                                  and b.nth = s.nth + 1
		 where s.nth >= 0
	), fell as materialized (
		select m.pupil_id, m.school_urn, m.months,
		       bool_and((m.attended + m.unresolved + m.gaps) * (m.possible_before + m.gaps_before)
		                < m.attended_before * (m.possible + m.gaps)) as safe,
		       string_agg(coalesce(data.percentage(m.attended, m.possible)::text, '–'), ', ' order by m.nth desc) as monthly
		  from month m
		 group by m.pupil_id, m.school_urn, m.months
		having bool_and(data.is_lower(m.attended, m.possible, m.attended_before, m.possible_before))
		           filter (where m.nth < m.months)
	), met as (
		select s.*, r.place, r.below_percent, r.falling, r.policy_version_id, r.clause, null::text as monthly,
		       data.is_below(s.attended + s.unresolved + s.gaps, s.possible + s.gaps, r.below_percent) as safe
		  from summed s join rule r on r.school_urn = s.school_urn and r.months = s.months
		 where s.nth = -1 and data.is_below(s.attended, s.possible, r.below_percent)
		union all
		select s.*, r.place, r.below_percent, r.falling, r.policy_version_id, r.clause, f.monthly, f.safe
		  from fell f
		       join summed s on s.pupil_id = f.pupil_id and s.school_urn = f.school_urn and s.months = f.months and s.nth = -1
		       join rule r on r.school_urn = s.school_urn and r.months = s.months and r.falling
	)
	select distinct on (m.pupil_id) m.pupil_id, m.school_urn, m.place, m.months, m.below_percent, m.falling,
	       m.policy_version_id, m.clause, data.months_before(as_of, m.months),
	       data.months_before(as_of, m.months + (m.monthly is not null)::int), m.attended, m.authorised, m.unauthorised,
	       m.unresolved, m.gaps, m.safe, m.monthly
	  from met m
	 order by m.pupil_id, m.admitted_on, m.school_urn, m.place, m.monthly nulls first;
end;
$$;
comment on function data.referral_found(int[], bigint[], date, int) is 'Who meets the rule of a school as of a day, with the figures';

create or replace function data.referral_rule_words(months int, below_percent int, monthly text) returns text
language sql immutable
return case when monthly is null then format('below %s %% over %s months', below_percent, months)
            else format('falling over %s months: %s %%', months, monthly) end;
comment on function data.referral_rule_words(int, int, text) is 'A rule that is met, in words, with the figures of its months';
