select s.urn as school_urn, s.name as school, v.policy_code as policy, v.version as policy_version, v.reviewed_on,
       v.next_review_on, d.day - v.next_review_on as days_over
  from (select coalesce((select as_of from parameter), data.day_of(now())) as day) as d
       cross join data.school s
       join data.policy_version v on v.policy_version_id = data.policy_of(s.urn, d.day)
 where (select school from parameter) is null or s.urn = (select school from parameter)
 order by v.next_review_on nulls last, s.urn
