-- Marks of a file: whose they are, which may stand, what they do to the register.
begin;
\ir helpers.sql
select plan(78);

select t.school(900001), t.school(900002), t.client('a', '{900001}', '{visits:read,attendance:write}'),
       t.client('all', null, '{visits:read,attendance:write}') \gset
select t.pupil(1, 900001) as p1, t.pupil(2, 900001) as p2, t.pupil(3, 900002) as p3, t.staff('S1', 900001) as staff \gset
update data.enrolment set admitted_on = '2024-01-10', left_on = '2026-02-04' where pupil_id = :p2;

-- As a program does it: t.import(client, rows, notes, mode, dry_run) loads rows
-- of register_row and register_note and answers the report, without "import".
create function t.import(client text, rows text, notes text default null, mode text default 'all', dry boolean default false,
	says boolean default true) returns jsonb
language plpgsql
as $$
declare
	report jsonb;
	import bigint;
begin
	execute 'set local role doorstep_register';
	set local search_path = pg_catalog;
	perform auth.begin(t.hash('token of ' || client), 'attendance:write', coalesce(nullif(current_setting('t.request', true), ''), 'r'));
	import := api.import_open('register', mode, dry, repeat('00', 32), 3);
	perform api.import_register_begin();
	execute 'insert into pg_temp.register_row (line, step, slots, school, upn, mis_id, week, marks) values ' || rows;
	if notes is not null then
		execute 'insert into pg_temp.register_note (school, upn, mis_id, day, session, minutes_late, comment, says_minutes, says_comment, line) values ' || notes;
	end if;
	select to_jsonb(r) into report from api.import_register(mode, dry, says, says) as r;
	perform api.import_close(case when mode = 'all' and not dry and report -> 'rejected' <> '[]' then 'refused' else 'done' end::data.import_state,
		report::json);
	execute (select 'drop table ' || string_agg(c.oid::regclass::text, ', ')
	           from pg_class c where c.relnamespace = pg_my_temp_schema() and c.relkind = 'r'
	                             and c.relname ~ '^(import|register|note)_');
	reset role;
	reset search_path;
	return report;
end;
$$;
grant usage on schema t to doorstep_register;
grant execute on all functions in schema t to doorstep_register;
-- accepted/added/changed/unchanged/kept of rows, and the problems as "line field detail"
create function t.counts(report jsonb) returns text
language sql immutable
return concat_ws(' ', report ->> 'rows', report ->> 'accepted', report ->> 'added', report ->> 'changed', report ->> 'unchanged',
	report ->> 'kept');
create function t.bad(report jsonb) returns text
language sql immutable
begin atomic
	select string_agg(concat_ws(' ', p ->> 'line', p ->> 'field', p ->> 'detail'), '; ' order by (p ->> 'line')::int, p ->> 'field')
	  from jsonb_array_elements(report -> 'rejected') as p;
end;
create function t.week(pupil bigint, monday date, school int default 900001) returns text
language sql stable
begin atomic
	select w.marks from data.register_week w where w.pupil_id = pupil and w.week = monday and w.school_urn = school;
end;
create function t.marks_row(upn text, monday text, marks text, school text default '900001', line int default 2, mis text default '')
returns text
language sql immutable
return format('(%s, 1, %L, %L, %L, %L, %L, rpad(%L, 10))', line,
	(select string_agg((n - 1)::text, '' order by n) from generate_series(1, length(marks)) as n where substr(marks, n, 1) <> ' '),
	school, upn, mis, monday, marks);

-- New marks
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '/\/\L1IINO'))), '10 10 10 0 0 0', 'marks are added');
select is(t.week(:p1, '2026-01-05'), '/\/\L1IINO', 'and are there');
select is((select (attended, authorised, unauthorised, unresolved, not_possible, administrative)::text from data.register_week),
	'(31,224,768,256,0,0)', 'with their sessions: a bit each');
