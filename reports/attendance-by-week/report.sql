-- The register of one school, of who was on its roll.
select w.week, sum(data.session_count(w.attended | w.authorised | w.unauthorised)) as possible,
       sum(data.session_count(w.attended)) as attended,
       data.percentage(sum(data.session_count(w.attended)),
                       sum(data.session_count(w.attended | w.authorised | w.unauthorised))) as percentage
  from parameter as k
       cross join lateral data.stay_weeks(k."from", k."to", (select school from parameter)::int, null) w
 where w.marks is not null and w.roll <> 0
 group by w.week
 order by w.week
