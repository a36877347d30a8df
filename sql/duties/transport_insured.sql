-- A pupil is taken along only in a vehicle that is insured on the day.
select duty.kind('transport_insured', 'Whoever takes a pupil along is insured for it',
	'{"business_use": {"type": "bool"}}') \g /dev/null

create function duty.transport_insured(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('insurance of the vehicle on the day'
				|| case when duty.says(c, 'business_use') then ', for driving for the school'
					else '' end,
			gate => 'depart', applies => (v).transports_pupil, holds => cover.until_on is not null,
			evidence => format('%s, insured until %s', (v).vehicle_registration, cover.until_on))
		  from (select duty.insured_until(v, duty.says(c, 'business_use')) as until_on) as cover
		offset 0) as x (f);
end;
$$;
comment on function duty.transport_insured(data.visit, data.clause) is 'Whoever takes a pupil along is insured for it';
