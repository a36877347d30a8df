-- The form of the policy has a row for each of these hazards.
select duty.kind('assessment_hazards', 'The risk assessment looks at each hazard of the form',
	'{"kinds": {"type": "hazards", "required": true}}') \g /dev/null

create function duty.assessment_hazards(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a row of the risk assessment for: ' || array_to_string(wanted, ', '),
			gate => 'approve',
			met_at => case when wanted <@ present then (duty.assessment(v)).at end,
				evidence => array_to_string(present, ', '))
		  from (select duty.texts(c, 'kinds') as wanted,
		               coalesce((select array_agg(distinct h.kind::text) from data.risk_hazard h
		                          where h.assessment_id = (duty.assessment(v)).assessment_id),
		                              '{}') as present) as form
		offset 0) as x (f);
end;
$$;
comment on function duty.assessment_hazards(data.visit,
	data.clause) is 'The risk assessment looks at each hazard of the form';
