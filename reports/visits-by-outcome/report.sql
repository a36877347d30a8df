select coalesce(v.outcome::text, 'no record yet') as outcome, count(*) as visits
  from parameter as w
       cross join lateral data.visits_counted(null, w.since, w.until) v
 where v.made
   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
 group by v.outcome
 order by count(*) desc, 1
