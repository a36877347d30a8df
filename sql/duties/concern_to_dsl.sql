-- Each concern, to who holds one of the roles, so many minutes after it was
-- noticed or after the return at the latest.
select duty.kind('concern_to_dsl', 'Safeguarding concerns are passed on',
	'{"to": {"type": "roles", "required": true},
	  "minutes": {"type": "int", "required": true, "min": 0, "max": 1440},
	  "from": {"type": "choice", "required": true, "choices": ["notice",
	      "return"]}}', scope => 'concerns') \g /dev/null

create function duty.concern_to_dsl(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the concern to be told to: ' || array_to_string(duty.roles(c, 'to'), ', '),
			part => k.concern_id::text,
			roles => duty.roles(c, 'to'),
			due_at => case (c).parameters ->> 'from' when 'notice' then k.at
			          else greatest(k.at, (v).returned_at, (v).planned_end) end + duty.minutes(c),
			met_at => duty.told_at(v, c, k.concern_id::text, k.at, k.told_staff_id, k.told_at,
				duty.roles(c, 'to')))
		  from data.concern k where k.visit_id = (v).visit_id
		offset 0) as x (f);
end;
$$;
comment on function duty.concern_to_dsl(data.visit, data.clause) is 'Safeguarding concerns are passed on';
