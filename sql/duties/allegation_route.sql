-- Each allegation says by which procedure it is dealt with.
select duty.kind('allegation_route', 'An allegation against staff takes its own route',
	'{"route": {"type": "text", "required": true}}', scope => 'incidents') \g /dev/null

create function duty.allegation_route(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the procedure by which the allegation is dealt with: '
			|| ((c).parameters ->> 'route'),
			part => i.incident_id::text, holds => i.route ~ '[^[:space:]]')
		  from data.incident i where i.visit_id = (v).visit_id and i.nature = 'allegation'
		offset 0) as x (f);
end;
$$;
comment on function duty.allegation_route(data.visit, data.clause) is 'An allegation against staff takes its own route';
