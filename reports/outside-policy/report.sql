select d.visit_id, v.school_urn, data.day_of(v.planned_start) as day, d.policy, d.policy_version, d.clause, d.part,
       d.place, d.strength, d.state, d.missing, coalesce(d.breach_reason, d.waive_reason) as reason, d.emergency
  from api.window_of((select "from" from parameter), (select "to" from parameter)) w
       cross join data.visit v join api.duty d using (visit_id)
 where v.departed_at is not null and not v.drill
   and (d.state in ('missed', 'late', 'waived') or d.breached_at is not null)
   and ((select strength from parameter) is null or d.strength::text = (select strength from parameter))
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
   and data.day_of(v.planned_start) between w."first" and w."last"
 order by v.planned_start, d.visit_id, d.clause, d.part nulls first
