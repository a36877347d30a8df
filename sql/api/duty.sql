create view api.duty with (security_invoker = true) as
select d.duty_id as id, d.visit_id, d.clause, nullif(d.part, '') as part, c.strength,
       duty.state(d, now()) as state, c.words, d.missing, c.kind, c.place, v.policy_code as policy,
           v.version as policy_version,
       d.gate, d.due_at, d.met_at, d.met_by,
       d.met_at is not null and d.met_at > coalesce(d.due_at, case when d.gate is not null then i.departed_at end,
           'infinity')
           as met_late,
       d.evidence, d.broken_at, array_to_json(d.roles) as roles, array_to_string(d.roles, '; ') as roles_text,
       d.waived_at, w.by_staff_id as waived_by, w.reason as waive_reason,
       d.breached_at, b.reason as breach_reason, coalesce(w.emergency or b.emergency, w.emergency,
           b.emergency) as emergency
  from data.duty d
       join data.clause c using (policy_version_id, clause)
       join data.policy_version v using (policy_version_id)
       join data.visit i using (visit_id)
       left join lateral (select w.by_staff_id, w.reason, w.emergency from data.deviation w
                           where w.visit_id = d.visit_id and w.clause = d.clause and w.part = d.part
                             and w.kind = 'waived' and w.at = d.waived_at
                           order by w.deviation_id desc limit 1) as w on true
       left join data.deviation b on b.visit_id = d.visit_id and b.clause = d.clause and b.part = d.part
           and b.kind = 'breached';
comment on view api.duty is 'Duties as the API shows them';

-- Fails with DS404 when there is no such visit.
create function api.duty_list(visit bigint, state data.duty_state default null,
	strength data.clause_strength default null,
	after bigint default null, max_rows int default null) returns setof api.duty
language plpgsql stable rows 60
as $$
begin
	perform api.visit_is_known(visit);
	return query select d.* from api.duty d
	              where d.visit_id = visit and (duty_list.state is null or d.state = duty_list.state)
	                and (duty_list.strength is null or d.strength = duty_list.strength)
	                and (after is null or d.id > after)
	              order by d.id limit max_rows;
end;
$$;
comment on function api.duty_list(bigint, data.duty_state, data.clause_strength, bigint,
	int) is 'The duties of a visit';

-- body: {clause, part, by, reason, at}.  Who may approve the visit may waive;
-- fails with DS430 otherwise, DS409 when there is nothing to waive.
create function api.duty_waive(visit bigint, body jsonb) returns setof api.duty
language plpgsql volatile
as $$
declare
	its    data.visit := api.visit_locked(visit);
	waived data.duty;
begin
	perform api.refuse(coalesce((select jsonb_agg(p) from api.staff_problems(body, 'by') p), '[]'));
	perform api.approver_role(its, (body ->> 'by')::bigint, null, null);
	select d.* into waived from data.duty d
	 where d.visit_id = visit and d.clause = body ->> 'clause' and d.part = coalesce(body ->> 'part', '')
	     and d.open;
	if not found then
		raise exception 'The visit has no such duty, or it is not open any more.' using errcode = 'DS409';
	end if;
	if waived.clause = any (duty.clauses_closed(visit = any (auth.own_visits()))) then
		raise exception 'What is to be done about a concern or an incident is waived with the scope for those.'
			using errcode = 'DS430';
	end if;
	if exists (select from data.clause c where c.policy_version_id = waived.policy_version_id
	              and c.clause = waived.clause and c.kind = 'approval') then
		raise exception 'An approval is decided, not waived.' using errcode = 'DS409';
	end if;
	insert into data.deviation (visit_id, school_urn, clause, part, kind, by_staff_id, reason, at, client_id)
	values (visit, its.school_urn, waived.clause, waived.part, 'waived', (body ->> 'by')::bigint, body ->> 'reason',
	        api.at_of(body), auth.client_id());
	perform duty.weigh(visit);
	return query select d.* from api.duty d where d.id = waived.duty_id;
end;
$$;
comment on function api.duty_waive(bigint, jsonb) is 'Waives a duty of a visit, with a reason';
