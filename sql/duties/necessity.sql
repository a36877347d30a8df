-- Visits are made only where they are necessary and best for the child: the
-- request says why.
select duty.kind('necessity', 'It is said why the visit is necessary') \g /dev/null

create function duty.necessity(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('why the visit is necessary and in the best interests of the child (necessity)',
			gate => 'approve', holds => coalesce((v).necessity ~ '[^[:space:]]', false),
			evidence => (v).necessity)
		offset 0) as x (f);
end;
$$;
comment on function duty.necessity(data.visit, data.clause) is 'It is said why the visit is necessary';
