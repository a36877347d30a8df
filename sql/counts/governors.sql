-- The page for governors: numbers of a school and a window of days, no name of
-- anybody.  place: the order on the page.  Every school has every measure, with 0
-- where there was none, so that two terms can be laid side by side.

create or replace function data.governors_visits(schools int[], since timestamptz, until timestamptz)
returns table (school_urn int, place int, measure text, value numeric, unit text)
language sql stable rows 100
begin atomic
	with counted as (
		select s.urn, count(*) filter (where v.made) as made,
		       count(*) filter (where v.made and v.outcome in ('seen_family', 'seen_pupil', 'spoke_at_door')) as seen,
		       count(*) filter (where v.made and v.alone) as alone,
		       count(*) filter (where v.made and v.unannounced) as unannounced,
		       count(*) filter (where v.unsafe) as unsafe
		  from unnest(schools) as s (urn) left join data.visits_counted(schools, since, until) v on v.school_urn = s.urn
		 group by s.urn
	), outside as (
		select v.school_urn, count(distinct v.visit_id) as visits,
		       count(distinct v.visit_id) filter (where d.breached_at is not null) as breached
		  from data.visits_counted(schools, since, until) v join data.duty d on d.visit_id = v.visit_id
		       join data.clause c on c.policy_version_id = d.policy_version_id and c.clause = d.clause
		 where v.made and c.strength = 'must' and data.is_outside(duty.state(d, now()), d.breached_at)
		 group by v.school_urn
	), late as (
		select d.school_urn, count(distinct d.visit_id) as visits
		  from data.records_late(schools, since, until) d group by d.school_urn
	)
	select c.urn, m.place, m.measure, m.value, 'visits'
	  from counted c left join outside o on o.school_urn = c.urn left join late l on l.school_urn = c.urn
	       cross join lateral (values
			(101, 'Visits made', c.made), (102, 'Visits where somebody was seen', c.seen),
			(103, 'Visits made by one alone', c.alone), (104, 'Visits made unannounced', c.unannounced),
			(105, 'Visits outside policy on a must', coalesce(o.visits, 0)),
			(106, 'Visits that went ahead without a must', coalesce(o.breached, 0)),
			(107, 'Visits cancelled or broken off for safety', c.unsafe),
			(108, 'Visits written up late, or not yet', coalesce(l.visits, 0))) as m (place, measure, value);
end;
comment on function data.governors_visits(int[], timestamptz, timestamptz) is 'What the page for governors says of visits';

create or replace function data.governors_alarms(schools int[], "first" date, "last" date)
returns table (school_urn int, place int, measure text, value numeric, unit text)
language sql stable rows 100
begin atomic
	with counted as (
		select s.urn, count(*) filter (where not e.drill and e.cause in ('help', 'code_word')) as help,
		       count(*) filter (where not e.drill and e.cause in ('overdue', 'no_answer')) as overdue,
		       percentile_cont(0.5) within group (order by t.reached) filter (where not e.drill) as median,
		       max(t.reached) filter (where not e.drill) as worst,
		       count(*) filter (where not e.drill and t.reached is null) as never,
		       count(distinct e.visit_id) filter (where e.drill) as drills,
		       percentile_cont(0.5) within group (order by t.reached) filter (where e.drill) as drill_median,
		       max(t.reached) filter (where e.drill) as drill_worst
		  from unnest(schools) as s (urn)
		       left join (data.escalations_timed(schools, "first", "last") t join data.escalation e using (escalation_id))
		              on e.school_urn = s.urn
		 group by s.urn
	)
	select c.urn, m.place, m.measure, m.value, m.unit
	  from counted c cross join lateral (values
		(201, 'Calls for help', c.help, 'alarms'), (202, 'Teams overdue, or not answering', c.overdue, 'alarms'),
		(203, 'Time to reach a human, median', round(c.median::numeric, 1), 'minutes'),
		(204, 'Time to reach a human, worst', c.worst, 'minutes'),
		(205, 'Alarms in which the team was not reached', c.never, 'alarms'),
		(206, 'Drills with an alarm', c.drills, 'drills'),
		(207, 'Time to reach a human in drills, median', round(c.drill_median::numeric, 1), 'minutes'),
		(208, 'Time to reach a human in drills, worst', c.drill_worst, 'minutes')) as m (place, measure, value, unit);
