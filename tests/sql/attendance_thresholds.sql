-- Who misses too much, and which marks want something.
begin;
\ir helpers.sql
select plan(44);

select t.school(900001), t.school(900002), t.client('a', '{900001}', '{visits:read,attendance:read}'),
       t.client('b', '{900002}', '{visits:read,attendance:read}'), t.client('all', null, '{visits:read,attendance:read}') \gset

create function t.stay(pupil bigint, school int, admitted date, left_day date default null) returns void
language sql
begin atomic
	insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on)
	values (pupil, school, '4', admitted, left_day);
end;
-- Weeks one after another, for a pupil: each text is one.
create function t.weeks(pupil bigint, school int, first date, variadic weeks text[]) returns void
language plpgsql
as $$
begin
	for n in 1..cardinality(weeks) loop
		if weeks[n] <> '' then
			perform t.marks(pupil, school, first + 7 * (n - 1), weeks[n]);
		end if;
	end loop;
end;
$$;
create function t.penalty(pupil bigint, as_of date, client text default 'all') returns text
language sql
return t.get(client, format($$ select concat_ws(' ', x.first_week, x.last_week, x.sessions, x.unresolved,
	x.reached_without_unresolved) from api.penalty_list(as_of => %L) x where x.pupil = %s $$, as_of, pupil), 'doorstep_register');
create function t.absence(pupil bigint, more text default '', client text default 'all') returns text
language sql
return t.get(client, format($$ select concat_ws(' ', x.level, x.missed, x.possible)
	from api.absence_list("from" => '2025-09-01', "to" => '2026-07-31' %s) x where x.pupil = %s $$, more, pupil), 'doorstep_reports');
create function t.sickness(pupil bigint) returns text
language sql
return t.get('all', format($$ select concat_ws(' ', x.sessions, x.days, x.first_day, x.last_day, x.longest_run, x.run_from, x.run_to)
	from api.sickness_list("from" => '2025-09-01', "to" => '2026-07-31') x where x.pupil = %s $$, pupil), 'doorstep_reports');
\set full '\'/\\/\\/\\/\\/\\\''

-- The school is open from September 2024 on, but for holidays: two weeks at
-- Christmas, one in October and in February, two at Easter, summer.
create temporary table open_week as
select w::date as week from generate_series('2024-09-02'::timestamp, '2026-07-13', '7 days') as w
 where not (w between '2024-12-23' and '2025-01-05' or w between '2025-12-22' and '2026-01-04' or w = '2024-10-28'
            or w = '2025-10-27' or w in ('2025-02-17', '2026-02-16') or w between '2025-04-07' and '2025-04-20'
            or w between '2026-03-30' and '2026-04-12' or w between '2025-07-21' and '2025-08-31');
select t.pupil(1, 900001) as open, t.pupil(2, 900002) as open_b \gset
select t.marks(:open, 900001, week, :full) from open_week \g /dev/null
select t.marks(:open_b, 900002, week, :full) from open_week where week < '2026-02-01' \g /dev/null

-- Persistent and severe absence: of the pupil's own possible sessions
select t.pupil(11, 900001) as p1, t.pupil(12, 900001) as p2, t.pupil(13, 900001) as p3, t.pupil(14, 900001) as p4,
       t.pupil(15, 900001) as p5 \gset
