-- Before the visit, or at the latest so many minutes after it.
select duty.kind('social_worker_told', 'The social worker of the family is told',
	'{"minutes_after": {"type": "int", "required": true, "min": 0, "max": 1440}}') \g /dev/null

create function duty.social_worker_told(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to tell the social worker of the family', part => w.social_worker_id::text,
			applies => duty.goes_ahead(v),
			due_at => coalesce((v).left_at, (v).returned_at, duty.expected_end(v)) + duty.minutes(c,
				'minutes_after'),
			met_at => least(duty.done(v, c, w.social_worker_id::text), duty.done(v, c)))
		  from duty.social_workers(v) w
		offset 0) as x (f);
end;
$$;
comment on function duty.social_worker_told(data.visit, data.clause) is 'The social worker of the family is told';
