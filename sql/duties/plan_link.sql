-- Of the safeguarding, attendance or early help plan, where there is one.
select duty.kind('plan_link', 'The visit is part of a plan for the pupil') \g /dev/null

create function duty.plan_link(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the plan of the pupil of which the visit is part (plan)',
			holds => (v).plan is not null,
			evidence => (v).plan::text)
		offset 0) as x (f);
end;
$$;
comment on function duty.plan_link(data.visit, data.clause) is 'The visit is part of a plan for the pupil';