select results_eq('select school_urn, week, held::int from data.school_week', $$ values (900001, '2026-01-05'::date, 1023) $$,
	'the school held those sessions');
select is((select count(*) from audit.entry where record = 'data.register_week'), 1::bigint, 'one entry in the trail');
select is((select (action, key, school_urn, client_id, after ->> :'p1')::text from audit.entry where record = 'data.register_week'),
	format('(insert,"{""week"": ""2026-01-05"", ""school_urn"": 900001}",900001,a,"/\\/\\L1IINO")'), 'with the marks, by pupil');

-- The same again
select coalesce(max(entry_id), 0) as mark from audit.entry \gset
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '/\/\L1IINO'))), '10 10 0 0 10 0', 'the same again is nothing new');
select is((select count(*) from audit.entry where entry_id > :mark), 0::bigint, 'and audits nothing');
select is((select count(*) from data.mark_amendment), 0::bigint, 'nor is it an amendment');

-- Others
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '/\/\L1IIII'))), '10 10 0 2 8 0', 'other marks change those');
select is(t.week(:p1, '2026-01-05'), '/\/\L1IIII', 'which are there then');
select results_eq('select day, session::text, was, is_now, reason, by_staff_id, client_id, import_id is not null from data.mark_amendment order by 1, 2',
	$$ values ('2026-01-09'::date, 'AM', 'N', 'I', null::text, null::bigint, 'a', true),
	          ('2026-01-09', 'PM', 'O', 'I', null, null, 'a', true) $$, 'what they were is kept, and which import changed them');
select is((select (before ->> :'p1', after ->> :'p1')::text from audit.entry where record = 'data.register_week' and action = 'update'),
	'("/\\/\\L1IINO","/\\/\\L1IIII")', 'before and after are in the trail');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '       OO'))), '2 2 0 2 0 0', 'marks of some sessions only');
select is(t.week(:p1, '2026-01-05'), '/\/\L1IOOI', 'leave the others');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '-'))), '1 1 0 1 0 0', 'a mark is taken back');
select is((select (was, is_now)::text from data.mark_amendment order by amendment_id desc limit 1), '(/,-)', 'which is kept, too');
select is((select held::int from data.school_week), 1022, 'and then the school is not known to have been open');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '/'))), '1 1 0 1 0 0', 'a missing mark is filled in');
select is((select count(*) from data.mark_amendment where was = '-'), 0::bigint, 'which amends nothing');

-- A decision of the school
select is(t.run('a', format('select api.amend(%s, %L)', :p1, jsonb_build_object('school_urn', 900001, 'date', '2026-01-08',
	'session', 'PM', 'code', 'M', 'reason', 'The hospital wrote.', 'by', :staff)), 'doorstep_register'), '1 rows', 'a mark is amended by the school');
select is(t.week(:p1, '2026-01-05'), '/\/\L1IMOI', 'a mark that the school decided');
select is((select (decided, was, is_now, reason, by_staff_id = :staff)::text from data.register_week,
	(select * from data.mark_amendment order by amendment_id desc limit 1) as a), '(128,O,M,"The hospital wrote.",t)',
	'keeps what it was, why, and who');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '/\/\L1IGGI'))), '10 10 0 1 8 1', 'is kept by an import');
select is(t.week(:p1, '2026-01-05'), '/\/\L1IMGI', 'which changes what else is other');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-05', '-------MGI'), null, 'all', true)), '10 10 0 7 3 0',
	'and agrees where it agrees');
select is(t.problems('a', format('select api.amend(%s, %L)', :p1, '{"school_urn": 900001, "date": "2026-01-10", "session": "AM", "code": "ZZ", "reason": "x", "by": 1}'),
	'doorstep_register')::jsonb @> '[{"pointer": "/code"}, {"pointer": "/date"}]', true, 'an amendment that does not fit is told so, all of it');

-- Dry
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-12', '/\'), null, 'all', true)), '2 2 2 0 0 0', 'what is only tried is counted');
select is(t.week(:p1, '2026-01-12'), null, 'and not stored');

