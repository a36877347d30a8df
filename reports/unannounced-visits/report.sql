-- A visit under a policy with several clauses on it is a row for each of them.
select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, v.purpose, v.unannounced_reason as reason,
       v.state, k.made, d.clause, d.standing
  from parameter as w
       cross join lateral data.visits_counted(null, w.since, w.until) k
       join data.visit v using (visit_id)
       left join lateral (select d.clause, duty.state(d, now()) as standing
                            from data.duty d join data.clause c using (policy_version_id, clause)
                           where d.visit_id = v.visit_id and c.kind = 'unannounced' and d.applies) as d on true
 where k.unannounced
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
 order by v.planned_start, v.visit_id, d.clause
