select a.agreement_id, a.school_urn, a.pupil_id, a.made_on, a.review_on, a.state, a.tested_to,
       count(*) filter (where p.side = 'family' and p.state = 'kept') as family_kept,
       count(*) filter (where p.side = 'family' and p.state = 'broken') as family_broken,
       count(*) filter (where p.side = 'family' and p.state in ('open', 'unresolved', 'untested')) as family_open,
       count(*) filter (where p.side = 'school' and p.state = 'kept') as school_kept,
       count(*) filter (where p.side = 'school' and p.state = 'broken') as school_broken,
       count(*) filter (where p.side = 'school' and p.state in ('open', 'unresolved', 'untested')) as school_open
  from parameter as w
       cross join data.agreement a left join data.promise p using (agreement_id)
 where ((select school from parameter) is null or a.school_urn = (select school from parameter))
   and ((select state from parameter) is null or a.state::text = (select state from parameter))
   and a.made_on between w."from" and w."to"
 group by a.agreement_id
 order by a.made_on, a.agreement_id
