-- The whole team is present before anybody enters.
select duty.kind('both_present', 'The whole team is present before anybody enters') \g /dev/null

create function duty.both_present(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that all of the team were present before anybody entered', applies => duty.made(v)
				and duty.people_in(v) > 1 and duty.first(v, 'entered') is not null,
			met_at => duty.confirmed(v, c), closed_at => (v).recorded_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.both_present(data.visit, data.clause) is 'The whole team is present before anybody enters';
