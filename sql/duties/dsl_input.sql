-- The head decides with what the designated safeguarding lead says.
select duty.kind('dsl_input', 'The designated safeguarding lead has a say',
	'{"roles": {"type": "roles", "required": true}}') \g /dev/null

create function duty.dsl_input(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('what the designated safeguarding lead says', gate => 'approve',
			roles => duty.roles(c, 'roles'),
			met_at => duty.done_by_role(v, c, duty.roles(c, 'roles')))
		offset 0) as x (f);
end;
$$;
comment on function duty.dsl_input(data.visit, data.clause) is 'The designated safeguarding lead has a say';