select t.weeks(:p1, 900001, '2025-09-08', 'I/\/\/\/\/'), t.weeks(:p2, 900001, '2025-09-08', '/\/\/\/\/\', 'I'),
       t.weeks(:p3, 900001, '2025-09-08', 'IIOO/\/\DD'), t.weeks(:p4, 900001, '2025-09-08', 'XXXXYYYY##'),
       t.weeks(:p5, 900001, '2025-09-08', 'GGGGGGGGGG') \g /dev/null
update data.enrolment set left_on = '2025-09-12' where pupil_id in (:p1, :p3, :p4, :p5);
select is(t.absence(:p1), 'persistent 1 10', 'one of ten is exactly a tenth: persistently absent, though the pupil left');
select is(t.absence(:p2), null, 'one of eleven is less');
select is(t.absence(:p3), 'severe 4 8', 'four of eight possible ones is exactly half: severely absent');
select is(t.absence(:p4), null, 'who had no possible session is neither');
select is(t.absence(:p1, $$, level => 'severe' $$), null, 'asked for severe, persistent is left out');
select is(t.absence(:p3, $$, level => 'persistent' $$), 'severe 4 8', 'asked for persistent, severe is there, too');
select is(t.absence(:p3, ', minimum_sessions => 9'), null, 'who had few sessions can be left out');
select is(t.absence(:p3, ', minimum_sessions => 8'), 'severe 4 8', 'few being fewer than so many');
select is(t.absence(:p3, ', school => 900002'), null, 'a filter by school keeps to its pupils');
select is(t.absence(:p3, '', 'b'), null, 'a client of another school does not see them');

-- Penalty notices
select is(t.penalty(:p5, '2026-07-17'), '2025-05-26 2025-09-08 10 0 t',
	'ten sessions in the last week before leaving: it is the last of the ten, between which the summer does not count');
select t.pupil(21, 900001) as p \gset
select t.weeks(:p, 900001, '2025-11-03', 'GGGG/\/\/\', '', 'NN/\/\', '', '', '', '', '', '', '', '', 'OU/\', 'OO') \g /dev/null
-- 3 Nov 4, 17 Nov 2, 19 Jan 2, 26 Jan 2; school weeks from 3 Nov: seven until 15 Dec, then 5, 12, 19 Jan: ten.
select is(t.penalty(:p, '2026-01-25'), null, 'eight in ten school weeks across Christmas are not enough');
select is(t.penalty(:p, '2026-02-20'), null, 'nor are ten in eleven');
select t.pupil(22, 900001) as p \gset
select t.weeks(:p, 900001, '2025-11-03', 'GGGG/\/\/\', '', 'NN/\/\', '', '', '', '', '', '', '', '', 'OUOO') \g /dev/null
select is(t.penalty(:p, '2026-01-23'), '2025-11-03 2026-01-19 10 2 f',
	'ten in ten school weeks across Christmas are, two of them not yet safe');
select is(t.penalty(:p, '2026-01-20'), '2025-11-03 2026-01-19 10 2 f', 'as of the day on which they are reached');
select is(t.penalty(:p, '2026-01-19'), null, 'and not of the day before');
select is(t.penalty(:p, '2026-07-17'), '2025-11-03 2026-01-19 10 2 f', 'they stay the latest span');
select t.pupil(23, 900001) as p \gset
select t.weeks(:p, 900001, '2025-06-23', 'GGGGGG', '', '', 'OO/\', '', '', '', '', '', '', '', 'UU/\/\') \g /dev/null
select is(t.penalty(:p, '2025-09-12'), '2025-05-26 2025-09-08 10 0 t', 'a span crosses the summer into another school year: the ten weeks until then');
select is(t.penalty(:p, '2026-07-17'), '2025-06-23 2025-10-06 10 0 t', 'later on it is the last ten weeks that hold them');
select t.pupil(24, 900001) as p \gset
select t.weeks(:p, 900001, '2024-07-15', 'GGGGGGGGGG'), t.weeks(:p, 900001, '2024-09-02', 'GGGG') \g /dev/null
select is(t.penalty(:p, '2024-12-20'), null, 'only marks since 19 August 2024 count');
select t.pupil(25, 900001) as p \gset
select t.weeks(:p, 900001, '2025-09-08', 'GGGGG', '', 'OOOOO', '', '', '', '', '', '', '', '', 'NNNNN', 'GGGGG') \g /dev/null
select is(t.penalty(:p, '2025-12-05'), '2025-09-22 2025-12-01 15 5 t', 'of several spans the latest is told, with all that is in it');
select t.pupil(26, 900001) as p \gset
select t.weeks(:p, 900001, '2025-09-08', 'GGGGG') \g /dev/null
update data.enrolment set left_on = '2025-09-12' where pupil_id = :p;
select t.stay(:p, 900001, '2026-01-19') \g /dev/null
select t.marks(:p, 900001, '2026-01-19', 'GGGGG') \g /dev/null
select is(t.penalty(:p, '2026-02-06'), null, 'time away counts as school weeks, and does not bring two stays together');
select t.pupil(27, 900001) as p \gset
select t.weeks(:p, 900001, '2025-09-08', 'GGGGG') \g /dev/null
update data.enrolment set left_on = '2025-09-12' where pupil_id = :p;
select t.stay(:p, 900002, '2025-09-15') \g /dev/null
select t.marks(:p, 900002, '2025-09-15', 'OOOOO/\/\/') \g /dev/null
select is(t.penalty(:p, '2025-12-19') is not null, true, 'who changes school takes their sessions along');
select is(t.penalty(:p, '2025-12-19', 'a'), null, 'as far as the client sees them');
select t.pupil(28, 900001) as p \gset
select t.stay(:p, 900002, '2025-09-01') \g /dev/null
select t.marks(:p, 900001, '2025-09-08', 'GGGGGGGGGG'), t.marks(:p, 900002, '2025-09-08', 'OOOOOOOOO/') \g /dev/null
select is(t.penalty(:p, '2025-12-19'), null, 'a session at two schools counts once: nine, attended at one winning');
select is(t.penalty(:p, '2025-12-19', 'a') is not null, true, 'by the one register alone there are ten');
select is(t.get('all', $$ select count(*) from api.penalty_list(900002, '2026-07-17') $$, 'doorstep_register'), '1', 'a school is told of its own');
select is(t.get('b', $$ select count(*) from api.penalty_list(null, '2026-07-17') $$, 'doorstep_register'), '0', 'a client sees no other school''s sessions');

-- Illness
select t.pupil(31, 900001) as p1, t.pupil(32, 900001) as p2, t.pupil(33, 900001) as p3 \gset
select t.weeks(:p1, 900001, '2025-09-08', 'IIIIIIIIII', 'IIIIIIIIII', '/\IIIIIIII', 'II/\'),
       t.weeks(:p2, 900001, '2025-09-08', 'IIIIIIIIII', 'IIIIIIIIII', 'IIIIIIIII/'),
       t.weeks(:p3, 900001, '2025-10-20', '/III-I##II', '', 'DIIIIIIIII', 'IIIIIIIIII', 'IIII/I') \g /dev/null
select is(t.sickness(:p1), '30 15.0 2025-09-08 2025-09-29 10.0 2025-09-08 2025-09-19', 'thirty sessions are fifteen days, one after another or not');
select is(t.sickness(:p2), null, 'twenty-nine are not');
select is(t.sickness(:p3), '30 15.0 2025-10-20 2025-11-19 14.5 2025-10-20 2025-11-18',
	'half days count half; holidays, closures and gaps do not break a run, being there does');

-- Reasons not established
select t.pupil(41, 900001) as p \gset
select t.marks(:p, 900001, '2025-10-13', '/\/\/\/\N\'), t.marks(:p, 900001, '2025-10-20', 'N\') \g /dev/null
create function t.unresolved(more text, client text default 'all') returns text
language sql
return t.get(client, format($$ select string_agg(concat_ws(' ', x.date, x.session, x.school_days), ', ' order by x.id)
	from api.unresolved_list(%s) x where x.date between '2025-10-13' and '2025-10-20' $$, more), 'doorstep_reports');
select is(t.unresolved($$ as_of => '2025-10-24' $$), null, 'five school days after, a reason is not yet overdue');
select is(t.unresolved($$ as_of => '2025-10-31' $$), null, 'nor in the holidays after');
select is(t.unresolved($$ as_of => '2025-11-03' $$), '2025-10-17 AM 6', 'on the sixth it is');
select is(t.unresolved($$ as_of => '2025-11-04', older_than => 4 $$), '2025-10-17 AM 7, 2025-10-20 AM 6', 'it may be asked for sooner');
select is(t.unresolved($$ as_of => '2025-11-04', older_than => 6 $$), '2025-10-17 AM 7', 'or later');
select is(t.unresolved($$ as_of => '2025-11-14', school => 900002 $$), null, 'of one school');
select is(t.unresolved($$ as_of => '2025-11-14' $$, 'b'), null, 'that the client sees');
update data.enrolment set admitted_on = '2025-10-20' where pupil_id = :p;
select is(t.unresolved($$ as_of => '2025-11-14' $$), '2025-10-20 AM 14', 'and while on roll');

-- Missing marks
select t.pupil(51, 900001) as p \gset
update data.enrolment set admitted_on = '2026-07-06' where pupil_id = :p;
select t.marks(:p, 900001, '2026-07-06', '/-  /\/\##') \g /dev/null
create function t.gaps(pupil bigint, more text, client text default 'all') returns text
language sql
return t.get(client, format($$ select string_agg(concat_ws(' ', x.date, x.session, x.said), ', ' order by x.id)
	from api.gap_list("from" => '2026-07-06', "to" => '2026-07-13' %s) x where x.pupil = %s $$, more, pupil), 'doorstep_reports');
select is(t.gaps(:p, ''), '2026-07-06 PM t, 2026-07-07 AM f, 2026-07-07 PM f, 2026-07-13 AM f, 2026-07-13 PM f',
	'every missing mark is listed, and whether the register says so');
select is(t.gaps(:p, ', school => 900001'), t.gaps(:p, ''), 'of one school');
select is(t.gaps(:p, ', school => 900002') , null, 'and not of another');
select is(t.gaps(:p, '', 'b'), null, 'nor for another''s client');
select is(t.get('all', format($$ with recursive page as (
	select (select jsonb_agg(x.id) from (select x.id from api.gap_list("from" => '2026-07-06', "to" => '2026-07-13', max_rows => 2) x) x) as ids
	union all
	select (select jsonb_agg(x.id) from (select x.id from api.gap_list("from" => '2026-07-06', "to" => '2026-07-13', max_rows => 2,
	        after => (page.ids -> -1)::bigint) x) x) from page where page.ids is not null)
	select string_agg(i, ' ') from page, jsonb_array_elements_text(page.ids) as i $$), 'doorstep_register'),
	t.get('all', $$ select string_agg(x.id::text, ' ' order by x.id) from api.gap_list("from" => '2026-07-06', "to" => '2026-07-13') x $$, 'doorstep_register'),
	'page by page they are the same');

select * from finish();
rollback;
