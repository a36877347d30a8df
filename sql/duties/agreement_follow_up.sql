-- An agreement broken again, after the reminder, is followed by a visit: due so
-- many days after that breach was found (14 where the clause does not say).  A
-- person plans it (the visit names the agreement).
select duty.kind('agreement_follow_up', 'An agreement broken again is followed by a visit',
	'{"days": {"type": "int", "min": 1, "max": 60}}', about => 'agreement', scope => 'agreements') \g /dev/null

create function duty.agreement_follow_up(a data.agreement, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
declare
	breach  timestamptz := data.agreement_breach_at((a).agreement_id, 2);
	visited data.visit := (select v from data.visit v where v.agreement_id = (a).agreement_id
	                          and not v.drill and v.departed_at is not null order by v.departed_at limit 1);
	planned data.visit := (select v from data.visit v where v.agreement_id = (a).agreement_id
	                          and not v.drill and v.state in ('requested', 'approved') order by v.planned_start limit 1);
begin
	return query select (duty.found(case when planned.visit_id is null then 'a follow-up visit to be requested'
			else format('the follow-up visit (visit %s) to be made', planned.visit_id) end,
		applies => breach is not null or visited.visit_id is not null,
		due_at => coalesce(planned.planned_end, data.agreement_due(a, c, breach + case when c.parameters ? 'days'
			then interval '0' else interval '7 days' end)),
		met_at => visited.departed_at, evidence => 'visit ' || visited.visit_id,
		roles => '{attendance_officer}')).*;
end;
$$;
comment on function duty.agreement_follow_up(data.agreement, data.clause) is 'An agreement broken again is followed by a visit';