end;
comment on function data.governors_alarms(int[], date, date) is 'What the page for governors says of alarms and drills';

-- As they stand on the last day.
create or replace function data.governors_readiness(schools int[], "last" date)
returns table (school_urn int, place int, measure text, value numeric, unit text)
language sql stable rows 100
begin atomic
	with lapsed as materialized ( -- found once
		select distinct f.staff_id from data.staff_facts("last") f
		 where f.kind in ('check', 'training') and f.valid_until < "last"
	), expired as (
		select p.school_urn, count(*) as staff
		  from data.post p join lapsed l using (staff_id)
		 where p.school_urn = any (schools) and coalesce(p.left_on, 'infinity') >= "last"
		 group by p.school_urn
	)
	select s.urn, m.place, m.measure, m.value, m.unit
	  from unnest(schools) as s (urn) left join expired x on x.school_urn = s.urn cross join lateral (values
		(301, 'Staff whose vetting or training has expired', coalesce(x.staff, 0), 'staff'),
		(302, 'Policies past their review', (select count(*) from data.policy_reviews("last") r
			where r.school_urn = s.urn and r.days_over > 0), 'policies')) as m (place, measure, value, unit);
end;
comment on function data.governors_readiness(int[], date) is 'What the page for governors says of staff and policies';

create or replace function data.governors_families(schools int[], "first" date, "last" date)
returns table (school_urn int, place int, measure text, value numeric, unit text)
language sql stable rows 100
begin atomic
	with agreed as (
		select a.school_urn, count(*) as made, count(*) filter (where a.state = 'kept') as kept,
		       count(*) filter (where a.state = 'broken') as broken
		  from data.agreement a where a.made_on between "first" and "last" group by a.school_urn
	)
	select s.urn, m.place, m.measure, m.value, m.unit
	  from unnest(schools) as s (urn) left join agreed a on a.school_urn = s.urn cross join lateral (values
		(401, 'Agreements made', coalesce(a.made, 0), 'agreements'),
		(402, 'Agreements made, and kept', coalesce(a.kept, 0), 'agreements'),
		(403, 'Agreements made, and broken', coalesce(a.broken, 0), 'agreements'),
		(404, 'Letters sent', (select count(*) from data.letter l where l.school_urn = s.urn
			and l.state = 'sent' and l.sent_on between "first" and "last"), 'letters'),
		(405, 'Referrals proposed', (select count(*) from data.referral r where r.school_urn = s.urn
			and data.day_of(r.proposed_at) between "first" and "last"), 'referrals'),
		(406, 'Referrals made to the authority', (select count(*) from data.referral r where r.school_urn = s.urn
			and data.day_of(r.notified_at) between "first" and "last"), 'referrals'),
		(407, 'Safeguarding concerns recorded', (select count(*) from data.concern k join data.visit v using (visit_id)
			where k.school_urn = s.urn and not v.drill and data.day_of(k.at) between "first" and "last"),
			'concerns')) as m (place, measure, value, unit);
end;
comment on function data.governors_families(int[], date, date) is 'What the page for governors says of agreements, letters, referrals and concerns';

-- For a client with the scope for visits, of the schools that it sees (null: all of
-- these).  A definer, so that the page says the same whoever prints it: counts go
-- out and nothing else.
create or replace function data.governors_seen(school int, "first" date, "last" date)
returns table (school_urn int, place int, measure text, value numeric, unit text)
language plpgsql stable rows 500 security definer set search_path = pg_catalog set jit = off
	set plan_cache_mode = force_custom_plan
as $$
declare
	schools int[] := array(select s from unnest(auth.schools()) as s
	                        where auth.has_scope('counts:read') and (school is null or s = school));
begin
	return query
	select v.* from data.governors_visits(schools, data.moment_first("first"::text), data.moment_end("last"::text)) v
	union all
	select a.* from data.governors_alarms(schools, "first", "last") a
	union all
	select r.* from data.governors_readiness(schools, "last") r
	union all
	select f.* from data.governors_families(schools, "first", "last") f;
end;
$$;
comment on function data.governors_seen(int, date, date) is 'The page for governors as a client may see it';
