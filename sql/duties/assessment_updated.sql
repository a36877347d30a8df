-- A hazard that was noted after the assessment asks for another assessment,
-- which replaces it.
select duty.kind('assessment_updated', 'The risk assessment is updated when there are new risks') \g /dev/null

create function duty.assessment_updated(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('an updated risk assessment: a hazard was noted after the last one',
			gate => 'depart', holds => false,
			applies => exists (select from duty.known_hazards(v) h
				where h.created_at > (duty.assessment(v)).recorded_at))
		offset 0) as x (f);
end;
$$;
comment on function duty.assessment_updated(data.visit,
	data.clause) is 'The risk assessment is updated when there are new risks';