-- Whose they are
select is(t.bad(t.import('a', t.marks_row(t.upn(9), '2026-01-12', '/\'))),
	'2 upn is not a pupil of this school; 3 upn is not a pupil of this school', 'an unknown pupil, each mark with its line');
select is(t.bad(t.import('a', t.marks_row('A80120000000X', '2026-01-12', '/'))), '2 upn ' || data.upn_problem('A80120000000X'), 'what is no UPN');
select is(t.bad(t.import('a', t.marks_row(t.upn(3), '2026-01-12', '/'))), '2 upn is not a pupil of this school', 'a pupil of another school is as one who is not there');
select is(t.bad(t.import('a', t.marks_row(t.upn(3), '2026-01-12', '/', '900002'))), '2 school_urn is not a school that this client sees', 'nor is that school');
select is(t.bad(t.import('all', t.marks_row(t.upn(1), '2026-01-12', '/', '900002'))), '2 upn is not a pupil of this school', 'who was never there');
select is(t.counts(t.import('all', t.marks_row(t.upn(3), '2026-01-12', '/', '80/900002'))), '1 0 0 0 0 0', 'a LAESTAB that is none');
select is(t.counts(t.import('all', t.marks_row(t.upn(3), '2026-01-12', '/', '800/0002'))), '1 1 1 0 0 0', 'a school by its LAESTAB');
update data.enrolment set mis_id = 'W1' where pupil_id = :p1;
select is(t.counts(t.import('a', t.marks_row('', '2026-01-12', '/\', mis => 'W1'))), '2 2 2 0 0 0', 'a pupil by the number in the school''s system');
select is(t.bad(t.import('a', t.marks_row('', '2026-01-12', '/', mis => 'W2'))), '2 mis_id is not a pupil of this school', 'an unknown one');
select is(t.bad(t.import('a', t.marks_row(t.upn(2), '2026-01-12', '/', mis => 'W1'))), '2 upn and mis_id stand for different pupils', 'that must agree with the UPN');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-12', ' \', mis => 'W1'))), '1 1 0 0 1 0', 'which it may');
update data.enrolment set mis_id = 'W1' where pupil_id = :p2;
select is(t.bad(t.import('a', t.marks_row('', '2026-01-12', '/', mis => 'W1'))), '2 mis_id stands for more than one pupil of this school', 'an ambiguous one');

-- The time on the roll
select is(t.bad(t.import('a', t.marks_row(t.upn(2), '2026-02-02', '/\/\/\/\'))),
	'8 date is outside the time on the roll of this school; 9 date is outside the time on the roll of this school', 'marks after the last day');
select is(t.week(:p2, '2026-02-02'), null, 'of which none is stored');
select is(t.counts(t.import('a', t.marks_row(t.upn(2), '2026-02-02', '/\/\/\/\'), null, 'valid')), '8 6 6 0 0 0', 'or the good ones');
select is(t.week(:p2, '2026-02-02'), '/\/\/\    ', 'which are there');
select is(t.counts(t.import('a', t.marks_row(t.upn(2), '2026-02-02', '/\/\/\--##'))), '10 10 2 0 6 0', 'none taken, and closed, are no marks of anybody');
select is(t.week(:p2, '2026-02-02'), '/\/\/\  ##', 'so that they may stand, or say nothing');
select is(t.counts(t.import('a', t.marks_row(t.upn(2), '2024-01-08', '  /'))), '1 0 0 0 0 0', 'a mark before the first day');
select is(t.bad(t.import('a', t.marks_row(t.upn(1), '2015-07-27', '/'))), '2 date is before August 2015, when this register begins', 'a mark of long ago');

-- Twice in a file
select is(t.bad(t.import('a', t.marks_row(t.upn(1), '2026-01-19', '/\') || ', ' || t.marks_row(t.upn(1), '2026-01-19', '/L', line => 9))),
	'3 code is another mark than that on line 10 for the same session; 10 code is another mark than that on line 3 for the same session',
	'two marks for a session contradict each other');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-19', '/\') || ', ' || t.marks_row(t.upn(1), '2026-01-19', '/L', line => 9), null, 'valid')),
	'4 2 1 0 0 0', 'neither of which is stored');
select is(t.week(:p1, '2026-01-19'), '/         ', 'but for what agrees');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-19', '  /\') || ', ' || t.marks_row(t.upn(1), '2026-01-19', '    /\', line => 9))),
	'4 4 4 0 0 0', 'parts of a week in several places');
select is(t.week(:p1, '2026-01-19'), '/ /\/\    ', 'come together');
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-01-26', '//') || ', ' || t.marks_row('', '2026-01-26', '/', mis => 'W1', line => 9), null, 'valid')),
	'3 2 2 0 0 0', 'also by different names, of which one is ambiguous');

-- Minutes and comments
create function t.note(day text, session text, minutes int, words text) returns text
language sql immutable
return format('(%L, %L, %L, %L, %L, %L, %L, false, false, 2)', '900001', t.upn(1), '', day, session, minutes, words);
create function t.notes() returns text
language sql stable
begin atomic
	select string_agg(concat_ws(' ', n.day, n.session, n.minutes_late, n.comment), '; ' order by n.day, n.session) from data.mark_note n;
end;
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-03-02', 'LLI'), t.note('2026-03-02', 'AM', 7, null) || ', ' || t.note('2026-03-03', 'AM', null, 'Flu'))),
	'3 3 3 0 0 0', 'marks with minutes and a comment');
select is(t.notes(), '2026-03-02 AM 7; 2026-03-03 AM Flu', 'which are kept');
select coalesce(max(entry_id), 0) as mark from audit.entry \gset
select is(t.counts(t.import('a', t.marks_row(t.upn(1), '2026-03-02', 'LLI'), t.note('2026-03-02', 'AM', 7, null) || ', ' || t.note('2026-03-03', 'AM', null, 'Flu'))),
	'3 3 0 0 3 0', 'the same again');
select is((select count(*) from audit.entry where entry_id > :mark), 0::bigint, 'changes nothing');
select t.import('a', t.marks_row(t.upn(1), '2026-03-02', 'LLI'), null, 'all', false, false) \g /dev/null
select is(t.notes(), '2026-03-02 AM 7; 2026-03-03 AM Flu', 'a file that does not tell such things leaves them');
select t.import('a', t.marks_row(t.upn(1), '2026-03-02', 'LL'), t.note('2026-03-02', 'AM', 8, null)) \g /dev/null
select is(t.notes(), '2026-03-02 AM 8; 2026-03-03 AM Flu', 'one that does changes those of its marks');
select t.import('a', t.marks_row(t.upn(1), '2026-03-02', 'L')) \g /dev/null
select is(t.notes(), '2026-03-03 AM Flu', 'and clears what it does not tell of them');
select t.import('a', t.marks_row(t.upn(1), '2026-03-02', '  M'), null, 'all', false, false) \g /dev/null
select is(t.notes(), null, 'with another mark goes what was noted of the one before');

-- A mark that says for itself, in a file of which not every mark does.
select t.import('a', t.marks_row(t.upn(1), '2026-03-09', 'LL'), t.note('2026-03-09', 'AM', 7, 'Bus') || ', ' || t.note('2026-03-09', 'PM', 3, 'Walk')) \g /dev/null
select t.import('a', t.marks_row(t.upn(1), '2026-03-09', 'LL'), replace(t.note('2026-03-09', 'AM', 8, null), 'false, false', 'true, true'), 'all', false, false) \g /dev/null
select is(t.notes(), '2026-03-09 AM 8; 2026-03-09 PM 3 Walk', 'what one mark says of itself is said of no other');

-- Decided by the school between the comparing and the storing of notes
set local role doorstep_register; set local search_path = pg_catalog;
select auth.begin(t.hash('token of a'), 'attendance:write', 'r') \g /dev/null
select api.import_open('register', 'all', false, repeat('00', 32), 3) \g /dev/null
select api.import_register_begin() \g /dev/null
insert into pg_temp.register_row values (2, 1, '0', '900001', t.upn(1), '', '2026-03-09', 'L         ');
insert into pg_temp.register_note values (2, '900001', t.upn(1), '', '2026-03-09', 'AM', 25, 'arrived 9:10', false, false);
select api.import_loaded(), api.import_register_keys(), api.import_register_check(), api.import_register_compare() \g /dev/null
select api.amend(:p1, jsonb_build_object('school_urn', 900001, 'date', '2026-03-09', 'session', 'AM', 'code', 'O',
	'reason', 'Camera', 'by', :staff)) \g /dev/null
reset role; reset search_path;
select throws_ok('select api.import_register_notes(true, true)', '40001', null, 'what the school has just decided gets no note of another mark');
select format('drop table %s', string_agg(c.oid::regclass::text, ', '))
  from pg_class c where c.relnamespace = pg_my_temp_schema() and c.relkind = 'r' and c.relname ~ '^(import|register|note)_' \gexec

-- What a school held
select t.pupil(5, 900001) as p5 \gset
select t.import('a', t.marks_row(t.upn(5), '2026-12-21', '  /')) \g /dev/null
create function t.week() returns text language sql
return (select format('%s of %s', held, marked) from data.school_week where week = '2026-12-21');
select is(t.week(), '4 of 1', 'one mark of who is on roll makes a session');
update data.enrolment set left_on = '2026-12-21' where pupil_id = :p5;
select is(t.week(), '0 of 1', 'one of who turns out not to have been makes none, though there that week');
update data.enrolment set left_on = '2026-12-20' where pupil_id = :p5;
select is(t.week(), '0 of 0', 'nor is a pupil who had left before one of whom there are marks');
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:p5, 900001, '2026-12-22');
select is(t.week(), '4 of 1', 'who comes back has been there');
delete from data.enrolment where pupil_id = :p5 and admitted_on = '2026-12-22';
select is(t.week(), '0 of 0', 'and with a stay that never was, has not');

-- The log
select is((select string_agg(distinct state::text, ' ') from data.import), 'done refused running', 'each import is in the log, the one that broke off as well');
select results_eq($$ select r.line, r.field, r.said from data.import_rejection r order by import_id, position limit 1 $$,
	format($$ values (2::bigint, 'upn', '{"upn": %s, "code": "/", "date": "2026-01-12", "session": "AM", "school_urn": "900001"}'::jsonb) $$, to_json(t.upn(9))),
	'with the rejected rows as they were said');

select t.import('a', t.marks_row(t.upn(9), '2026-01-12', '/'),
	replace(t.note('2026-01-12', 'AM', null, '-ill'), t.upn(1), t.upn(9))) \g /dev/null
select is((select r.said ->> 'comment' from data.import_rejection r order by import_id desc, position limit 1), '-ill',
	'also what the mark said besides its code');

-- What nobody gets past
prepare by_hand as insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved, not_possible, administrative)
values ($1, '2026-06-01', $2, $3, $4, 0, 0, 0, 0, 0);
select throws_ok(format('execute by_hand(%s, 900001, %L, 7)', :p1, '/\        '), '23514', null, 'sessions that are not those of the marks');
select throws_ok(format('execute by_hand(%s, 900001, %L, 3)', :p3, '/\        '), '23503', null, 'marks of who was never there');
select throws_ok(format('insert into data.mark_note values (%s, %L, %L, 900001, 7)', :p3, '2026-06-01', 'AM'), '23503', null, 'a note on such a mark');
select lives_ok(format('execute by_hand(%s, 900001, %L, 3)', :p1, '/\        '), 'right ones may stand');
select throws_ok(format('delete from data.enrolment where pupil_id = %s', :p1), '23503', null, 'the enrolment of who has marks stays');
select * from finish();
rollback;
