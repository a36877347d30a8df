-- The team calls before the visit.
select duty.kind('contact_before', 'The team calls before the visit') \g /dev/null

create function duty.contact_before(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to call the office before the visit', applies => duty.goes_ahead(v),
			due_at => (v).planned_start,
			met_at => (select min(e.at) from data.event e where e.visit_id = (v).visit_id
				and e.kind = 'check_in'
			              and e.at <= coalesce((v).arrived_at, 'infinity')),
			closed_at => coalesce((v).arrived_at, duty.over_at(v)))
		offset 0) as x (f);
end;
$$;
comment on function duty.contact_before(data.visit, data.clause) is 'The team calls before the visit';
