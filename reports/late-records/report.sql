select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, d.clause, v.returned_at, d.due_at,
       d.met_at as recorded_at,
       trunc((extract(epoch from coalesce(d.met_at, now()) - d.due_at) / 3600)::numeric, 1) as late_by,
       duty.state(d, now()) as state
  from parameter as w
       cross join lateral data.records_late(null, w.since, w.until) d
       join data.visit v using (visit_id)
 where ((select school from parameter) is null or v.school_urn = (select school from parameter))
 order by d.due_at, v.visit_id, d.clause
