select s.school_urn, n.name as school, s.year_group, s.pupils, s.possible, s.attended, s.authorised, s.unauthorised,
       s.unresolved, s.gaps, s.percentage
  from api.attendance_summary_list('year_group', (select "from" from parameter), (select "to" from parameter),
                                   (select school from parameter)::int) s
       left join data.school n on n.urn = s.school_urn
 order by s.school_urn, s.id
