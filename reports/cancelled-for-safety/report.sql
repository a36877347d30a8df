select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, v.purpose, v.state, v.end_reason as reason,
       coalesce(v.aborted_at, v.declined_at, v.cancelled_at) as ended_at, v.departed_at is not null as under_way
  from api.window_of((select "from" from parameter), (select "to" from parameter)) w
       cross join data.visit v
 where not v.drill and v.end_reason in ('dangerous_animal', 'felt_unsafe', 'no_adult')
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
   and data.day_of(v.planned_start) between w."first" and w."last"
 order by v.planned_start, v.visit_id
