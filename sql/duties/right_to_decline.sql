-- Parents may decline a visit.  The duty is kept as long as nobody goes; who
-- means to depart all the same is told of it (duty.unmet).
select duty.kind('right_to_decline', 'Who declines is not visited') \g /dev/null

create function duty.right_to_decline(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('not to go: the parents declined the visit', gate => 'depart',
			applies => (v).declined_at is not null,
			holds => true, evidence => 'declined at ' || data.rfc3339((v).declined_at),
			broken_at => case when (v).departed_at > (v).declined_at then (v).departed_at
			                  else (select min(e.at) from data.event e where e.visit_id = (v).visit_id
			                           and e.kind in ('entered', 'entered_without_adult')
			                               and e.at > (v).declined_at) end)
		offset 0) as x (f);
end;
$$;
comment on function duty.right_to_decline(data.visit, data.clause) is 'Who declines is not visited';
