-- What the register says of a window: sums, percentages, gaps, several stays
-- and schools.
begin;
\ir helpers.sql
select plan(74);

select t.school(900001), t.school(900002), t.client('a', '{900001}', '{visits:read,attendance:read}'),
       t.client('b', '{900002}', '{visits:read,attendance:read}'), t.client('all', null, '{visits:read,attendance:read}') \gset

create function t.stay(pupil bigint, school int, admitted date, left_day date default null, year text default '4')
returns void
language sql
begin atomic
	insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on)
	values (pupil, school, year::data.year_group, admitted, left_day);
end;

-- possible attended authorised unauthorised unresolved not_possible gaps percentage lowest highest
create function t.sums(pupil bigint, first date, last date, client text default 'all') returns text
language sql
return t.get(client, format($$ select concat_ws(' ', x.sums ->> 'possible', x.sums ->> 'attended', x.sums ->> 'authorised',
	x.sums ->> 'unauthorised', x.sums ->> 'unresolved', x.sums ->> 'not_possible', x.sums ->> 'gaps',
	coalesce(x.sums ->> 'percentage', 'none'), coalesce(x.sums ->> 'lowest', 'none'), coalesce(x.sums ->> 'highest', 'none'))
	from api.pupil_attendance_read(%s, %L, %L) x $$, pupil, first, last), 'doorstep_register');

-- The same of a row of the summary, which is worked out another way.
create function t.row(by text, id bigint, first date, last date, client text default 'all') returns text
language sql
return t.get(client, format($$ select concat_ws(' ', x.possible, x.attended, x.authorised, x.unauthorised, x.unresolved,
	x.not_possible, x.gaps, coalesce(x.percentage::text, 'none'), coalesce(x.lowest::text, 'none'),
	coalesce(x.highest::text, 'none'))
	from api.attendance_summary_list(%L, %L, %L) x where x.id = %s $$, by, first, last, id), 'doorstep_reports');

create function t.mark_list(pupil bigint, first date, last date, client text default 'all') returns text
language sql
return t.get(client, format($$ select string_agg(concat_ws(' ', m ->> 'date', m ->> 'session', m ->> 'school_urn',
	coalesce(m ->> 'code', 'none'), m ->> 'class', m ->> 'minutes_late', m ->> 'comment',
	case when (m ->> 'decided')::boolean then 'decided' end), '; ')
	from api.pupil_attendance_read(%s, %L, %L) x, json_array_elements(x.marks) m $$, pupil, first, last), 'doorstep_register');

create function t.symbols(marks text) returns text -- of the codes, separated by blanks
language sql
return (select string_agg(coalesce(c.symbol::text, m), '' order by n)
          from string_to_table(marks, ' ') with ordinality as w (m, n)
               left join data.attendance_code c on c.code = m and c.valid_to is null);

-- Days
select is(data.months_before('2026-05-31', 3), '2026-03-01'::date, 'three months to 31 May begin on 1 March');
select is(data.months_before('2026-04-30', 3), '2026-01-31'::date, 'to 30 April on 31 January');
select is(data.months_before('2026-05-29', 3), '2026-03-01'::date, 'to 29 May 2026 on 1 March, February being short');
select is(data.months_before('2024-05-29', 3), '2024-03-01'::date, 'and in a leap year, too');
select is(data.months_before('2024-05-28', 3), '2024-02-29'::date, 'in which 28 May leads to 29 February');
select is(data.months_before('2026-06-30', 1), '2026-05-31'::date, 'a month to 30 June begins on 31 May');
select is(data.months_before('2026-01-15', 3), '2025-10-16'::date, 'months reach over the new year');
select is(data.school_year_of(day::date), first::date, day || ' is of the year from ' || first)
  from (values ('2025-07-31', '2024-08-01'), ('2025-08-01', '2025-08-01'), ('2026-01-01', '2025-08-01'),
               ('2024-02-29', '2023-08-01')) as d (day, first);
