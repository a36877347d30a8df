-- anchor end: so many minutes after the scheduled end, or after the last that was
-- heard from the team since.  return: after the time at which it agreed to be
-- back, or said on the way that it would; a step later when it was heard from
-- since.  no_answer: after a call that it did not answer.  The watch climbs the
-- ladder: a step every step_minutes, or at once when the one before failed.  Only
-- being back, or an answer where that was missing, ends it.
select duty.kind('overdue', 'Who does not come back is looked for',
	'{"anchor": {"type": "choice", "required": true, "choices": ["end", "return", "no_answer"]},
	  "minutes": {"type": "int", "required": true, "min": 0, "max": 1440},
	  "step_minutes": {"type": "int", "required": true, "min": 0, "max": 1440},
	  "ladder": {"type": "ladder", "required": true}}') \g /dev/null

create function duty.overdue(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to be back, or be heard from', roles => '{office}',
			applies => due_at is not null and case (c).parameters ->> 'anchor'
			           when 'no_answer' then duty.goes_ahead(v) else duty.made(v) end,
			due_at => due_at + duty.minutes(c), met_at => met_at, evidence => 'back, or answered')
		  from (select case (c).parameters ->> 'anchor'
		               when 'end' then greatest(duty.expected_end(v), (select max(e.at) from data.event e
		                    where e.visit_id = (v).visit_id and e.kind in ('check_in', 'left')
		                        and e.at >= (v).planned_end))
		               when 'return' then greatest((v).return_by, duty.expected_end(v),
		                    (select max(e.at) + duty.minutes(c, 'step_minutes') from data.event e
		                      where e.visit_id = (v).visit_id and e.kind in ('check_in', 'left')
		                        and e.at >= coalesce((v).return_by, (v).planned_end)))
		               else duty.unanswered_since(v) end as due_at,
		               case (c).parameters ->> 'anchor'
		               when 'no_answer' then least((v).returned_at, (select min(e.at) from data.event e
		                    where e.visit_id = (v).visit_id and e.kind in ('check_in', 'left')
		                      and e.at > duty.unanswered_since(v)))
		               else (v).returned_at end as met_at) as clock
		offset 0) as x (f);
end;
$$;
comment on function duty.overdue(data.visit, data.clause) is 'Who does not come back is looked for';
