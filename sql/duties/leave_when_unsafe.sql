-- Kept when the visit ended for that reason.
select duty.kind('leave_when_unsafe', 'Who feels unsafe does not enter, or leaves') \g /dev/null

create function duty.leave_when_unsafe(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to leave', applies => (v).end_reason = 'felt_unsafe',
			met_at => coalesce((v).left_at, (v).aborted_at, (v).cancelled_at),
				evidence => 'the visit was ended')
		offset 0) as x (f);
end;
$$;
comment on function duty.leave_when_unsafe(data.visit, data.clause) is 'Who feels unsafe does not enter, or leaves';
