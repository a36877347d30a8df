select e.escalation_id, e.visit_id, e.school_urn, e.opened_at, e.cause, e.drill, e.clause, t.rungs,
       t.late_by, t.first_tried, t.reached, e.closed_at
  from parameter as w
       cross join lateral data.escalations_timed(null, w."from", w."to") t
       join data.escalation e using (escalation_id)
 where ((select school from parameter) is null or e.school_urn = (select school from parameter))
   and ((select drills from parameter) is null or e.drill = (select drills from parameter))
 order by e.opened_at, e.escalation_id
