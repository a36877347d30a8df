select s.urn as school_urn, s.name as school, v.policy_code as policy, v.version as policy_version, v.reviewed_on,
       v.next_review_on, r.days_over
  from (select coalesce((select as_of from parameter), data.day_of(now())) as day) as d
       cross join data.school s
       left join (data.policy_reviews(d.day) r join data.policy_version v using (policy_version_id))
              on r.school_urn = s.urn
 where (select school from parameter) is null or s.urn = (select school from parameter)
 order by v.next_review_on nulls last, v.policy_version_id nulls last, s.urn
