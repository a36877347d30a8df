-- The sessions of one pupil, one by one, the registers of the schools joined as
-- in data.pupil_weeks: of a session that two schools know of, what counts.
-- Every session that a school held while the pupil was on its roll, and every
-- other that has a mark.  gap: held, or marked as not taken, and without a code.
create or replace function data.pupil_sessions(pupil bigint, "first" date, "last" date)
returns table (day date, session data.session, school_urn int, code text, class data.attendance_class, gap boolean)
language sql stable
begin atomic
	select distinct on (s.day, s.session) s.day, s.session, s.school_urn, c.code, c.class, c.code is null
	  from (select w.school_urn, data.session_day(w.week, n) as day, data.session_of(n) as session,
	               coalesce(substr(w.marks, n + 1, 1), ' ') as symbol, w.held & (1 << n) <> 0 as held
	          from data.stay_weeks("first", "last", null, array[pupil]) w cross join generate_series(0, 9) as n
	         where w.roll & (1 << n) <> 0) as s
	       left join data.attendance_code c on c.symbol = s.symbol::"char"
	 where s.held or s.symbol <> ' '
	 order by s.day, s.session, case
	              when c.class in ('attending', 'approved_educational_activity') then 1
	              when c.class = 'authorised' then 2 when c.class = 'unauthorised' then 3 when c.class is null then 4
	              when c.class = 'not_possible' then 5 else 6 end,
	          c.code = 'N' desc, s.school_urn;
end;
comment on function data.pupil_sessions(bigint, date, date) is 'The sessions of a pupil with the mark that counts';

-- Sums of one pupil over a window, whichever schools'.  With what comes of them:
-- possible, percentage, lowest, highest as api.attendance_figures has them.
create or replace function data.figures(attended bigint, authorised bigint, unauthorised bigint, unresolved bigint,
	gaps bigint) returns jsonb
language sql immutable
return (select jsonb_build_object('possible', p.possible, 'attended', attended, 'authorised', authorised,
	       'unauthorised', unauthorised, 'unresolved', unresolved, 'gaps', gaps,
	       'percentage', data.percentage(attended, p.possible), 'lowest', data.percentage(attended, p.possible + gaps),
	       'highest', data.percentage(attended + unresolved + gaps, p.possible + gaps))
	  from (select attended + authorised + unauthorised as possible) as p);
comment on function data.figures(bigint, bigint, bigint, bigint, bigint) is 'Sums of sessions and what comes of them, as JSON';

create or replace function data.figures_of(pupil bigint, "first" date, "last" date) returns jsonb
language sql stable
return (select data.figures(coalesce(sum(data.session_count(w.attended)), 0),
	       coalesce(sum(data.session_count(w.authorised)), 0), coalesce(sum(data.session_count(w.unauthorised)), 0),
	       coalesce(sum(data.session_count(w.unresolved)), 0), coalesce(sum(data.session_count(w.gaps)), 0))
	       || jsonb_build_object('from', "first", 'to', "last")
	  from data.pupil_weeks("first", "last", array[pupil]) w);
comment on function data.figures_of(bigint, date, date) is 'The sums of a pupil over a window, as JSON';

create or replace function data.on_roll_until(pupil bigint, school int) returns date
language sql stable
return (select coalesce(max(coalesce(e.left_on, 'infinity')), '-infinity') from data.enrolment e
	 where e.pupil_id = pupil and e.school_urn = school and e.admitted_on <= data.day_of(now()));
comment on function data.on_roll_until(bigint, int)
	is 'The last day of a pupil at a school; infinity of one who is there; -infinity of one who never was';
