-- Attendance over a window: of one pupil, and sums.

-- The two days of a window: to defaults to today, from to the beginning of the
-- academic year of to.  Fails with DS400 when it runs backwards or is longer
-- than ten years.
create function api.window_of("from" date, "to" date, out "first" date, out "last" date)
language plpgsql stable
as $$
begin
	"last" := coalesce("to", data.day_of(now()));
	"first" := coalesce("from", data.school_year_of("last"));
	if "first" > "last" then
		raise exception 'The window ends before it begins.' using errcode = 'DS400', detail = jsonb_build_array(
			jsonb_build_object('pointer', case when "from" is null then '/to' else '/from' end,
				'detail', format('must not be after %s', "last")))::text;
	elsif "last" >= "first" + interval '10 years' then
		raise exception 'The window is too long.' using errcode = 'DS400', detail = jsonb_build_array(
			jsonb_build_object('pointer', '/from', 'detail', 'must be within ten years before the end'))::text;
	end if;
end;
$$;
comment on function api.window_of(date, date) is 'The first and last day of a window, with what they default to';

-- possible and after it: as data.stay_sums counts them.  The lowest and highest
-- percentage are those that can come of it once what is unresolved (N) or
-- missing is known: all absent, all attended.
create function api.attendance_figures(attended bigint, authorised bigint, unauthorised bigint, unresolved bigint,
	gaps bigint, out possible bigint, out percentage numeric, out lowest numeric, out highest numeric)
language sql immutable
begin atomic
	select p.possible, data.percentage(attended, p.possible), data.percentage(attended, p.possible + gaps),
	       data.percentage(attended + unresolved + gaps, p.possible + gaps)
	  from (select attended + authorised + unauthorised as possible) as p;
end;
comment on function api.attendance_figures(bigint, bigint, bigint, bigint, bigint) is 'What is worked out of sums of sessions';

-- The marks of a pupil, session by session and school by school: every session
-- on roll that has a mark, or should have one.
create function api.pupil_marks(pupil bigint, "first" date, "last" date)
returns table (date date, session data.session, school_urn int, code text, class data.attendance_class,
	minutes_late smallint, comment text, decided boolean)
language sql stable
begin atomic
	select s.day, s.session, s.school_urn, coalesce(c.code, case s.symbol when '-' then '-' end), c.class,
	       o.minutes_late, o.comment, s.decided
	  from (select w.school_urn, data.session_day(w.week, n) as day, data.session_of(n) as session,
	               coalesce(substr(w.marks, n + 1, 1), ' ') as symbol, w.held & (1 << n) <> 0 as held,
	               w.decided & (1 << n) <> 0 as decided
	          from data.stay_weeks("first", "last", null, array[pupil]) w cross join generate_series(0, 9) as n
	         where w.roll & (1 << n) <> 0) as s
	       left join data.attendance_code c on c.symbol = s.symbol::"char"
	       left join data.mark_note o on o.pupil_id = pupil and o.day = s.day and o.session = s.session
	                                 and o.school_urn = s.school_urn
	 where s.held or s.symbol <> ' '
	 order by s.day, s.session, s.school_urn;
end;
comment on function api.pupil_marks(bigint, date, date) is 'The marks of a pupil in a window, and where one is missing';

create type api.pupil_attendance as (pupil bigint, "from" date, "to" date, marks json, sums json);
comment on type api.pupil_attendance is 'The register of a pupil as the API shows it';

create function api.pupil_attendance_read(pupil bigint, "from" date default null, "to" date default null)
returns setof api.pupil_attendance
language plpgsql stable rows 1 set jit = off set plan_cache_mode = force_custom_plan
as $$
declare
	w record;
begin
	select n."first", n."last" into w from api.window_of("from", "to") n;
	return query
	select p.pupil_id, w."first", w."last",
	       (select coalesce(json_agg(m order by m.date, m.session, m.school_urn), '[]')
	          from api.pupil_marks(p.pupil_id, w."first", w."last") m),
	       (select json_build_object('possible', f.possible, 'attended', s.attended, 'authorised', s.authorised,
	                   'unauthorised', s.unauthorised, 'unresolved', s.unresolved, 'not_possible', s.not_possible,
	                   'gaps', s.gaps, 'percentage', f.percentage, 'lowest', f.lowest, 'highest', f.highest)
	          from (select coalesce(sum(data.session_count(k.attended)), 0) as attended,
	                       coalesce(sum(data.session_count(k.authorised)), 0) as authorised,
	                       coalesce(sum(data.session_count(k.unauthorised)), 0) as unauthorised,
	                       coalesce(sum(data.session_count(k.unresolved)), 0) as unresolved,
	                       coalesce(sum(data.session_count(k.not_possible)), 0) as not_possible,
	                       coalesce(sum(data.session_count(k.gaps)), 0) as gaps
	                  from data.pupil_weeks(w."first", w."last", array[p.pupil_id]) k) as s
	               cross join api.attendance_figures(s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps) f)
	  from data.pupil p where p.pupil_id = pupil_attendance_read.pupil;
end;
$$;
comment on function api.pupil_attendance_read(bigint, date, date) is 'The register of one pupil over a window, with its sums';
