-- Each concern that is serious: the police or an agency is called, and who the
-- policy names is told; as the concern says, or an event after it.
select duty.kind('serious_concern', 'A child in immediate danger: the police first, then the school',
	'{"then": {"type": "roles", "required": true},
	  "minutes": {"type": "int", "required": true, "min": 0, "max": 1440}}', scope => 'concerns') \g /dev/null

create function duty.serious_concern(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the police or an agency to be called', part => k.concern_id || '-police',
			due_at => k.at,
			met_at => least(k.police_at, duty.done(v, c, k.concern_id || '-police')), roles => duty.roles(c, 'then'))
		  from data.concern k where k.visit_id = (v).visit_id and k.serious
		union all
		select duty.found('the concern to be told to: ' || array_to_string(duty.roles(c, 'then'), ', '),
			part => k.concern_id || '-told', due_at => k.at + duty.minutes(c), roles => duty.roles(c,
				'then'),
			met_at => duty.told_at(v, c, k.concern_id || '-told', k.at, k.told_staff_id, k.told_at,
				duty.roles(c, 'then')))
		  from data.concern k where k.visit_id = (v).visit_id and k.serious
		offset 0) as x (f);
end;
$$;
comment on function duty.serious_concern(data.visit,
	data.clause) is 'A child in immediate danger: the police first, then the school';
