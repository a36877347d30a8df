-- Who goes holds one of the roles that the policy designates.
select duty.kind('designated_staff', 'The visit is made by designated staff',
	'{"roles": {"type": "roles", "required": true}}') \g /dev/null

create function duty.designated_staff(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(s.name || ' does not hold a role that the policy designates for visits',
			part => s.part,
			gate => 'approve', holds => duty.holds_role(s.staff_id, (v).school_urn, duty.roles(c, 'roles')),
			evidence => s.name)
		  from duty.staff(v) s
		offset 0) as x (f);
end;
$$;
comment on function duty.designated_staff(data.visit, data.clause) is 'The visit is made by designated staff';
