-- Weighing: what all clauses of the policy ask of a visit, stored as rows of
-- data.duty.  The watch and the board read those rows and nothing else.

-- All findings of a visit.  One select for every kind of clause there is, so
-- that it is planned once: made here, after the kinds.
do $$
declare
	kinds text := (select string_agg(format(
		'select c.clause, f.* from data.clause c, duty.%1$I(v, c) f'
		' where c.policy_version_id = version and c.kind = %1$L', k.kind), E'\nunion all\n' order by k.kind)
		  from data.clause_kind k where k.about = 'visit'
		   and to_regprocedure(format('duty.%I(data.visit, data.clause)', k.kind)) is not null);
begin
	execute format($function$
		create function duty.findings(v data.visit, version bigint)
		returns table (clause text, part text, gate data.duty_gate, applies boolean, due_at timestamptz,
			holds boolean,
			met_at timestamptz, broken_at timestamptz, closed_at timestamptz, evidence text, missing text,
			roles data.staff_role[])
		language plpgsql stable as $body$ begin return query %s; end; $body$ $function$, kinds);
end;
$$;
comment on function duty.findings(data.visit, bigint) is 'What the clauses of a policy ask of a visit';

-- Who met a duty: who is named by what met it, at that very time.  Null where
-- nobody is, as with what is a matter of how things stand.
create function duty.met_by(v data.visit, c data.clause, part text, met_at timestamptz) returns bigint
language plpgsql stable
as $$
begin
	return case when met_at is not null then coalesce(
		(select min(e.by_staff_id) from data.event e
		  where e.visit_id = v.visit_id and e.at = met_by.met_at and e.kind = 'done' and e.clause = c.clause
		    and e.part in ('', met_by.part)),
		(select min(d.by_staff_id) from data.approval_decision d
		  where d.visit_id = v.visit_id and d.at = met_by.met_at and d.decision = 'approved'
		    and c.kind in ('approval', 'dsl_input', 'concerns_discussed') and met_by.part in ('',
		        d.role::text)),
		(select min(a.by_staff_id) from data.risk_assessment a
		  where a.at = met_by.met_at and a.school_urn = v.school_urn
		    and c.kind in ('risk_assessment', 'lone_working_assessment', 'assessment_hazards')),
		(select min(r.by_staff_id) from data.visit_record r
		  where r.visit_id = v.visit_id and r.at = met_by.met_at),
		(select min(e.by_staff_id) from data.event e
		  where e.visit_id = v.visit_id and e.at = met_by.met_at and e.kind <> 'done')) end;
end;
$$;
comment on function duty.met_by(data.visit, data.clause, text,
	timestamptz) is 'Who of the staff met a duty; null where nobody is named';

-- The same as it is stored: a clause for other purposes, or with nothing to
-- find, does not apply; a visit that is cancelled asks for no more
-- preparation; what stands before the departure can't be met after it; what was
-- met stays met once the visit is over, whoever changes their role afterwards.
create function duty.weighed(v data.visit, version bigint) returns setof data.duty
language sql stable rows 60
begin atomic
	select distinct on (c.position, coalesce(f.part, ''))
	       d.duty_id, v.visit_id, v.school_urn, version, c.clause, coalesce(f.part, ''), f.gate, k.scope, a.applies,
	       f.due_at, m.met_at, duty.met_by(v, c, coalesce(f.part, ''), m.met_at),
	       case when m.met_at is null then null when f.met_at is not null or f.holds
	           then f.evidence
	           else d.evidence end, coalesce(f.missing, c.words),
	       case when a.applies then f.broken_at end,
	       case when m.met_at is null then coalesce(f.closed_at, case when f.gate is not null
	           then v.departed_at end) end,
	       coalesce(nullif(f.roles, '{}'), duty.roles(c, 'tell')),
	       w.at, b.at, d.told_due_at, null::boolean, d.created_at, d.updated_at, null::bigint
	  from data.clause c
	       join data.clause_kind k on k.kind = c.kind and k.about = 'visit'
	       left join duty.findings(v, version) f on f.clause = c.clause
	       left join data.duty d on d.visit_id = v.visit_id and d.policy_version_id = version
	                            and d.clause = c.clause and d.part = coalesce(f.part, '')
	       left join lateral (select max(w.at) as at from data.deviation w
	            where w.visit_id = v.visit_id and w.clause = c.clause and w.part = coalesce(f.part, '')
	              and w.kind = 'waived' and (w.recorded_at >= v.plan_changed_at
	                  or v.departed_at is not null)) as w on true
	       left join data.deviation b on b.visit_id = v.visit_id and b.clause = c.clause
	                                 and b.part = coalesce(f.part, '') and b.kind = 'breached',
	       lateral (select coalesce(f.applies, false)
	                       and (not c.parameters ? 'only_for' or v.purpose::text = any (duty.texts(c, 'only_for')))
	                       and v.purpose::text <> all (duty.texts(c, 'not_for'))
	                       and not (f.gate is not null and v.departed_at is null
	                                and v.cancelled_at is not null) as applies) as a,
	       lateral (select case when a.applies then coalesce(f.met_at,
	                       case when f.holds then coalesce(d.met_at, clock_timestamp())
	                            when duty.over_at(v) is not null then d.met_at end) end as met_at) as m
	 where c.policy_version_id = version
	 order by c.position, coalesce(f.part, '');
