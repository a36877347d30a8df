select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, v.planned_start, v.planned_end, v.purpose,
       v.out_of_hours_reason as reason, v.responsible_contact, v.state, d.clause, d.standing
  from data.visit v
       join data.school s on s.urn = v.school_urn
       cross join lateral (select v.planned_start at time zone 'Europe/London' as begins,
                                  v.planned_end at time zone 'Europe/London' as ends) as k
       left join lateral (select d.clause, duty.state(d, now()) as standing
                            from data.duty d join data.clause c using (policy_version_id, clause)
                           where d.visit_id = v.visit_id and d.applies
                             and c.kind in ('school_hours', 'no_evenings')) as d on true
 where not v.drill
   and (extract(isodow from k.begins) > 5 or k.begins::time < s.day_starts or k.ends::time > s.day_ends
        or k.ends::date > k.begins::date)
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
   and v.planned_start >= (select since from parameter)
   and v.planned_start < (select until from parameter)
 order by v.planned_start, v.visit_id, d.clause
