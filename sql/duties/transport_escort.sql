-- A second adult is in the vehicle with a pupil.
select duty.kind('transport_escort', 'A second adult is in the vehicle with a pupil') \g /dev/null

create function duty.transport_escort(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a second adult in the vehicle, as escort of the pupil', gate => 'depart',
			applies => (v).transports_pupil, holds => duty.people_in(v) >= 2,
				evidence => duty.people_in(v) || ' go')
		offset 0) as x (f);
end;
$$;
comment on function duty.transport_escort(data.visit, data.clause) is 'A second adult is in the vehicle with a pupil';
