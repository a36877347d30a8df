-- What each policy that a school follows on the day says of each kind of clause that any of them has.  A school that
-- follows none says nothing, rather than something else: it is left out.
with followed as (
	select p.policy_version_id, count(*) as schools
	  from (select coalesce((select as_of from parameter), data.day_of(now())) as day) as k cross join data.school s
	       cross join lateral (select data.policy_of(s.urn, k.day) as policy_version_id) as p
	 where p.policy_version_id is not null
	 group by p.policy_version_id
), said as (
	select c.kind, f.policy_version_id, string_agg(c.clause, '; ' order by c.position) as clauses,
	       string_agg(distinct c.strength::text, '; ') as strength,
	       coalesce(string_agg(p.words, ' | ' order by c.position), '') as parameters
	  from followed f join data.clause c using (policy_version_id)
	       left join lateral (select string_agg(e.key || ': ' || e.value, '; ' order by e.key) as words
	                            from jsonb_each_text(c.parameters) as e) as p on true
	 group by c.kind, f.policy_version_id
), compared as (
	select s.kind, count(distinct (s.strength, s.parameters)) > 1 or count(*) < (select count(*) from followed) as differs
	  from said s group by s.kind
)
select k.kind, k.title as asks, v.policy_code as policy, v.version as policy_version, f.schools, s.clauses, s.strength,
       nullif(s.parameters, '') as parameters, c.differs
  from compared c
       join data.clause_kind k using (kind)
       cross join followed f
       join data.policy_version v using (policy_version_id)
       left join said s on s.kind = c.kind and s.policy_version_id = f.policy_version_id
 where (select differing from parameter) is null or c.differs = (select differing from parameter)
 order by k.kind, v.policy_code
