-- Make, model, registration and colour of the vehicle taken.
select duty.kind('vehicle_details', 'The office holds the details of the vehicle') \g /dev/null

create function duty.vehicle_details(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('make, model, registration and colour of the vehicle', gate => 'depart',
			applies => num_nonnulls((v).vehicle_make, (v).vehicle_model, (v).vehicle_registration,
				(v).vehicle_colour) > 0,
			holds => num_nulls((v).vehicle_make, (v).vehicle_model, (v).vehicle_registration,
				(v).vehicle_colour) = 0,
			evidence => (v).vehicle_registration)
		offset 0) as x (f);
end;
$$;
comment on function duty.vehicle_details(data.visit, data.clause) is 'The office holds the details of the vehicle';