select is((select string_agg(data.sessions_marked(marks, 'I')::text, ' ' order by n)
             from (values (1, '/\/\/\/\/\'), (2, 'I\/\/\/\/\'), (3, '/\/\/\/\/I'), (4, '/II\/\/\/\'), (5, 'IIIIIIIIII')) as w (n, marks)),
	'0 1 512 6 1023', 'the sessions of a symbol are found where they are');

-- The worked example: 130 sessions in thirteen weeks.
select t.pupil(1, 900001) as p \gset
create temporary table example as
select string_agg(code, ' ' order by place) as marks
  from (select code, row_number() over (order by k, code) as place
          from (values ('/', 40), ('\', 38), ('L', 4), ('B', 2), ('I', 14), ('C2', 2), ('O', 9), ('N', 3), ('U', 2),
                       ('G', 6), ('Y4', 2), ('#', 4)) as e (code, times), generate_series(1, times) as k) as s;
select t.marks(:p, 900001, '2025-01-06'::date + 7 * (n - 1), substr(t.symbols(e.marks), 10 * n - 9, 10))
  from example e, generate_series(1, 13) as n \g /dev/null
select is(t.sums(:p, '2025-01-06', '2025-04-04'), '120 84 16 20 3 2 0 70.0 70.0 72.5',
	'84 of 120 is 70.0 %, and 72.5 % if the three N turn out present');
select is(t.row('pupil', :p, '2025-01-06', '2025-04-04'), '120 84 16 20 3 2 0 70.0 70.0 72.5', 'the summary says the same');
select is(data.percentage(697, 996), 69.9, '697 of 996 shows as 69.9');
select ok(100 * 697 < 70 * 996 and not 100 * 84 < 70 * 120, 'and is below 70 %, which 84 of 120 is not');
select is(data.percentage(0, 0), null::numeric, 'nothing possible is no percentage');
select is(data.percentage(0, 5) || ' ' || data.percentage(5, 5) || ' ' || data.percentage(2, 3) || ' ' || data.percentage(999, 1000),
	'0.0 100.0 66.6 99.9', 'percentages have one decimal, rounded down');

-- Codes of their time
select t.pupil(2, 900001) as p \gset
select t.marks(:p, 900001, '2024-07-15', 'HHJJYYDD/\');
select is(t.sums(:p, '2024-07-15', '2024-07-19'), '6 4 2 0 0 4 0 66.6 66.6 66.6',
	'before 19 August 2024 H was authorised, J an approved activity, Y not possible');
select is(t.mark_list(:p, '2024-07-15', '2024-07-16'),
	'2024-07-15 AM 900001 H authorised; 2024-07-15 PM 900001 H authorised; '
	'2024-07-16 AM 900001 J approved_educational_activity; 2024-07-16 PM 900001 J approved_educational_activity',
	'and they are shown as they were');
select t.pupil(3, 900001) as p \gset
select t.marks(:p, 900001, '2024-09-02', t.symbols('C1 C2 J1 K V P W Q X Z'));
select is(t.sums(:p, '2024-09-02', '2024-09-06'), '7 4 3 0 0 2 0 57.1 57.1 57.1', 'codes of two characters count as theirs');

-- possible = 0
select t.pupil(4, 900001) as p \gset
select t.marks(:p, 900001, '2025-10-06', 'XXXX######');
select is(t.sums(:p, '2025-10-06', '2025-10-10'), '0 0 0 0 0 4 0 none none none', 'without possible sessions there is no percentage');
select is(t.row('pupil', :p, '2025-10-06', '2025-10-10'), '0 0 0 0 0 4 0 none none none', 'nor in the summary');
select is(t.row('pupil', :p, '2019-10-07', '2019-10-11'), null, 'who was not on roll is not in the summary');
select is(t.sums(:p, '2019-10-07', '2019-10-11'), '0 0 0 0 0 0 0 none none none', 'and has nothing to sum up');

-- The window
select t.pupil(5, 900001) as p \gset
select t.marks(:p, 900001, '2025-11-03', '/\I\/\O\/\'), t.marks(:p, 900001, '2025-11-10', 'GG/\/\/\NN') \g /dev/null
select is(t.sums(:p, first::date, last::date), wanted, first || ' to ' || last)
  from (values ('2025-11-03', '2025-11-03', '2 2 0 0 0 0 0 100.0 100.0 100.0'),
               ('2025-11-04', '2025-11-04', '2 1 1 0 0 0 0 50.0 50.0 50.0'),
               ('2025-11-04', '2025-11-06', '6 4 1 1 0 0 0 66.6 66.6 66.6'),
               ('2025-11-07', '2025-11-10', '4 2 0 2 0 0 0 50.0 50.0 50.0'),
               ('2025-11-08', '2025-11-09', '0 0 0 0 0 0 0 none none none'),
               ('2025-11-14', '2025-11-16', '2 0 0 2 2 0 0 0.0 0.0 100.0'),
               ('2025-11-01', '2025-11-30', '20 14 1 5 2 0 0 70.0 70.0 80.0')) as w (first, last, wanted);
select is(t.row('pupil', :p, first::date, last::date), t.sums(:p, first::date, last::date), format('%s to %s, in the summary', first, last))
  from (values ('2025-11-03', '2025-11-03'), ('2025-11-04', '2025-11-06'), ('2025-11-07', '2025-11-10'),
               ('2025-11-08', '2025-11-09'), ('2025-11-14', '2025-11-16'), ('2025-11-01', '2025-11-30')) as w (first, last);

-- On roll: admitted inside the window, left inside it, left and came back.  A
-- school that is open all day: of another pupil.
select t.pupil(6, 900001) as open, t.pupil(7, 900001) as p \gset
select t.marks(:open, 900001, week::date, '/\/\/\/\/\')
  from generate_series('2026-01-05'::timestamp, '2026-02-09', '7 days') as week \g /dev/null
update data.enrolment set admitted_on = '2026-01-07', left_on = '2026-01-13' where pupil_id = :p;
select t.stay(:p, 900001, '2026-01-27', '2026-01-28'), t.stay(:p, 900001, '2026-02-12') \g /dev/null
select t.marks(:p, 900001, '2026-01-05', 'OOOO/\/\/\'), t.marks(:p, 900001, '2026-01-12', '/\I\OOOOOO'),
       t.marks(:p, 900001, '2026-01-26', 'OO/\GGOOOO'), t.marks(:p, 900001, '2026-02-09', 'OOOOOO/\-\') \g /dev/null
select is(t.sums(:p, '2026-01-01', '2026-02-28'), '17 14 1 2 0 0 1 82.3 77.7 83.3',
	'marks before admission, after leaving and between two stays count for nothing');
select is(t.row('pupil', :p, '2026-01-01', '2026-02-28'), '17 14 1 2 0 0 1 82.3 77.7 83.3', 'nor in the summary');
select is(t.sums(:p, '2026-01-01', '2026-01-09'), '6 6 0 0 0 0 0 100.0 100.0 100.0', 'admitted inside the window');
select is(t.sums(:p, '2026-01-12', '2026-01-31'), '8 5 1 2 0 0 0 62.5 62.5 62.5', 'left inside it, and came back');
select is(t.mark_list(:p, '2026-01-13', '2026-01-27'),
	'2026-01-13 AM 900001 I authorised; 2026-01-13 PM 900001 \ attending; '
	'2026-01-27 AM 900001 / attending; 2026-01-27 PM 900001 \ attending', 'only marks while on roll are shown');

-- Gaps: that no mark was taken; that the school was open and nothing is known;
-- a week of which nothing at all is known; a closure is none.
select t.pupil(8, 900001) as p \gset
update data.enrolment set admitted_on = '2026-01-19' where pupil_id = :p;
select t.marks(:p, 900001, '2026-01-19', '/-  -\/\/') \g /dev/null
select is(t.sums(:p, '2026-01-19', '2026-01-25'), '5 5 0 0 0 0 5 100.0 50.0 100.0', 'gaps are in neither sum, and in the range');
select is(t.mark_list(:p, '2026-01-19', '2026-01-21'),
	'2026-01-19 AM 900001 / attending; 2026-01-19 PM 900001 -; 2026-01-20 AM 900001 none; 2026-01-20 PM 900001 none; '
	'2026-01-21 AM 900001 -; 2026-01-21 PM 900001 \ attending', 'gaps are shown, as - where the register says so');
select is(t.sums(:p, '2026-01-19', '2026-02-01'), '5 5 0 0 0 0 15 100.0 25.0 100.0', 'a week without any mark is all gaps');
select is(t.row('pupil', :p, '2026-01-19', '2026-02-01'), '5 5 0 0 0 0 15 100.0 25.0 100.0', 'in the summary, too');
select is(t.sums(:p, '2026-02-16', '2026-03-01'), '0 0 0 0 0 0 0 none none none', 'weeks in which the school was not open have none');
select t.marks(:p, 900001, '2025-12-15', '-') \g /dev/null
update data.enrolment set admitted_on = '2025-12-01' where pupil_id = :p;
select is(t.sums(:p, '2025-12-15', '2025-12-19'), '0 0 0 0 0 0 1 none 0.0 100.0', 'what the register calls missing is missing, though the school held nothing');
select is(t.row('pupil', :p, '2025-12-15', '2025-12-19'), '0 0 0 0 0 0 1 none 0.0 100.0', 'in the summary, too');
select is(t.sums(:p, '2025-12-08', '2025-12-12'), '0 0 0 0 0 0 0 none none none', 'and nothing else is');
select t.marks(:p, 900001, '2025-11-24', '/\##dd/\/\'), t.stay(:p, 900001, '2025-11-24', '2025-11-30') \g /dev/null
select is(t.sums(:p, '2025-11-24', '2025-11-30'), '6 6 0 0 0 2 0 100.0 100.0 100.0', 'a closure, planned or not, is no absence and no gap');

-- Two schools at once
select t.pupil(9, 900001) as p \gset
select t.stay(:p, 900002, '2025-09-01') \g /dev/null
select t.marks(:p, 900001, '2025-09-15', '/\DDIOGN-/'), t.marks(:p, 900002, '2025-09-15', 'OO/\GI/OOD') \g /dev/null
select is(t.sums(:p, '2025-09-15', '2025-09-19', 'a'), '7 3 1 3 1 2 1 42.8 37.5 62.5', 'a client of one school gets what its register says');
select is(t.sums(:p, '2025-09-15', '2025-09-19', 'b'), '9 3 1 5 0 1 0 33.3 33.3 33.3', 'of the other likewise');
-- / \ (attended wins) / \ (D gives way) I I (authorised wins) / (attended wins) N (both unauthorised) O (no gap) /
select is(t.sums(:p, '2025-09-15', '2025-09-19'), '10 6 2 2 1 0 0 60.0 60.0 70.0', 'who sees both gets them joined, session by session');
select is(t.row('pupil', :p, '2025-09-15', '2025-09-19'), '10 6 2 2 1 0 0 60.0 60.0 70.0', 'in the summary by pupil, too');
select is(t.row('school', 900001, '2025-09-15', '2025-09-19'), t.row('school', 900001, '2025-09-15', '2025-09-19', 'a'),
	'by school each register stands for itself');
select is(t.row('school', 900002, '2025-09-15', '2025-09-19'), '9 3 1 5 0 1 0 33.3 33.3 33.3', 'the other''s, too');
select is(t.row('year_group', 90000207, '2025-09-15', '2025-09-19'), '9 3 1 5 0 1 0 33.3 33.3 33.3', 'and by year group');
select is(t.get('all', $$ select string_agg(x.id || ' ' || x.possible, ', ') from api.attendance_summary_list('trust',
	'2025-09-15', '2025-09-19') x $$, 'doorstep_register'), '1 10', 'by trust a session of a child counts once');
select is(t.mark_list(:p, '2025-09-19', '2025-09-19'),
	'2025-09-19 AM 900001 -; 2025-09-19 AM 900002 O unauthorised; 2025-09-19 PM 900001 / attending; 2025-09-19 PM 900002 D not_possible',
	'the marks are those of each');

-- Expected at the other school, which took no mark: that is unknown, whatever D says of it
select t.marks(:p, 900001, '2025-09-22', '/\/\DDDDDD'), t.marks(:p, 900002, '2025-09-22', 'DDDD------') \gset
select is(t.sums(:p, '2025-09-22', '2025-09-26'), '4 4 0 0 0 0 6 100.0 40.0 100.0', 'D at one school hides no mark that is missing at the other');

-- Notes and decisions
insert into data.mark_note values (:p, '2025-09-15', 'AM', 900001, 7, 'Bus'), (:p, '2025-09-15', 'AM', 900002, null, 'Rang');
update data.register_week set decided = 1 << 2 where pupil_id = :p and school_urn = 900001;
select is(t.mark_list(:p, '2025-09-15', '2025-09-16', 'a'),
	'2025-09-15 AM 900001 / attending 7 Bus; 2025-09-15 PM 900001 \ attending; '
	'2025-09-16 AM 900001 D not_possible decided; 2025-09-16 PM 900001 D not_possible', 'minutes, comments and decisions are told with the mark');

-- What is asked for
select is(t.run('all', format('select * from api.pupil_attendance_read(%s, ''2025-09-02'', ''2025-09-01'')', :p), 'doorstep_register'),
	'DS400', 'a window does not end before it begins');
select is(t.problems('all', 'select * from api.attendance_summary_list(''trust'', ''2025-09-02'', ''2025-09-01'')', 'doorstep_register'),
	'[{"detail": "must not be after 2025-09-01", "pointer": "/from"}]', 'which is told of its beginning');
select is(t.run('all', format('select * from api.pupil_attendance_read(%s, ''2015-09-01'', ''2025-09-01'')', :p), 'doorstep_register'),
	'DS400', 'nor is it longer than ten years');
select is(t.run('all', format('select * from api.pupil_attendance_read(%s, ''2015-09-02'', ''2025-09-01'')', :p), 'doorstep_register'),
	'1 rows', 'of which it may have the last day');
select is(t.run('b', 'select * from api.pupil_attendance_read(' || :open || ', ''2026-01-01'', ''2026-02-01'')', 'doorstep_register'),
	'0 rows', 'of a pupil of another school there is nothing');
select is(t.run('all', 'select * from api.pupil_attendance_read(999999)', 'doorstep_register'), '0 rows', 'nor of none');
select is(t.get('all', format('select x."from" || '' '' || x."to" from api.pupil_attendance_read(%s) x', :p), 'doorstep_register'),
	data.school_year_of(data.day_of(now())) || ' ' || data.day_of(now()), 'the window is the academic year to date unless said');
select is(t.get('b', 'select string_agg(distinct x.school_urn::text, '' '') from api.attendance_summary_list(''school'', ''2025-09-01'', ''2026-03-01'') x',
	'doorstep_register'), '900002', 'a summary is of the schools that the client sees');
select is(t.get('b', 'select count(*) from api.attendance_summary_list(''pupil'', ''2025-09-01'', ''2026-03-01'') x', 'doorstep_register'),
	'1', 'and of their pupils');
select is(t.get('all', 'select count(*) from api.attendance_summary_list(''pupil'', ''2025-09-01'', ''2026-03-01'', school => 900002) x',
	'doorstep_register'), '1', 'a filter chooses pupils');
select is(t.get('all', $$ select string_agg(x.id::text, ' ') from (
	select * from api.attendance_summary_list('pupil', '2025-09-01', '2026-03-01', max_rows => 3,
	                                          after => (select min(pupil_id) from data.pupil)) x) x $$, 'doorstep_register'),
	(select string_agg(pupil_id::text, ' ') from (select pupil_id from data.pupil order by 1 limit 3 offset 1) p), 'a page follows the one before');

select * from finish();
rollback;
