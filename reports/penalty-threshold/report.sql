select a.pupil as pupil_id, p.given_name, p.family_name, a.upn, a.school_urn, a.first_week, a.last_week, a.sessions,
       a.unresolved, a.reached_without_unresolved as sure
  from api.penalty_list((select school from parameter)::int, (select as_of from parameter)) a
       left join lateral (select p.given_name, p.family_name from data.pupil p where p.pupil_id = a.pupil) as p on true
 order by a.school_urn, p.family_name, p.given_name, a.pupil
