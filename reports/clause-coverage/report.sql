-- Of the versions of policies under which the visits were made, and of those followed on the last day, visit or none.
-- Clauses whose duties the client may not see are left out, or they would show as never asked for.
with asked as (
	select d.policy_version_id, d.clause, duty.state(d, now()) as state
	  from data.visit v join data.duty d using (visit_id)
	       cross join parameter as w
	 where not v.drill and d.applies
	   and v.planned_start >= (select since from parameter)
	   and v.planned_start < (select until from parameter)
	   and ((select school from parameter) is null or v.school_urn = (select school from parameter))
), followed as (
	select data.policy_of(s.urn, w."to") as policy_version_id
	  from data.school s
	       cross join parameter as w
	 where (select school from parameter) is null or s.urn = (select school from parameter)
	union
	select a.policy_version_id from asked a
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
 group by p.policy_code, p.version, c.clause, c.place, c.kind, c.strength, c.words, c.position
 order by p.policy_code, p.version, c.position
