-- Who goes was told what there is to know.
select duty.kind('briefing', 'The team knows the findings of the risk assessment and about the family',
	'{"about": {"type": "texts", "required": true}}') \g /dev/null

create function duty.briefing(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that the team was told about: ' || array_to_string(duty.texts(c, 'about'), ', '),
			gate => 'depart',
			met_at => duty.done(v, c))
		offset 0) as x (f);
end;
$$;
comment on function duty.briefing(data.visit,
	data.clause) is 'The team knows the findings of the risk assessment and about the family';
