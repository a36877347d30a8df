-- Each one, with who holds one of the roles, within so many hours.
select duty.kind('physical_intervention', 'A physical intervention is recorded and shared',
	'{"to": {"type": "roles", "required": true},
	  "hours": {"type": "int", "required": true, "min": 1, "max": 720}}', scope => 'incidents') \g /dev/null

create function duty.physical_intervention(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the record of the intervention to be shared with: '
			|| array_to_string(duty.roles(c, 'to'), ', '),
			part => i.intervention_id::text, roles => duty.roles(c, 'to'),
			due_at => i.at + make_interval(hours => duty.number(c, 'hours')),
			met_at => duty.told_at(v, c, i.intervention_id::text, i.at, i.told_staff_id, i.told_at,
				duty.roles(c, 'to')))
		  from data.intervention i where i.visit_id = (v).visit_id
		offset 0) as x (f);
end;
$$;
comment on function duty.physical_intervention(data.visit,
	data.clause) is 'A physical intervention is recorded and shared';
