select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, v.purpose, v.state, v.end_reason as reason,
       coalesce(v.aborted_at, v.declined_at, v.cancelled_at) as ended_at, v.departed_at is not null as under_way
  from parameter as w
       cross join lateral data.visits_counted(null, w.since, w.until) k
       join data.visit v using (visit_id)
 where k.unsafe
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
 order by v.planned_start, v.visit_id
