-- The register of one school, of who was on its roll.
select w.week, sum(data.session_count(w.attended | w.authorised | w.unauthorised)) as possible,
       sum(data.session_count(w.attended)) as attended,
       data.percentage(sum(data.session_count(w.attended)),
                       sum(data.session_count(w.attended | w.authorised | w.unauthorised))) as percentage
  from parameter as p cross join lateral data.stay_weeks(p."from", p."to", p.school::int, null) w
 where w.marks is not null and w.roll <> 0
 group by w.week
 order by w.week
