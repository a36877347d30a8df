select d.visit_id, v.school_urn, data.day_of(v.planned_start) as day, d.policy, d.policy_version, d.clause, d.part,
       d.place, d.strength, d.state, d.missing, coalesce(d.breach_reason, d.waive_reason) as reason, d.emergency
  from parameter as w
       cross join lateral data.visits_counted(null, w.since, w.until) k
       join data.visit v using (visit_id)
       join api.duty d using (visit_id)
 where k.made and data.is_outside(d.state, d.breached_at)
   and ((select strength from parameter) is null or d.strength::text = (select strength from parameter))
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
 order by v.planned_start, d.visit_id, d.clause, d.part nulls first
