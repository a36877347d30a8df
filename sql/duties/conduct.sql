-- Anything else that the policy says of a visit: confirmed by an event, or by who
-- writes the record.
select duty.kind('conduct', 'How the team behaves') \g /dev/null

create function duty.conduct(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that this was kept: ' || (c).words, applies => (v).arrived_at is not null,
			met_at => duty.confirmed(v, c), closed_at => (v).recorded_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.conduct(data.visit, data.clause) is 'How the team behaves';
