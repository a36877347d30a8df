-- In visits that are directly about safeguarding, or part of a statutory child
-- protection process.
select duty.kind('dsl_joins', 'The designated safeguarding lead takes part',
	'{"roles": {"type": "roles", "required": true}}') \g /dev/null

create function duty.dsl_joins(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the designated safeguarding lead in the team', gate => 'approve',
			roles => duty.roles(c, 'roles'),
			applies => (v).child_protection or (v).purpose = 'safeguarding',
			holds => exists (select from duty.staff(v) s
			                  where duty.holds_role(s.staff_id, (v).school_urn, duty.roles(c, 'roles'))))
		offset 0) as x (f);
end;
$$;
comment on function duty.dsl_joins(data.visit, data.clause) is 'The designated safeguarding lead takes part';
