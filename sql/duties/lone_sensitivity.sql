-- Who is sent alone, and to whom, is considered with regard to the culture of
-- the family.
select duty.kind('lone_sensitivity', 'Culture is considered before anybody goes alone') \g /dev/null

create function duty.lone_sensitivity(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that the culture of the family was considered in who goes alone', gate => 'depart',
			applies => duty.is_lone(v), met_at => duty.done(v, c))
		offset 0) as x (f);
end;
$$;
comment on function duty.lone_sensitivity(data.visit, data.clause) is 'Culture is considered before anybody goes alone';
