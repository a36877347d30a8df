select a.pupil as pupil_id, p.given_name, p.family_name, a.upn, a.school_urn, a.level, a.missed, a.possible, a.attended,
       a.authorised, a.unauthorised, a.unresolved, a.gaps, a.percentage
  from api.absence_list((select school from parameter)::int, (select "from" from parameter),
                        (select "to" from parameter), (select level from parameter)) a
       left join lateral (select p.given_name, p.family_name from data.pupil p where p.pupil_id = a.pupil) as p on true
 order by a.school_urn, p.family_name, p.given_name, a.pupil
