-- The watch climbs the ladder at once when the team calls for help.
select duty.kind('emergency', 'Who calls for help gets it',
	'{"step_minutes": {"type": "int", "required": true, "min": 0, "max": 1440},
	  "ladder": {"type": "ladder", "required": true}}') \g /dev/null

create function duty.emergency(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to help the team', applies => called is not null, due_at => called,
			roles => '{office}',
			met_at => (v).returned_at)
		  from (select duty.first(v, 'help') as called) as help
		offset 0) as x (f);
end;
$$;
comment on function duty.emergency(data.visit, data.clause) is 'Who calls for help gets it';
