create view api.approval_request with (security_invoker = true) as
select r.request_id as id, r.visit_id, r.by_staff_id as "by", r.note, r.at, r.recorded_at, v.state as visit_state
  from data.approval_request r join data.visit v using (visit_id);
comment on view api.approval_request is 'Requests for approval as the API shows them';

create view api.approval with (security_invoker = true) as
select d.decision_id as id, d.visit_id, d.request_id, d.decision, d.by_staff_id as "by", d.role,
	d.for_staff_id as "for",
       d.lone, d.note, d.emergency_reason is not null as emergency, d.emergency_reason as reason, d.at, d.recorded_at,
       v.state as visit_state
  from data.approval_decision d join data.visit v using (visit_id);
comment on view api.approval is 'Decisions on visits as the API shows them';

-- Both fail with DS404 when there is no such visit.
create function api.approval_request_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.approval_request
language plpgsql stable rows 2
as $$
begin
	perform api.visit_is_known(visit);
	return query select r.* from api.approval_request r
	              where r.visit_id = visit and (after is null or r.id > after) order by r.id limit max_rows;
end;
$$;
comment on function api.approval_request_list(bigint, bigint, int) is 'The requests to approve a visit';

create function api.approval_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.approval
language plpgsql stable rows 2
as $$
begin
	perform api.visit_is_known(visit);
	return query select d.* from api.approval d
	              where d.visit_id = visit and (after is null or d.id > after) order by d.id limit max_rows;
end;
$$;
comment on function api.approval_list(bigint, bigint, int) is 'The decisions on a visit';

-- body: {by, note, at}.  Fails with DS409 when the visit is over or out.
create function api.approval_request_add(visit bigint, body jsonb) returns setof api.approval_request
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(coalesce((select jsonb_agg(p) from api.staff_problems(body, 'by') p), '[]'));
	if its.state not in ('requested', 'approved', 'refused') then
		raise exception 'The visit is %: there is nothing to approve any more.',
			its.state using errcode = 'DS409';
	end if;
	insert into data.approval_request (visit_id, school_urn, by_staff_id, note, at, client_id)
	values (visit, its.school_urn, coalesce((body ->> 'by')::bigint, auth.staff_id()), body ->> 'note', api.at_of(body),
	        auth.client_id())
	returning request_id into made;
	return query select r.* from api.approval_request r where r.id = made;
end;
$$;
comment on function api.approval_request_add(bigint, jsonb) is 'Asks for approval of a visit, again';

-- The roles that decide on a visit: those of the clauses of its policy; of a
-- policy that names none, or none at all, whoever leads the school.
create function api.approver_roles(its data.visit) returns data.staff_role[]
language sql stable
return coalesce((select array_agg(distinct role::data.staff_role)
	  from data.clause c, jsonb_array_elements_text(
	       coalesce(case c.kind when 'approval' then c.parameters -> 'roles'
	           else c.parameters -> 'unless_decided_by' end, '[]')) as role
	 where c.policy_version_id = (its).policy_version_id
	   and c.kind in ('approval', 'team_size')),
	'{headteacher,deputy,assistant_head,dsl,leadership}');
comment on function api.approver_roles(data.visit) is 'The roles that may decide on a visit';

-- In which role somebody decides: the one that was said, or the first held;
-- for somebody who delegated it, in theirs.  Fails with DS430 when none.
create function api.approver_role(its data.visit, decider bigint, said data.staff_role, for_staff bigint)
returns data.staff_role
language plpgsql stable
as $$
declare
	allowed data.staff_role[] := api.approver_roles(its);
	held    data.staff_role;
begin
	if for_staff is not null and exists (select from data.clause c
	      where c.policy_version_id = its.policy_version_id and c.kind = 'approval')
	   and not exists (select from data.clause c where c.policy_version_id = its.policy_version_id
	          and c.kind = 'approval' and (c.parameters ->> 'delegable')::boolean) then
		raise exception 'The policy of the visit lets nobody decide in the place of another.' using errcode = 'DS430';
	end if;
	select role into held
	  from data.post p, unnest(p.roles) as approver (role)
	 where p.staff_id = coalesce(for_staff, decider) and p.school_urn = its.school_urn and data.lasts(p.left_on)
	   and role = any (allowed) and (said is null or role = said)
	   and (for_staff is null or exists (select from data.delegation d
	        where d.school_urn = its.school_urn and d.from_staff_id = for_staff and d.to_staff_id = decider
	          and d.role = approver.role and data.day_of(now()) between d.from_on and coalesce(d.until_on,
	              'infinity')))
	 order by role limit 1;
	if held is null then
		raise exception 'Only these decide on the visit: %. %', array_to_string(allowed, ', '),
			case when for_staff is null then 'The person does not hold that role at the school.'
			     else 'Nobody who holds that role at the school has delegated it to the person for today.' end
			using errcode = 'DS430';
	end if;
	return held;
end;
$$;
comment on function api.approver_role(data.visit, bigint, data.staff_role,
	bigint) is 'In which role somebody decides on a visit; fails with DS430';

-- Nobody approves what they asked for themselves, unless the clause that asks for the
-- approval says so ("own").  DS430.
create function api.asker_is_another(asker bigint, decider bigint, own_allowed boolean) returns void
language plpgsql immutable
as $$
begin
	if asker = decider and not coalesce(own_allowed, false) then
		raise exception 'Who asked for it does not approve it: somebody else decides.' using errcode = 'DS430';
	end if;
