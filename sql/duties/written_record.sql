-- Within so many hours, and where the policy says that records are kept.
select duty.kind('written_record', 'The visit is written up',
	'{"hours": {"type": "int", "required": true, "min": 1, "max": 720}, "kept_in": {"type": "places"}}') \g /dev/null

create function duty.written_record(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a written record' || coalesce(', kept in: '
			|| nullif(array_to_string(duty.texts(c, 'kept_in'), ', '), ''), ''),
			applies => duty.made(v),
			due_at => coalesce((v).returned_at, (v).left_at,
				(v).planned_end) + make_interval(hours => duty.number(c, 'hours')),
			met_at => (select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id
			              and (r.kept_in::text = any (duty.texts(c, 'kept_in'))
			                  or cardinality(duty.texts(c, 'kept_in')) = 0)))
		offset 0) as x (f);
end;
$$;
comment on function duty.written_record(data.visit, data.clause) is 'The visit is written up';
