-- Kept when the team leaves without having done so.
select duty.kind('entry_with_adult', 'Nobody enters without an adult present') \g /dev/null

create function duty.entry_with_adult(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('not to enter without an adult present', applies => duty.made(v),
			broken_at => duty.first(v, 'entered_without_adult'),
			met_at => coalesce((v).left_at, (v).returned_at))
		offset 0) as x (f);
end;
$$;
comment on function duty.entry_with_adult(data.visit, data.clause) is 'Nobody enters without an adult present';
