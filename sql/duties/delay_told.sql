-- Before the time that was arranged.
select duty.kind('delay_told', 'The office is told of a delay') \g /dev/null

create function duty.delay_told(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to tell the office of the delay',
			applies => (v).arrived_at > (v).planned_start + interval '5 minutes'
				or duty.first(v, 'delayed') is not null,
			due_at => (v).planned_start, met_at => duty.first(v, 'delayed'), closed_at => duty.over_at(v))
		offset 0) as x (f);
end;
$$;
comment on function duty.delay_told(data.visit, data.clause) is 'The office is told of a delay';
