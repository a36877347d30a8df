-- An agreement broken again, after the reminder, is followed by a visit: due so
-- many days after that breach was found (14 where the clause does not say).  A
-- person plans it (the visit names the agreement).
select duty.kind('agreement_follow_up', 'An agreement broken again is followed by a visit',
	'{"days": {"type": "int", "min": 1, "max": 60}}', about => 'agreement', scope => 'agreements') \g /dev/null

create function duty.agreement_follow_up(a data.agreement, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
declare
	breach  record;
	visited data.visit := (select v from data.visit v where v.visit_id = (data.agreement_steps((a).agreement_id)).visit);
	planned data.visit;
begin
	select min(b.found_at) as at, min(b.broken_on) as on into breach
	  from data.agreement_breaches((a).agreement_id, data.agreement_followed_round(a)) b;
	planned := (select v from data.visit v
	             where v.agreement_id = (a).agreement_id and not v.drill and v.state in ('requested', 'approved')
	               and data.day_of(v.planned_start) >= breach.on order by v.planned_start limit 1);
	return query select (duty.found(case when planned.visit_id is null then 'a follow-up visit to be requested'
			else format('the follow-up visit (visit %s) to be made', planned.visit_id) end,
		applies => breach.on is not null or visited.visit_id is not null,
		due_at => coalesce(planned.planned_end, data.agreement_due(a, c, breach.at, 14)),
		met_at => visited.departed_at, evidence => 'visit ' || visited.visit_id,
		roles => '{attendance_officer}')).*;
end;
$$;
comment on function duty.agreement_follow_up(data.agreement, data.clause) is 'An agreement broken again is followed by a visit';
