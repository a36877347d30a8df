-- Each accident, within so many hours.
select duty.kind('accident_record', 'Accidents are written down while they are fresh',
	'{"hours": {"type": "int", "required": true, "min": 1, "max": 720}}', scope => 'incidents') \g /dev/null

create function duty.accident_record(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the accident in writing', roles => '{headteacher}', part => a.accident_id::text,
			met_at => a.recorded_at,
			due_at => a.at + make_interval(hours => duty.number(c, 'hours')))
		  from data.accident a where a.visit_id = (v).visit_id
		offset 0) as x (f);
end;
$$;
comment on function duty.accident_record(data.visit, data.clause) is 'Accidents are written down while they are fresh';
