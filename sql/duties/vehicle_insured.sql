-- The vehicle of somebody in the team is insured on the day of the visit.
select duty.kind('vehicle_insured', 'The vehicle is insured',
	'{"business_use": {"type": "bool"}}') \g /dev/null

create function duty.vehicle_insured(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('insurance of the vehicle on the day'
				|| case when duty.says(c, 'business_use') then ', for driving for the school'
					else '' end,
			gate => 'depart', applies => (v).vehicle_registration is not null,
				holds => cover.until_on is not null,
			evidence => format('%s, insured until %s', (v).vehicle_registration, cover.until_on))
		  from (select duty.insured_until(v, duty.says(c, 'business_use')) as until_on) as cover
		offset 0) as x (f);
end;
$$;
comment on function duty.vehicle_insured(data.visit, data.clause) is 'The vehicle is insured';
