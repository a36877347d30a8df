select v.visit_id, v.school_urn, data.day_of(v.planned_start) as day, v.purpose, v.state, v.announced,
       (select count(*) from data.visit_pupil p where p.visit_id = v.visit_id) as pupils,
       (select count(*) from data.team_member t where t.visit_id = v.visit_id) as team, v.departed_at, v.returned_at,
       trunc(extract(epoch from v.returned_at - v.departed_at) / 60)::int as minutes_out, v.recorded_at,
       p.policy_code as policy
  from data.visit v left join data.policy_version p using (policy_version_id)
 where not v.drill and ((select purpose from parameter) is null or v.purpose::text = (select purpose from parameter))
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
   and v.planned_start >= (select since from parameter)
   and v.planned_start < (select until from parameter)
 order by v.planned_start, v.visit_id