end;
comment on function duty.weighed(data.visit, bigint) is 'The duties of a visit as they stand now';

create function duty.store(duties data.duty[]) returns void
language plpgsql volatile
as $$
begin
	insert into data.duty as d (visit_id, agreement_id, school_urn, policy_version_id, clause, part, gate, scope, applies,
	                            due_at,
	                            met_at, met_by, evidence, missing, broken_at, closed_at, roles, waived_at, breached_at)
	select f.visit_id, f.agreement_id, f.school_urn, f.policy_version_id, f.clause, f.part, f.gate, f.scope, f.applies,
	       f.due_at,
	       f.met_at, f.met_by, f.evidence, f.missing, f.broken_at, f.closed_at, f.roles, f.waived_at, f.breached_at
	  from unnest(duties) f
	    on conflict (visit_id, agreement_id, policy_version_id, clause, part) do update
	   set gate = excluded.gate, scope = excluded.scope, applies = excluded.applies, due_at = excluded.due_at,
	       met_at = excluded.met_at, met_by = excluded.met_by, evidence = excluded.evidence,
	       missing = excluded.missing, broken_at = excluded.broken_at, closed_at = excluded.closed_at,
	       roles = excluded.roles, waived_at = excluded.waived_at, breached_at = excluded.breached_at
	 where (d.gate, d.scope, d.applies, d.due_at, d.met_at, d.met_by, d.evidence, d.missing, d.broken_at,
	        d.closed_at, d.roles, d.waived_at, d.breached_at)
	       is distinct from (excluded.gate, excluded.scope, excluded.applies, excluded.due_at, excluded.met_at,
	        excluded.met_by, excluded.evidence, excluded.missing, excluded.broken_at, excluded.closed_at,
	        excluded.roles, excluded.waived_at, excluded.breached_at);
end;
$$;
comment on function duty.store(data.duty[]) is 'Stores the duties that are others than before';

-- Duties that are not found any more (the part went, or the policy is another)
-- apply no more; what never applied, and nobody was told of, goes.
create function duty.drop_others(visit bigint, kept data.duty[]) returns void
language plpgsql volatile
as $$
declare
	other data.duty;
begin
	for other in
		select d.* from data.duty d
		 where d.visit_id = visit and not exists (select from unnest(kept) f
		       where (f.policy_version_id, f.clause, f.part) = (d.policy_version_id, d.clause, d.part))
	loop
		if other.applies or exists (select from data.notification n where n.duty_id = other.duty_id) then
			update data.duty d set applies = false where d.duty_id = other.duty_id and d.applies;
		else
			delete from data.duty d where d.duty_id = other.duty_id;
		end if;
	end loop;
end;
$$;
comment on function duty.drop_others(bigint, data.duty[]) is 'Lets go the duties of a visit that were not found';

-- What was decided on a visit follows from its decisions and, where the policy
-- asks for approval, from those duties: all of them met.
create function duty.decide(visit bigint, followed bigint) returns void
language plpgsql volatile
as $$
declare
	approval record;
	refusal  timestamptz;
begin
	select count(*) as asked, bool_and(d.met_at is not null or d.waived_at is not null) as all_met,
	       max(coalesce(d.met_at, d.waived_at)) as at
	  into approval
	  from data.duty d join data.clause c using (policy_version_id, clause)
	 where d.visit_id = visit and d.policy_version_id = followed and c.kind = 'approval' and d.applies;
	if approval.asked = 0 then
		select count(*) as asked, true as all_met, max(d.at) as at into approval
		  from data.approval_decision d join data.visit v using (visit_id)
		 where d.visit_id = visit and d.decision = 'approved' and d.recorded_at >= v.plan_changed_at;
	end if;
	select d.at into refusal from data.approval_decision d join data.visit v using (visit_id)
	 where d.visit_id = visit and d.decision = 'refused' and d.recorded_at >= v.plan_changed_at
	   and not exists (select from data.approval_decision later
	                    where later.visit_id = visit and later.decision = 'approved'
	                      and later.decision_id > d.decision_id and later.role = d.role)
	 order by d.decision_id desc limit 1;
	update data.visit v
	   set approved_at = case when approval.all_met and refusal is null then approval.at end, refused_at = refusal,
	       policy_version_id = followed
	 where v.visit_id = visit
	   and (v.approved_at, v.refused_at, v.policy_version_id)
	       is distinct from (case when approval.all_met and refusal is null then approval.at end, refusal,
	           followed);
