-- need all: of each of the roles one; any: of one of them.  word is the policy's:
-- where it asks for knowledge or a discussion only, a notice that names one of
-- them (an event "done") is as good as a decision.  What was decided before the
-- plan changed doesn't count.  own: whether somebody may approve what they asked for
-- themselves; nobody may where it is not said.
select duty.kind('approval', 'Somebody approves, knows of or agrees to the visit',
	'{"roles": {"type": "roles", "required": true},
	  "need": {"type": "choice", "required": true, "choices": ["all", "any"]},
	  "word": {"type": "choice", "required": true, "choices": ["approve", "knowledge", "discussion", "agreement"]},
	  "delegable": {"type": "bool"}, "own": {"type": "bool"}}') \g /dev/null

create function duty.approval(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(format('%s of: %s', case (c).parameters ->> 'word' when 'approve' then 'approval'
				when 'agreement' then 'the agreement' else 'the '
					|| ((c).parameters ->> 'word') end, array_to_string(a.roles, ' or ')),
			part => a.part, gate => 'depart', roles => a.roles,
			met_at => duty.approved_at(v, c, a.roles),
			evidence => ((c).parameters ->> 'word') || ' of ' || array_to_string(a.roles, ' or '))
		  from (select role::text as part, array[role] as roles from unnest(duty.roles(c, 'roles')) as role
		         where (c).parameters ->> 'need' = 'all'
		        union all
		        select '', duty.roles(c, 'roles') where (c).parameters ->> 'need' = 'any') as a
		offset 0) as x (f);
end;
$$;
comment on function duty.approval(data.visit, data.clause) is 'Somebody approves, knows of or agrees to the visit';
