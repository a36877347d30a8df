-- Where a hazard is known or the risk is above low, somebody of the leadership
-- decides to proceed.
select duty.kind('concerns_discussed', 'Concerns are discussed with leadership before the visit',
	'{"roles": {"type": "roles", "required": true}}') \g /dev/null

create function duty.concerns_discussed(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a decision of the leadership to proceed in spite of the concerns', gate => 'depart',
			applies => duty.has_concerns(v), roles => duty.roles(c, 'roles'),
			met_at => duty.done_by_role(v, c, duty.roles(c, 'roles')))
		offset 0) as x (f);
end;
$$;
comment on function duty.concerns_discussed(data.visit,
	data.clause) is 'Concerns are discussed with leadership before the visit';