end;
$$;
comment on function duty.decide(bigint, bigint) is 'Carries the decisions on a visit over into it';

-- Weighs a visit: idempotent, and for whoever asks, since it tells nothing.
create function duty.weigh(visit bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	v       data.visit;
	followed bigint;
	stood   data.visit_state;
	duties  data.duty[];
begin
	select x.* into v from data.visit x where x.visit_id = visit for no key update;
	followed := data.policy_of(v.school_urn, data.day_of(v.planned_start));
	for turn in 1 .. 2 loop -- a second time when the state changed by what the first found
		duties := coalesce((select array_agg(d) from duty.weighed(v, followed) d), '{}');
		perform duty.store(duties);
		perform duty.drop_others(visit, duties);
		stood := v.state;
		perform duty.decide(visit, followed);
		select x.* into v from data.visit x where x.visit_id = visit;
		exit when v.state = stood;
	end loop;
end;
$$;
comment on function duty.weigh(bigint) is 'Weighs the duties of a visit and stores them';

-- For when something changed that many visits may depend on.  In one order,
-- so that two of these don't wait for one another; what was never made nor
-- cancelled is let go after a month, where no day is said from which on.
create function duty.weigh_open(school int, since timestamptz default '-infinity') returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform duty.weigh(o.visit_id) from (
		select v.visit_id from data.visit v
		 where v.school_urn = school and v.planned_start >= since
		   and (v.policy_version_id is not null or data.policy_of(school,
		       data.day_of(v.planned_start)) is not null)
		   and (v.departed_at is not null and v.returned_at is null
		        or v.state in ('requested', 'approved', 'refused')
		            and (since > '-infinity' or v.planned_end > now() - interval '31 days'))
		 order by v.visit_id) as o;
end;
$$;
comment on function duty.weigh_open(int,
	timestamptz) is 'Weighs the visits of a school that are, or come, under a policy and are not over';

create function duty.weigh_followers(code text) returns void
language plpgsql volatile
as $$
begin
	perform duty.weigh_open(a.school_urn) from (
		select distinct a.school_urn from data.adoption a where a.policy_code = code) as a;
end;
$$;
comment on function duty.weigh_followers(text) is 'Weighs the visits, of schools that follow a policy, that are not over';

-- How a duty stands at a moment.
create function duty.state(d data.duty, at timestamptz) returns data.duty_state
language sql immutable parallel safe
return case
	when not (d).applies then 'not_applicable'
	when (d).broken_at is not null then 'missed'
	when (d).met_at is not null then 'met'
	when (d).waived_at is not null then 'waived'
	when (d).closed_at is not null then 'missed'
	when (d).due_at < at then 'late'
	else 'due'
end::data.duty_state;
comment on function duty.state(data.duty, timestamptz) is 'How a duty stands at a moment';

-- What stands before a step: the duties of clauses with "must" that are unmet.
-- That the parents declined stands before a departure as long as nobody goes.
create function duty.unmet(visit bigint, gates data.duty_gate[]) returns setof data.duty
language sql stable rows 5
begin atomic
	select d.* from data.duty d join data.clause c using (policy_version_id, clause)
	 where d.visit_id = visit and d.gate = any (gates) and c.strength = 'must'
	   and (d.open or c.kind = 'right_to_decline' and d.applies and d.waived_at is null)
	 order by c.position, d.part;
end;
comment on function duty.unmet(bigint, data.duty_gate[]) is 'The unmet duties that stand before a step of a visit';

-- Duties as a refusal lists them.
create function duty.told(duties data.duty[]) returns jsonb
language sql stable
return coalesce((select jsonb_agg(jsonb_build_object('clause', d.clause, 'part', d.part, 'policy', v.policy_code,
		'version', v.version, 'place', c.place, 'words', c.words, 'strength', c.strength, 'missing', d.missing)
		order by c.position, d.part)
	  from unnest(duties) d join data.clause c using (policy_version_id, clause)
	       join data.policy_version v using (policy_version_id)), '[]');
comment on function duty.told(data.duty[]) is 'Duties with their clauses as JSON, for a refusal';
