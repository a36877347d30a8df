-- Those at school are told when the team departs, not afterwards.
select duty.kind('sign_out', 'The team signs out',
	'{"to": {"type": "roles", "required": true}}') \g /dev/null

create function duty.sign_out(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to sign out when departing', applies => duty.goes_ahead(v),
			roles => duty.roles(c, 'to'),
			due_at => (v).departed_at + interval '15 minutes', met_at => e.recorded_at,
			evidence => 'departure recorded at ' || data.rfc3339(e.recorded_at))
		  from (select 1) as one
		       left join data.event e on e.visit_id = (v).visit_id and e.kind = 'departed'
		offset 0) as x (f);
end;
$$;
comment on function duty.sign_out(data.visit, data.clause) is 'The team signs out';
