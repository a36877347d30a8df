-- To whom the policy names, and in writing where it says so.  Met by an event
-- "done" that names the clause, by = who was told, means = how.
select duty.kind('safety_reason', 'The reason of a visit cancelled for safety is passed on',
	'{"to": {"type": "roles", "required": true},
	  "in_writing": {"type": "bool"},
	  "because": {"type": "ends", "required": true},
	  "minutes": {"type": "int", "required": true, "min": 0, "max": 1440}}') \g /dev/null

create function duty.safety_reason(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the reason to be told ' || case when duty.says(c, 'in_writing')
			then 'in writing ' else '' end
				|| 'to: ' || array_to_string(duty.roles(c, 'to'), ', '),
			applies => (v).end_reason::text = any (duty.texts(c, 'because')), roles => duty.roles(c, 'to'),
			due_at => coalesce((v).aborted_at, (v).cancelled_at) + duty.minutes(c),
			met_at => (select min(e.at) from data.event e
			            where e.visit_id = (v).visit_id and e.kind = 'done' and e.clause = (c).clause
			              and duty.holds_role(e.by_staff_id, (v).school_urn, duty.roles(c, 'to'))
			              and (not duty.says(c, 'in_writing') or e.means in ('letter', 'email', 'text'))),
			evidence => 'told')
		offset 0) as x (f);
end;
$$;
comment on function duty.safety_reason(data.visit,
	data.clause) is 'The reason of a visit cancelled for safety is passed on';
