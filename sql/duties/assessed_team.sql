-- The risk assessment says how many are needed.
select duty.kind('assessed_team', 'As many people go as the risk assessment asks for') \g /dev/null

create function duty.assessed_team(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a team as large as the risk assessment asks for: ' || a.staff_needed,
			gate => 'depart',
			applies => a.staff_needed > 1, holds => duty.people_in(v) >= a.staff_needed,
			evidence => duty.people_in(v) || ' go')
		  from duty.assessment(v) a
		offset 0) as x (f);
end;
$$;
comment on function duty.assessed_team(data.visit, data.clause) is 'As many people go as the risk assessment asks for';
