-- Who has left a school is not its to act on: of several that have a pupil on the day it is one that did in the span.
select a.pupil as pupil_id, p.given_name, p.family_name, a.upn, r.school_urn, a.first_week, a.last_week, a.sessions,
       a.unresolved, a.reached_without_unresolved as sure
  from (select p.school::int as school, coalesce(p.as_of, data.day_of(now())) as day from parameter p) as k
       cross join lateral api.penalty_list(k.school, k.day) a
       cross join lateral (select e.school_urn from data.enrolment e
                            where e.pupil_id = a.pupil and (k.school is null or e.school_urn = k.school)
                              and e.admitted_on <= k.day and coalesce(e.left_on, 'infinity') >= k.day
                            order by exists (select from data.enrolment o
                                              where o.pupil_id = e.pupil_id and o.school_urn = e.school_urn
                                                and o.admitted_on <= a.last_week + 4
                                                and coalesce(o.left_on, 'infinity') >= a.first_week) desc,
                                     e.admitted_on desc, e.school_urn limit 1) as r
       left join lateral (select p.given_name, p.family_name from data.pupil p where p.pupil_id = a.pupil) as p on true
 order by r.school_urn, p.family_name, p.given_name, a.pupil
