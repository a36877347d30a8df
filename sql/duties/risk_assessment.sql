-- general: one for all visits, not past its review.  visit: one for this visit;
-- discussion: a discussion of it.  first_visit: made on the first visit to a home,
-- and there to refer to on every other.
select duty.kind('risk_assessment', 'The risk of the visit is assessed',
	'{"assessment": {"type": "choice", "required": true, "choices": ["general", "visit", "first_visit", "discussion"]},
	  "roles": {"type": "roles"}}') \g /dev/null

create function duty.risk_assessment(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(case (c).parameters ->> 'assessment' when 'general'
			then 'a general risk assessment that is not past its review'
				when 'visit' then 'a risk assessment of this visit that finds it safe to go'
				when 'discussion' then 'a discussion of the risk that finds it safe to go'
				else 'the risk assessment of the first visit' end,
			gate => case when (c).parameters ->> 'assessment' = 'visit' then 'approve'
			             when (c).parameters ->> 'assessment' = 'first_visit' and duty.is_first(v) then null
			             else 'depart' end::data.duty_gate,
			applies => (c).parameters ->> 'assessment' <> 'first_visit' or not duty.is_first(v)
				or (v).arrived_at is not null,
			due_at => case when (c).parameters ->> 'assessment' = 'first_visit' and duty.is_first(v)
			               then coalesce((v).left_at, duty.expected_end(v)) end,
			met_at => a.at, roles => duty.roles(c, 'roles'),
				evidence => 'assessment ' || a.assessment_id)
		  from (select 1) as one
		       left join lateral duty.assessed(v, c) a on true
		offset 0) as x (f);
end;
$$;
comment on function duty.risk_assessment(data.visit, data.clause) is 'The risk of the visit is assessed';
