-- Where an animal is known to be a danger: the family is asked to put it away; if
-- it will not, the visit ends for that reason.
select duty.kind('animals', 'Dangerous animals are put away, or the visit is cancelled') \g /dev/null

create function duty.animals(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that the family was asked to put the animal away; if it will not, to cancel the visit',
			gate => 'depart', applies => known or (v).end_reason = 'dangerous_animal',
			met_at => case when (v).end_reason = 'dangerous_animal' then least((v).cancelled_at,
				(v).aborted_at)
			               else duty.confirmed(v, c) end,
			evidence => case when (v).end_reason = 'dangerous_animal'
				then 'cancelled: the animal was not put away' end)
		  from (select exists (select from duty.known_hazards(v) h where h.kind = 'animal')
		               or exists (select from data.risk_hazard h
		                   where h.assessment_id = (duty.assessment(v)).assessment_id
		                             and h.kind = 'animal' and h.level > 'low') as known) as dog
		offset 0) as x (f);
end;
$$;
comment on function duty.animals(data.visit,
	data.clause) is 'Dangerous animals are put away, or the visit is cancelled';
