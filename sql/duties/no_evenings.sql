-- No visit goes on after the evening has begun.
select duty.kind('no_evenings', 'No visit is made in the evening',
	'{"from": {"type": "time", "required": true}}') \g /dev/null

create function duty.no_evenings(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('an end before the evening, which begins at ' || ((c).parameters ->> 'from'),
			gate => 'approve',
			holds => (v).planned_end at time zone 'Europe/London'
			         <= data.day_of((v).planned_start) + ((c).parameters ->> 'from')::time,
			evidence => 'planned to end at ' || data.rfc3339((v).planned_end))
		offset 0) as x (f);
end;
$$;
comment on function duty.no_evenings(data.visit, data.clause) is 'No visit is made in the evening';
