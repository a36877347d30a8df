-- The number of the social worker is at hand.
select duty.kind('social_worker_number', 'The number of the social worker is at hand') \g /dev/null

create function duty.social_worker_number(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the number of the social worker of the family', part => w.social_worker_id::text,
			gate => 'depart',
			holds => w.phone is not null)
		  from duty.social_workers(v) w
		offset 0) as x (f);
end;
$$;
comment on function duty.social_worker_number(data.visit, data.clause) is 'The number of the social worker is at hand';
