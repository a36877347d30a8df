-- The expected length of the visit; agreed: also a time to be back (return_by).
select duty.kind('return_time', 'It is known when the team will be back',
	'{"agreed": {"type": "bool"}}') \g /dev/null

create function duty.return_time(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the time at which the team agreed to be back (return_by)', gate => 'depart',
			holds => (v).return_by is not null or not duty.says(c, 'agreed'),
			evidence => 'back by ' || data.rfc3339(coalesce((v).return_by, (v).planned_end)))
		offset 0) as x (f);
end;
$$;
comment on function duty.return_time(data.visit, data.clause) is 'It is known when the team will be back';
