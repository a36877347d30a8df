-- minutes: how late still counts as on time.
select duty.kind('punctual', 'The team is on time',
	'{"minutes": {"type": "int", "min": 0, "max": 60}}') \g /dev/null

create function duty.punctual(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to arrive on time', applies => duty.made(v),
			due_at => (v).planned_start + duty.minutes(c),
			met_at => (v).arrived_at, closed_at => (v).returned_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.punctual(data.visit, data.clause) is 'The team is on time';
