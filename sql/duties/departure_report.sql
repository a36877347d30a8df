-- And whether there are concerns.
select duty.kind('departure_report', 'The team tells when it leaves the home') \g /dev/null

create function duty.departure_report(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to tell the office that the team has left the home, and of any concerns',
			applies => duty.made(v),
			due_at => duty.expected_end(v), met_at => (v).left_at, closed_at => (v).returned_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.departure_report(data.visit, data.clause) is 'The team tells when it leaves the home';
