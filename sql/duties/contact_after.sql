-- So many minutes after it left, or was to leave, at the latest; being back is as
-- good as a call.
select duty.kind('contact_after', 'The team calls after the visit',
	'{"minutes": {"type": "int", "required": true, "min": 0, "max": 1440}}') \g /dev/null

create function duty.contact_after(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to call the office after the visit', applies => duty.made(v),
			due_at => coalesce((v).left_at, duty.expected_end(v)) + duty.minutes(c),
			met_at => least((v).returned_at, (select min(e.at) from data.event e
				where e.visit_id = (v).visit_id and e.kind = 'check_in'
					and e.at >= coalesce((v).left_at, (v).planned_end))))
		offset 0) as x (f);
end;
$$;
comment on function duty.contact_after(data.visit, data.clause) is 'The team calls after the visit';
