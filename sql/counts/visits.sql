-- What reports count, each thing in one place: the report that lists it and the
-- page that counts it must agree.  Rows, not values, so that they become part of the
-- query: of a program they show what its client may see, of a definer everything.
-- schools: of these; null for all that are seen.

-- The visits planned from a time on and before another; drills are none.  The times have
-- to be at hand, worked out before: under row-level security no function but a leakproof
-- one goes by an index.  alone, unannounced: of those that were made, or may yet be.
-- unsafe: cancelled, declined or broken off for it.
create or replace function data.visits_counted(schools int[], since timestamptz, until timestamptz)
returns table (visit_id bigint, school_urn int, made boolean, outcome data.visit_outcome, alone boolean,
	unannounced boolean, unsafe boolean)
language sql stable rows 1000
begin atomic
	select v.visit_id, v.school_urn, v.departed_at is not null,
	       (select r.outcome from data.visit_record r where r.visit_id = v.visit_id order by r.record_id desc limit 1),
	       h.happens and (select count(*) = 1 from data.team_member t where t.visit_id = v.visit_id),
	       h.happens and not v.announced, coalesce(v.end_reason in ('dangerous_animal', 'felt_unsafe', 'no_adult'), false)
	  from data.visit v
	       cross join lateral (select v.departed_at is not null or v.state in ('requested', 'approved') as happens) as h
	 where not v.drill and (schools is null or v.school_urn = any (schools))
	   and v.planned_start >= since and v.planned_start < until;
end;
comment on function data.visits_counted(int[], timestamptz, timestamptz) is 'The visits planned for a window, and what is counted of them';

-- What was asked of a visit that took place and was not done: missed, late or
-- waived, or the visit went on without it.
create or replace function data.is_outside(state data.duty_state, breached_at timestamptz) returns boolean
language sql immutable parallel safe
return state in ('missed', 'late', 'waived') or breached_at is not null;
comment on function data.is_outside(data.duty_state, timestamptz) is 'Whether a duty of a visit that took place was not done as the policy asks';

create or replace function data.records_late(schools int[], since timestamptz, until timestamptz)
returns setof data.duty
language sql stable rows 100
begin atomic
	select d.* from data.visits_counted(schools, since, until) v join data.duty d on d.visit_id = v.visit_id
	       join data.clause c on c.policy_version_id = d.policy_version_id and c.clause = d.clause
	                         and c.kind = 'written_record'
	 where d.applies and d.due_at < coalesce(d.met_at, now()) and d.waived_at is null;
end;
comment on function data.records_late(int[], timestamptz, timestamptz) is 'The written records of visits of a window that came late, or are late and not there yet';

-- In minutes, rounded down; reached: until the team was reached or known to be
-- safe, null when it never was.
create or replace function data.escalations_timed(schools int[], "first" date, "last" date)
returns table (escalation_id bigint, rungs bigint, late_by numeric, first_tried numeric, reached numeric)
language sql stable rows 100
begin atomic
	select e.escalation_id, r.rungs, trunc((extract(epoch from e.opened_at - e.due_at) / 60)::numeric, 1),
	       trunc((extract(epoch from r.tried_at - e.opened_at) / 60)::numeric, 1),
	       trunc((extract(epoch from r.reached_at - e.opened_at) / 60)::numeric, 1)
	  from data.escalation e
	       cross join lateral (
	            select count(*) as rungs, min(r.tried_at) as tried_at,
	                   min(r.tried_at) filter (where r.result in ('team_reached', 'team_safe')) as reached_at
	              from data.rung r where r.escalation_id = e.escalation_id) as r
	 where (schools is null or e.school_urn = any (schools)) and data.day_of(e.opened_at) between "first" and "last";
end;
comment on function data.escalations_timed(int[], date, date) is 'The escalations opened in a window of days, and how long it took to reach somebody';