end;
$$;
comment on function api.asker_is_another(bigint, bigint, boolean) is 'Refuses the approval of one''s own request';

-- Who planned a visit, changed its plan since, or asked for its approval as it stands.
create function api.asked_for(its data.visit, staff bigint) returns boolean
language sql stable
return staff = (its).planned_by or exists (select from data.approval_request r
	where r.visit_id = (its).visit_id and r.by_staff_id = staff and r.recorded_at >= (its).plan_changed_at);
comment on function api.asked_for(data.visit, bigint) is 'Whether somebody planned a visit, or asked for its approval as it stands';

-- DS430 where it is their own and no clause of the policy lets them.
create function api.asker_approves(its data.visit, decider bigint) returns void
language sql stable
return api.asker_is_another(case when api.asked_for(its, decider) then decider end, decider,
	(select bool_and(coalesce((c.parameters ->> 'own')::boolean, false)) from data.clause c
	  where c.policy_version_id = (its).policy_version_id and c.kind = 'approval'));
comment on function api.asker_approves(data.visit, bigint) is 'Refuses that somebody approves a visit of their own';

-- An approval that is given before the team departed waits for the duties that
-- stand before it: DS409 with all of them.  In an emergency they are waived by
-- who approves.
create function api.approval_waits(its data.visit, body jsonb) returns void
language plpgsql volatile
as $$
declare
	emergency boolean := coalesce((body ->> 'emergency')::boolean, false);
	unmet data.duty[] := array(select d from duty.unmet(its.visit_id, '{approve}') d);
begin
	if cardinality(unmet) > 0 and not emergency then
		raise exception 'The policy asks for more before the visit is approved: % unmet.', cardinality(unmet)
			using errcode = 'DS409', detail = jsonb_build_object('duties', duty.told(unmet));
	end if;
	insert into data.deviation (visit_id, school_urn, clause, part, kind, by_staff_id, reason, emergency, at,
		client_id)
	select its.visit_id, its.school_urn, d.clause, d.part, 'waived', (body ->> 'by')::bigint, body ->> 'reason',
		true,
	       api.at_of(body), auth.client_id()
	  from unnest(unmet) d;
	perform duty.weigh(its.visit_id);
end;
$$;
comment on function api.approval_waits(data.visit,
	jsonb) is 'Lets an approval stand, or refuses with all unmet duties; waives them in an emergency';

create function api.approval_problems(body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(problem), '[]') from (
		select api.staff_problems(body, 'by', 'for') as problem
		union all
		select jsonb_build_object('pointer', p.pointer, 'detail', p.detail)
		  from (values
			('/note', 'is required: say why the visit is refused',
			 body ->> 'decision' = 'refused' and coalesce(body ->> 'note', '') !~ '[^[:space:]]'),
			('/emergency', 'is for approvals', (body ->> 'emergency')::boolean
				and body ->> 'decision' = 'refused'),
			('/lone', 'is for approvals', (body ->> 'lone')::boolean and body ->> 'decision' = 'refused'),
			('/reason', 'is required: say why it cannot wait',
			 (body ->> 'emergency')::boolean and coalesce(body ->> 'reason', '') !~ '[^[:space:]]'),
			('/reason', 'is for emergencies: set "emergency": true, or say it in note',
			 body ->> 'reason' is not null and not coalesce((body ->> 'emergency')::boolean, false))
		  ) as p (pointer, detail, wrong)
		 where p.wrong) as found;
end;
comment on function api.approval_problems(jsonb) is 'Everything in which a decision does not fit the records';

-- body: {decision, by, role, for, lone, note, emergency, reason, at}.  Fails
-- with DS430 (not a role that decides), DS404, DS409 (cancelled; unmet
-- duties), DS422.
create function api.approval_add(visit bigint, body jsonb) returns setof api.approval
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.approval_problems(body));
	if its.departed_at is null and its.cancelled_at is not null then
		raise exception 'The visit was cancelled: plan it anew.' using errcode = 'DS409';
	end if;
	if body ->> 'decision' = 'approved' then
		perform api.asker_approves(its, (body ->> 'by')::bigint);
	end if;
	insert into data.approval_decision (visit_id, school_urn, request_id, decision, by_staff_id, role,
		for_staff_id, lone,
	                                    note, emergency_reason, at, client_id)
	select visit, its.school_urn, max(r.request_id), (body ->> 'decision')::data.approval_decision_kind,
	       (body ->> 'by')::bigint,
	       api.approver_role(its, (body ->> 'by')::bigint, (body ->> 'role')::data.staff_role,
	           (body ->> 'for')::bigint),
	       (body ->> 'for')::bigint, coalesce((body ->> 'lone')::boolean, false), body ->> 'note',
	           body ->> 'reason',
	       api.at_of(body), auth.client_id()
	  from data.approval_request r where r.visit_id = visit
	returning decision_id into made;
	perform duty.weigh(visit);
	if body ->> 'decision' = 'approved' and its.departed_at is null then
		perform api.approval_waits(its, body);
	end if;
	return query select d.* from api.approval d where d.id = made;
end;
$$;
comment on function api.approval_add(bigint, jsonb) is 'Records a decision on a visit';
