select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, d.clause, v.returned_at, d.due_at,
       d.met_at as recorded_at,
       trunc((extract(epoch from coalesce(d.met_at, now()) - d.due_at) / 3600)::numeric, 1) as late_by,
       duty.state(d, now()) as state
  from api.window_of((select "from" from parameter), (select "to" from parameter)) w
       cross join data.visit v
       join data.duty d using (visit_id)
       join data.clause c on c.policy_version_id = d.policy_version_id and c.clause = d.clause
                         and c.kind = 'written_record'
 where not v.drill and d.applies and d.due_at < coalesce(d.met_at, now()) and d.waived_at is null
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
   and data.day_of(v.planned_start) between w."first" and w."last"
 order by d.due_at, v.visit_id, d.clause
