-- Who meets the rule of a school.  Sums are a pupil's own, over all schools of
-- the trust and whoever asks: a pupil who moved inside the window is counted
-- once, on all marks.  Pupils are those on roll on the day; of two schools at
-- once, that whose rule is met counts, and of two such the one with the longer stay.
--
-- schools: whose rules; pupils: null for all.  missed: so many sessions more,
-- all of them missed, for what would come of it.  months: of a falling rule the
-- figures, the month before the first month included, oldest first.
create or replace function data.referral_found(schools int[], pupils bigint[], as_of date, missed int)
returns table (pupil_id bigint, school_urn int, place int, months int, below_percent int, falling boolean,
	policy_version_id bigint, clause text, window_start date, attended bigint, authorised bigint, unauthorised bigint,
	unresolved bigint, gaps bigint, safe boolean, monthly text)
language plpgsql stable rows 200 set jit = off set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
	return query
	with rule as materialized (
		select r.* from data.referral_rules(schools, as_of) r
	), stay as materialized (
		select e.pupil_id, e.school_urn, e.admitted_on
		  from data.enrolment e
		 where e.school_urn = any (schools) and e.admitted_on <= as_of and (e.left_on is null or e.left_on >= as_of)
		   and (pupils is null or e.pupil_id = any (pupils))
	), below as (
		select t.pupil_id, t.admitted_on, r.*, s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps,
		       100 * (s.attended + s.unresolved + s.gaps)
		           < r.below_percent * (s.attended + s.authorised + s.unauthorised + s.gaps + missed) as safe,
		           	null::text as monthly
		  from (select r.months, min(r.below_percent) as least, max(r.below_percent) as most from rule r
		         where r.below_percent is not null group by r.months) as w
		       cross join lateral data.referral_sums(data.months_before(as_of, w.months), as_of, pupils, w.most, missed) s
		       join stay t on t.pupil_id = s.pupil_id
		       join rule r on r.school_urn = t.school_urn and r.months = w.months
		 where 100 * s.attended < r.below_percent * (s.attended + s.authorised + s.unauthorised + missed)
	), fell as (
		select t.pupil_id, t.admitted_on, r.*, s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps, f.safe,
			f.monthly
		  from (select r.months, array_agg(r.school_urn) as schools from rule r where r.falling group by r.months) as w
		       cross join lateral data.referral_falling((select array_agg(t.pupil_id) from stay t
		           where t.school_urn = any (w.schools)), as_of, w.months, missed) f
		       join stay t on t.pupil_id = f.pupil_id
		       join rule r on r.school_urn = t.school_urn and r.months = w.months and r.falling
		       cross join lateral data.pupil_sums(data.months_before(as_of, w.months), as_of, array[f.pupil_id]) s
	), met as (
		select distinct on (m.pupil_id) m.* from (select b.* from below b union all select f.* from fell f) as m
		 order by m.pupil_id, m.admitted_on, m.school_urn, m.place, m.monthly nulls first
	)
	select m.pupil_id, m.school_urn, m.place, m.months, m.below_percent, m.falling, m.policy_version_id, m.clause,
	       data.months_before(as_of, m.months), m.attended, m.authorised, m.unauthorised, m.unresolved, m.gaps, m.safe,
	       m.monthly
	  from met m;
end;
$$;
comment on function data.referral_found(int[], bigint[], date, int) is 'Who meets the rule of a school as of a day, with the figures';

-- The sums of those who are below so many percent.
create or replace function data.referral_sums("first" date, "last" date, pupils bigint[], percent int, missed int)
returns table (pupil_id bigint, attended bigint, authorised bigint, unauthorised bigint, unresolved bigint, gaps bigint)
language sql stable rows 500
begin atomic
	select s.pupil_id, s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps
	  from data.pupil_sums("first", "last", pupils) s
	 where 100 * s.attended < percent * (s.attended + s.authorised + s.unauthorised + missed);
end;
comment on function data.referral_sums(date, date, bigint[], int, int) is 'The sums of pupils who are below so many percent in a window';

-- Whose attendance fell in each of so many months that end on a day; compared as
-- fractions.  Safe: whatever becomes of what is open, each month stays lower.
create or replace function data.referral_falling(pupils bigint[], as_of date, months int, missed int)
returns table (pupil_id bigint, safe boolean, monthly text)
language sql stable rows 100
begin atomic
	with month as (
		select s.pupil_id, n, s.attended, s.attended + s.authorised + s.unauthorised + case n when 0 then missed
			else 0 end as possible,
		       s.unresolved + s.gaps as open, s.gaps
		  from generate_series(0, referral_falling.months) as n
		       cross join lateral data.pupil_sums((as_of - make_interval(months => n + 1))::date + 1,
		           (as_of - make_interval(months => n))::date, pupils) s
	), pair as (
		select m.*, b.pupil_id is not null and m.possible > 0 and b.possible > 0
		                and m.attended * b.possible < b.attended * m.possible as fell,
		       b.pupil_id is not null and (m.attended + m.open) * (b.possible + b.gaps) < b.attended * (m.possible + m.gaps)
		           as fell_surely
		  from month m left join month b on b.pupil_id = m.pupil_id and b.n = m.n + 1
	)
	select p.pupil_id, bool_and(p.fell_surely) filter (where p.n < referral_falling.months),
	       string_agg(coalesce(data.percentage(p.attended, p.possible)::text, '–'), ', ' order by p.n desc)
	  from pair p group by p.pupil_id
	having bool_and(p.fell) filter (where p.n < referral_falling.months) and count(*) = referral_falling.months + 1;
end;
comment on function data.referral_falling(bigint[], date, int, int) is 'Whose attendance fell month by month';

create or replace function data.referral_rule_words(months int, below_percent int, monthly text) returns text
language sql immutable
return case when monthly is null then format('below %s %% over %s months', below_percent, months)
            else format('falling over %s months: %s %%', months, monthly) end;
comment on function data.referral_rule_words(int, int, text) is 'A rule that is met, in words, with the figures of its months';
