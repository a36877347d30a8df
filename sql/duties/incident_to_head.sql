-- Each incident, to who holds one of the roles.
select duty.kind('incident_to_head', 'Incidents are reported',
	'{"to": {"type": "roles", "required": true},
	  "minutes": {"type": "int", "required": true, "min": 0, "max": 1440}}', scope => 'incidents') \g /dev/null

create function duty.incident_to_head(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the incident to be reported to: ' || array_to_string(duty.roles(c, 'to'), ', '),
			part => i.incident_id::text, due_at => i.at + duty.minutes(c), roles => duty.roles(c, 'to'),
			met_at => duty.told_at(v, c, i.incident_id::text, i.at, i.told_staff_id, i.told_at,
				duty.roles(c, 'to')))
		  from data.incident i where i.visit_id = (v).visit_id and i.nature <> 'allegation'
		offset 0) as x (f);
end;
$$;
comment on function duty.incident_to_head(data.visit, data.clause) is 'Incidents are reported';
