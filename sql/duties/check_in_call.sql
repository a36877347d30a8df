-- So many minutes after the scheduled start, whether the team has arrived or not.
select duty.kind('check_in_call', 'The office calls the team during the visit',
	'{"minutes": {"type": "int", "required": true, "min": 0, "max": 1440}}') \g /dev/null

create function duty.check_in_call(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to call the team', due_at => due_at, roles => '{office}',
			applies => duty.goes_ahead(v) and coalesce(duty.over_at(v) >= due_at, true),
			met_at => (select min(e.at) from data.event e
			            where e.visit_id = (v).visit_id and e.kind = 'check_in'
			                and e.at >= (v).planned_start),
			closed_at => duty.over_at(v), evidence => 'reached')
		  from (select (v).planned_start + duty.minutes(c) as due_at) as call
		offset 0) as x (f);
end;
$$;
comment on function duty.check_in_call(data.visit, data.clause) is 'The office calls the team during the visit';
