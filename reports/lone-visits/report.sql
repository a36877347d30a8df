select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, v.purpose, v.state, k.made,
       coalesce(s.given_name || ' ' || s.family_name, t.name) as who, d.clause, d.standing
  from parameter as w
       cross join lateral data.visits_counted(null, w.since, w.until) k
       join data.visit v using (visit_id)
       join data.team_member t using (visit_id)
       left join data.staff s on s.staff_id = t.staff_id
       left join lateral (select d.clause, duty.state(d, now()) as standing
                            from data.duty d join data.clause c using (policy_version_id, clause)
                           where d.visit_id = v.visit_id and d.applies
                             and c.kind in ('team_size', 'lone_working_assessment')) as d on true
 where k.alone
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
 order by v.planned_start, v.visit_id, d.clause
