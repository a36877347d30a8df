-- The register of one school, of who was on its roll.
select w.week, sum(data.session_count((w.attended | w.authorised | w.unauthorised) & r.roll)) as possible,
       sum(data.session_count(w.attended & r.roll)) as attended,
       data.percentage(sum(data.session_count(w.attended & r.roll)),
                       sum(data.session_count((w.attended | w.authorised | w.unauthorised) & r.roll))) as percentage
  from (select coalesce((select "from" from parameter), data.school_year_of(data.day_of(now()))) as begins,
               coalesce((select "to" from parameter), data.day_of(now())) as ends) as k
       join data.register_week w on w.school_urn = (select school from parameter)
                                and w.week between k.begins - 4 and k.ends
       join data.enrolment e on e.pupil_id = w.pupil_id and e.school_urn = w.school_urn
       cross join lateral (select data.sessions_between(w.week, greatest(e.admitted_on, k.begins),
                               least(e.left_on, k.ends))::int as roll) as r
 where r.roll <> 0
 group by w.week
 order by w.week
