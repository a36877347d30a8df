-- Of the versions in force of the policies that the schools follow, on the last day.  Clauses whose duties the
-- client may not see are left out, or they would show as never asked for.
with followed as (
	select data.policy_of(s.urn, w."to") as policy_version_id, array_agg(s.urn) as schools
	  from data.school s
	       cross join parameter as w
	 where (select school from parameter) is null or s.urn = (select school from parameter)
	 group by 1
), asked as (
	select d.policy_version_id, d.clause, duty.state(d, now()) as state, v.school_urn
	  from data.visit v join data.duty d using (visit_id)
	       cross join parameter as w
	 where not v.drill and d.applies
	   and v.planned_start >= (select since from parameter)
	   and v.planned_start < (select until from parameter)
)
select p.policy_code as policy, p.version as policy_version, c.clause, c.place, c.kind, c.strength, c.words,
       count(a.state) as asked, count(*) filter (where a.state = 'met') as met,
       count(*) filter (where a.state in ('missed', 'late')) as unmet,
       count(*) filter (where a.state = 'waived') as waived,
       count(*) filter (where a.state = 'met') > 0 as evidence
  from followed f
       join data.policy_version p using (policy_version_id)
       join data.clause c using (policy_version_id)
       join data.clause_kind k on k.kind = c.kind and k.about = 'visit'
                              and (k.scope is null or k.scope = any ((select auth.kinds_opened())::text[]))
       left join asked a on a.policy_version_id = c.policy_version_id and a.clause = c.clause
                        and a.school_urn = any (f.schools)
 group by p.policy_code, p.version, c.clause, c.place, c.kind, c.strength, c.words, c.position
 order by p.policy_code, c.position
