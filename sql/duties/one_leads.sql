-- One of the team leads the visit.
select duty.kind('one_leads', 'One of the team leads the visit') \g /dev/null

create function duty.one_leads(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('one who leads', gate => 'depart', holds => exists (
			select from data.team_member t where t.visit_id = (v).visit_id and t.lead))
		offset 0) as x (f);
end;
$$;
comment on function duty.one_leads(data.visit, data.clause) is 'One of the team leads the visit';
