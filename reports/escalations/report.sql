select e.escalation_id, e.visit_id, e.school_urn, e.opened_at, e.cause, e.drill, e.clause, r.rungs,
       trunc((extract(epoch from e.opened_at - e.due_at) / 60)::numeric, 1) as late_by,
       trunc((extract(epoch from r.tried_at - e.opened_at) / 60)::numeric, 1) as first_tried,
       trunc((extract(epoch from r.reached_at - e.opened_at) / 60)::numeric, 1) as reached, e.closed_at
  from api.window_of((select "from" from parameter), (select "to" from parameter)) w
       cross join data.escalation e
       cross join lateral (select count(*) as rungs, min(r.tried_at) as tried_at,
                                  min(r.tried_at) filter (where r.result in ('team_reached', 'team_safe')) as reached_at
                             from data.rung r where r.escalation_id = e.escalation_id) as r
 where ((select school from parameter) is null or e.school_urn = (select school from parameter))
   and ((select drills from parameter) is null or e.drill = (select drills from parameter))
   and data.day_of(e.opened_at) between w."first" and w."last"
 order by e.opened_at, e.escalation_id
