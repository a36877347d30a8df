-- Each concern that is serious: the police or an agency is called, and who the
-- policy names is told.
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
			met_at => k.police_at, roles => duty.roles(c, 'then'))
		  from data.concern k where k.visit_id = (v).visit_id and k.serious
		union all
		select duty.found('the concern to be told to: ' || array_to_string(duty.roles(c, 'then'), ', '),
			part => k.concern_id || '-told', due_at => k.at + duty.minutes(c), roles => duty.roles(c,
				'then'),
			met_at => case when duty.holds_role(k.told_staff_id, (v).school_urn, duty.roles(c, 'then'))
				then k.told_at end)
		  from data.concern k where k.visit_id = (v).visit_id and k.serious
		offset 0) as x (f);
end;
$$;
comment on function duty.serious_concern(data.visit,
	data.clause) is 'A child in immediate danger: the police first, then the school';
