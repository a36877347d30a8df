-- What was never had is not told here, but for the policy: the duties of a visit do.  The policy that a school follows
-- on the day is to be read by who works there where it has a clause of the kind policy_read, for anybody with a post
-- may be sent.  Readings are missed only of whom row-level security shows them: hidden, they would be told as missing.
with asked as (
	select d.day, d.day + coalesce(p.within, 60)::int as soon_by, p.school
	  from parameter p cross join lateral (select coalesce(p.as_of, data.day_of(now())) as day) as d
), works as (
	select p.school_urn, s.staff_id, s.given_name, s.family_name
	  from asked a
	       join data.post p on coalesce(p.left_on, 'infinity') >= a.day and (a.school is null or p.school_urn = a.school)
	       join data.staff s using (staff_id)
), to_read as (
	select s.urn as school_urn, v.policy_version_id, 'policy ' || v.policy_code || ', ' || v.version as what
	  from asked a cross join data.school s
	       join data.policy_version v on v.policy_version_id = data.policy_of(s.urn, a.day)
	 where exists (select from data.clause c where c.policy_version_id = v.policy_version_id and c.kind = 'policy_read')
), told as (
	select w.*, f.what, f.valid_until, case when f.valid_until < a.day then 'expired' else 'soon' end as state,
	       f.valid_until - a.day as days_left
	  from asked a cross join lateral data.staff_facts(a.day) f join works w using (staff_id)
	 where f.valid_until <= a.soon_by
	union all
	select w.*, r.what, null, 'unread', null
	  from asked a cross join works w join to_read r using (school_urn)
	 where exists (select from data.post o where o.staff_id = w.staff_id and auth.keeps_staff(o.staff_id, o.left_on))
	   and not exists (select from data.policy_reading x
	                    where x.staff_id = w.staff_id and x.policy_version_id = r.policy_version_id and x.read_on <= a.day)
)
select t.school_urn, t.staff_id, t.given_name, t.family_name, t.what, t.valid_until, t.state, t.days_left
  from told t
 order by t.valid_until nulls last, t.school_urn, t.family_name, t.given_name, t.staff_id, t.what
