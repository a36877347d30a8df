-- Somebody to ask is on file for each of the staff who goes.
select duty.kind('next_of_kin', 'Somebody to ask is on file for each of the staff who goes') \g /dev/null

create function duty.next_of_kin(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('next of kin of ' || s.name, part => s.part, gate => 'depart',
			holds => exists (select from data.next_of_kin k where k.staff_id = s.staff_id
				and k.from_on <= duty.day(v) and coalesce(k.until_on, 'infinity') >= duty.day(v)))
		  from duty.staff(v) s
		offset 0) as x (f);
end;
$$;
comment on function duty.next_of_kin(data.visit,
	data.clause) is 'Somebody to ask is on file for each of the staff who goes';
