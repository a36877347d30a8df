-- Before anybody goes alone, and anew when circumstances change: a change of the
-- plan asks for another.
select duty.kind('lone_working_assessment', 'Lone working has a risk assessment of its own') \g /dev/null

create function duty.lone_working_assessment(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a risk assessment of lone working', gate => 'depart',
			applies => duty.people_in(v, outside_counts => false) < 2,
			met_at => (select max(a.at) from data.risk_assessment a
			            where a.visit_id = (v).visit_id and a.kind = 'lone_working' and a.proceed
			              and a.recorded_at >= (v).plan_changed_at
			              and not exists (select from data.risk_assessment r
			                  where r.replaces = a.assessment_id)))
		offset 0) as x (f);
end;
$$;
comment on function duty.lone_working_assessment(data.visit,
	data.clause) is 'Lone working has a risk assessment of its own';
