select coalesce(o.outcome::text, 'no record yet') as outcome, count(*) as visits
  from api.window_of((select "from" from parameter), (select "to" from parameter)) w
       cross join data.visit v
       left join lateral (select r.outcome from data.visit_record r where r.visit_id = v.visit_id
                           order by r.record_id desc limit 1) as o on true
 where v.departed_at is not null and not v.drill
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
   and data.day_of(v.planned_start) between w."first" and w."last"
 group by o.outcome
 order by count(*) desc, 1
