select a.pupil as pupil_id, p.given_name, p.family_name, a.upn, a.school_urn, a.days, a.first_day, a.last_day,
       a.longest_run, a.run_from, a.run_to
  from api.sickness_list((select school from parameter)::int, (select "from" from parameter),
                         (select "to" from parameter)) a
       left join lateral (select p.given_name, p.family_name from data.pupil p where p.pupil_id = a.pupil) as p on true
 order by a.school_urn, p.family_name, p.given_name, a.pupil
