-- After an incident a debrief is offered to each of the staff who went.
select duty.kind('debrief', 'Staff can talk about a difficult visit',
	'{"hours": {"type": "int", "required": true, "min": 1, "max": 720}}', scope => 'incidents') \g /dev/null

create function duty.debrief(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a debrief to be offered to ' || s.name, roles => '{headteacher}', part => s.part,
			due_at => i.at + make_interval(hours => duty.number(c, 'hours')),
			met_at => (select min(d.at) from data.debrief d where d.visit_id = (v).visit_id
				and d.staff_id = s.staff_id))
		  from duty.staff(v) s,
		       (select min(i.at) as at from data.incident i where i.visit_id = (v).visit_id) as i
		 where i.at is not null
		offset 0) as x (f);
end;
$$;
comment on function duty.debrief(data.visit, data.clause) is 'Staff can talk about a difficult visit';
