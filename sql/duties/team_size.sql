-- The pair rule.  An outside professional counts where the policy says so.  Who
-- holds one of the roles of unless_decided_by may decide that one goes alone;
-- nobody may where a hazard of the place or the people asks for two.
select duty.kind('team_size', 'Nobody goes alone',
	'{"at_least": {"type": "int", "required": true, "min": 2, "max": 5},
	  "outside_counts": {"type": "bool"},
	  "unless_decided_by": {"type": "roles"}}') \g /dev/null

create function duty.team_size(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(format('a team of at least %s%s', duty.number(c, 'at_least'),
				case when cardinality(duty.roles(c, 'unless_decided_by')) = 0 or in_pairs then ''
				     else ', or the decision that one may go alone' end),
			gate => 'approve', holds => size >= duty.number(c, 'at_least') or (decided and not in_pairs),
			roles => duty.roles(c, 'unless_decided_by'),
			evidence => size || case when size < duty.number(c, 'at_least') then ', as was decided'
				else ' go' end)
		  from (select duty.people_in(v, duty.says(c, 'outside_counts')) as size,
		               exists (select from duty.known_hazards(v) h where h.go_in_pairs) as in_pairs,
		               exists (select from data.approval_decision d
		                        where d.visit_id = (v).visit_id and d.decision = 'approved' and d.lone
		                            and d.for_staff_id is null
		                          and d.recorded_at >= (v).plan_changed_at
		                          and d.role = any (duty.roles(c, 'unless_decided_by'))) as decided) as team
		offset 0) as x (f);
end;
$$;
comment on function duty.team_size(data.visit, data.clause) is 'Nobody goes alone';
