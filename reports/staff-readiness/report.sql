-- What was never had is not told here: the duties of a visit do.
select p.school_urn, s.staff_id, s.given_name, s.family_name, l.what, l.valid_until,
       case when l.valid_until < k.day then 'expired' else 'soon' end as state, l.valid_until - k.day as days_left
  from (select coalesce((select as_of from parameter), data.day_of(now())) as day) as k
       cross join lateral data.staff_facts(k.day) l
       join data.staff s using (staff_id)
       join data.post p on p.staff_id = s.staff_id and coalesce(p.left_on, 'infinity') >= k.day
 where l.valid_until <= k.day + coalesce((select within from parameter), 60)::int
   and ((select school from parameter) is null or p.school_urn = (select school from parameter))
 order by l.valid_until, p.school_urn, s.family_name, s.given_name, s.staff_id, l.what
