-- Bulk imports: what is stored, what is left alone, what is rejected and why.
begin;
\ir helpers.sql
select plan(157);

-- Run as the program: its COPY is an insert here.
create function t.import_file(kind text, file jsonb, mode text, dry_run boolean) returns text
language plpgsql
as $$
declare
	said text;
begin
	perform api.import_begin();
	insert into pg_temp.import_row (line, row, problems)
	select n + 1, f - 'problems', coalesce(f -> 'problems', '[]') from jsonb_array_elements(file) with ordinality as given (f, n);
	execute format($q$
		select concat(accepted, ' of ', rows, (select string_agg(format('; %%s %%s %%s', p ->> 'line', p ->> 'field', p ->> 'detail'),
		                                                         '' order by n)
		         from json_array_elements(rejected) with ordinality as e (p, n))) from api.import_%s($1, $2) $q$, kind)
	into said using mode, dry_run;
	return said;
end;
$$;
grant usage on schema t to doorstep_register;
grant execute on function t.import_file(text, jsonb, text, boolean) to doorstep_register;

-- Imports rows, the first of which is line 2, through a client.  Answers
-- "accepted of rows; line field detail; …".
create function t.import(kind text, file jsonb, mode text default 'all', dry_run boolean default false, client text default 'a')
returns text
language plpgsql
as $$
declare
	item text;
begin
	foreach item in array '{import_row,import_problem,school_in,staff_in,pupil_in,contact_in}'::text[] loop
		execute 'drop table if exists pg_temp.' || item; -- as commit does
	end loop;
	return t.get(client, format('select t.import_file(%L, %L, %L, %L)', kind, file, mode, dry_run), 'doorstep_register');
end;
$$;
create function t.marked() returns bigint language sql return (select coalesce(max(entry_id), 0) from audit.entry);
create function t.audited(mark bigint) returns text
language sql
begin atomic
	select coalesce(string_agg(n || ' ' || action || ' ' || record, ', ' order by record, action), 'nothing')
	  from (select action, record, count(*) as n from audit.entry where entry_id > mark group by action, record) as e;
end;

select t.school(900001), t.school(900002), t.client('a', '{900001}'), t.client('b', '{900002}'), t.client('ab', '{900001,900002}'),
       t.client('all', null) \gset

-- Any kind
select is(t.import('schools', '[]'), '0 of 0', 'an empty file changes nothing');
select is(t.import('pupils', '[{"problems": [{"field": "upn", "detail": "is missing"}, {"field": null, "detail": "x"}]}]'),
	'0 of 1; 2 upn is missing; 2  x', 'what the program found is passed on');

-- Schools
create function t.school_row(urn int, changes jsonb default '{}') returns jsonb
language sql return jsonb_build_object('urn', urn, 'laestab', '80' || right(urn::text, 5), 'name', 'School ' || urn,
	'phase', 'primary', 'policy', 'tkat') || changes;
select t.marked() as mark \gset
select is(t.import('schools', jsonb_build_array(t.school_row(900001))), '1 of 1', 'a file that says what is known is accepted');
select is(t.audited(:mark), 'nothing', 'and neither changes nor audits anything');
select is(t.import('schools', jsonb_build_array(t.school_row(900001, '{"name": "Saint Anne''s", "laestab": "801/2345"}'))), '1 of 1',
	'a school is changed by who sees it');
select is((select name || ' ' || laestab || ' ' || version from data.school where urn = 900001), 'Saint Anne''s 8012345 2',
	'its name and number, with or without a slash, and its version');
select is(t.audited(:mark), '1 update data.school', 'and audited once');
select is(t.import('schools', jsonb_build_array(t.school_row(900002, '{"name": "x"}'))), '0 of 1; 2 urn is not a school that this client sees',
	'an unseen school is not changed');
select is(t.import('schools', jsonb_build_array(t.school_row(900003))), '0 of 1; 2 urn is not a school that this client sees',
	'a new school is not added by who sees one school only');
select is(t.import('schools', jsonb_build_array(t.school_row(900003), t.school_row(900004)), client => 'all'), '2 of 2',
	'new schools are added by who sees the whole trust');
select is(t.get('all', 'select count(*) from data.school'), '4', 'who sees them at once');
select is(t.import('schools', jsonb_build_array(t.school_row(900005, '{"laestab": "12"}'), t.school_row(900006, '{"policy": "no-code"}'),
		t.school_row(900007), t.school_row(900007), t.school_row(900008, '{"laestab": "8000007"}'), t.school_row(900009, '{"laestab": "8000003"}')),
		client => 'all'),
	'0 of 6; 2 laestab is not seven digits, or 123/4567; 3 policy is not a policy that is loaded here; 5 urn is in the file twice;'
	|| ' 6 laestab is in the file twice; 7 laestab belongs to another school', 'all that is wrong with schools is told');
select is(t.import('schools', jsonb_build_array(t.school_row(900001, '{"laestab": "8000002"}'))), '0 of 1; 2 laestab belongs to another school',
	'another school''s number is refused, though that school is not seen');
select is((select count(*) from data.school), 4::bigint, 'with mode all, one bad row keeps every row out');

-- The policy that a school follows
create function t.follows(urn int) returns text
language sql return (select string_agg(case follows_from when '-infinity' then 'always' when data.day_of(now()) then 'today'
	else follows_from::text end || ' ' || coalesce(policy_code, 'none'), ', ' order by follows_from) from data.adoption where school_urn = urn);
create function t.policy(urn int, policy text, client text default 'a') returns text
language sql return t.import('schools', jsonb_build_array(t.school_row(urn, jsonb_build_object('policy', policy)) || '{"name": "x"}'), client => client);
select is(t.follows(900003), 'always tkat', 'a new school follows its policy from always');
select is(t.import('schools', jsonb_build_array(t.school_row(900010) - 'policy', t.school_row(900011, '{"policy": null}')), client => 'all'), '2 of 2',
	'new schools without a policy');
select is(concat(t.follows(900010), t.follows(900011)), '', 'follow none');
select is(t.policy(900011, 'potton', 'all') || ' ' || t.follows(900011), '1 of 1 today potton', 'one that followed none does from today');
select is(t.policy(900003, 'potton', 'all') || ' ' || t.follows(900003), '1 of 1 always tkat, today potton', 'another policy is followed from today');
select t.marked() as mark \gset
select is(t.policy(900003, 'potton', 'all') || ' ' || t.follows(900003), '1 of 1 always tkat, today potton', 'the same file again');
select is(t.audited(:mark), 'nothing', 'neither changes nor audits anything');
select is(t.policy(900003, 'morecambe', 'all') || ' ' || t.follows(900003), '1 of 1 always tkat, today morecambe', 'the last file of the day counts');
select is(t.policy(900003, null, 'all') || ' ' || t.follows(900003), '1 of 1 always tkat, today none', 'empty is none, from today');
select is(t.audited(:mark), '2 update data.adoption', 'each is audited');
select is(t.policy(900003, 'no-code', 'all') || ' ' || t.follows(900003), '0 of 1; 2 policy is not a policy that is loaded here always tkat, today none',
	'an unknown policy changes nothing');
insert into data.adoption (school_urn, follows_from, policy_code) values (900003, '2999-01-01', 'rookeries');
select is(t.policy(900003, 'tkat', 'all') || ' ' || t.follows(900003), '1 of 1 always tkat, today tkat, 2999-01-01 rookeries', 'what is to come stays');
select is(t.policy(900002, 'potton') || ' ' || t.follows(900002), '0 of 1; 2 urn is not a school that this client sees always tkat',
	'an unseen school follows what it did');
select is(t.import('schools', jsonb_build_array(t.school_row(900003, '{"name": "x", "policy": "potton"}')), dry_run => true, client => 'all')
	|| ' ' || t.follows(900003), '1 of 1 always tkat, today tkat, 2999-01-01 rookeries', 'a dry run lets nobody follow anything');
savepoint a_visit;
select t.pupil(50, 900002), t.staff('P1', 900002) as planner \gset
select t.visit(900002, (select pupil_id from data.pupil where upn = t.upn(50)), :planner) as coming \gset
update data.visit set planned_start = now() + interval '7 days', planned_end = now() + interval '7 days 1 hour' where visit_id = :coming;
set constraints all immediate;
set constraints all deferred;
select is(t.policy(900002, 'potton', 'b'), '1 of 1', 'a school with a visit to come changes its policy');
select is((select policy_code from data.visit join data.policy_version using (policy_version_id) where visit_id = :coming), 'potton',
	'which the visit is weighed by from then on');
rollback to savepoint a_visit;

-- The school day
create function t.day_of(urn int) returns text
language sql return coalesce((select left(day_starts::text, 5) || '–' || left(day_ends::text, 5) from data.school s where s.urn = day_of.urn), 'no school');
create function t.hours(urn int, starts text, ends text) returns text
language sql return t.import('schools', jsonb_build_array(jsonb_build_object('day_starts', starts, 'day_ends', ends)
	|| (t.school_row(urn, '{"name": "x"}') - 'policy')), client => 'all') || ', ' || t.day_of(urn);
select is(t.hours(900010, null, null), '1 of 1, 08:45–15:30', 'a school has a day');
select is(t.hours(900010, '08:30', '15:00'), '1 of 1, 08:30–15:00', 'which it can say');
select is(t.hours(900010, null, '15:10'), '1 of 1, 08:30–15:10', 'also in part');
select is(t.hours(900010, '8:30', '24:00'), '0 of 1; 2 day_ends is not a time of day like 08:45; 2 day_starts is not a time of day like 08:45, 08:30–15:10',
	'what is no time is refused');
select is(t.hours(900010, starts, ends), '0 of 1; 2 day_ends must be after day_starts, 08:30–15:10', 'no day ends before it starts')
from (values ('15:00', '08:30'), ('12:00', '12:00'), ('16:00', null), (null, '08:30'), ('15:10', null)) as v (starts, ends);
select is(t.hours(900012, '16:00', null), '0 of 1; 2 day_ends must be after day_starts, no school', 'that of a new school neither');

-- Staff
create function t.staff_row(code text, school int, changes jsonb default '{}') returns jsonb
language sql return jsonb_build_object('staff_code', code, 'school_urn', school, 'given_name', 'Zoë', 'family_name', 'O''Neill',
	'email', null, 'phone', null, 'roles', 'dsl;visitor') || changes;
create function t.staff_seen(code text) returns text
language sql return (select concat_ws(' ', given_name, family_name, phone, version,
	(select string_agg(school_urn || array_to_string(array_prepend('', roles::text[]), ' '), ', ' order by school_urn)
	   from data.post p where p.staff_id = s.staff_id)) from data.staff s where staff_code = code);
select t.marked() as mark \gset
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900001))), '1 of 1', 'a member of staff is added');
select is(t.staff_seen('S1'), 'Zoë O''Neill 1 900001 dsl visitor', 'with name and roles');
select is(t.audited(:mark), '1 insert data.post, 1 insert data.staff', 'and audited');
select t.marked() as mark \gset
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900001))), '1 of 1', 'the same file again is accepted');
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900001, '{"roles": " visitor; dsl;dsl; "}'))), '1 of 1', 'with the roles in another order, and one twice, too');
select is(t.audited(:mark), 'nothing', 'and neither changes nor audits anything');
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900001, '{"phone": "07700 900123", "roles": "deputy"}'))), '1 of 1', 'a member of staff is changed');
select is(t.staff_seen('S1'), 'Zoë O''Neill 07700 900123 3 900001 deputy', 'in particulars and roles');
select is(t.audited(:mark), '1 update data.post, 2 update data.staff', 'each is audited, and that of a post as one of its person, too');
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900001, '{"roles": null}'))), '1 of 1', 'no roles');
select is(t.staff_seen('S1'), 'Zoë O''Neill 5 900001', 'is an answer, too');
select is(t.import('staff', jsonb_build_array(t.staff_row('S2', 900001), t.staff_row('S2', 900002)), client => 'ab'), '2 of 2', 'somebody works at two schools');
select is(t.staff_seen('S2'), 'Zoë O''Neill 1 900001 dsl visitor, 900002 dsl visitor', 'and is one person');
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900002)), client => 'b'), '0 of 1; 2 staff_code belongs to somebody at another school of the trust: a client that sees the whole trust can add them here',
	'another school does not help itself to somebody whom it does not see');
select is(t.import('staff', jsonb_build_array(t.staff_row('S1', 900002)), client => 'all'), '1 of 1', 'who sees the whole trust gives them a post there');
select is(t.staff_seen('S1'), 'Zoë O''Neill 6 900001, 900002 dsl visitor', 'who is the same person');
select is((select count(*) from data.staff), 2::bigint, 'no person is there twice');
select is(t.import('staff', jsonb_build_array(t.staff_row('S9', 900002))), '0 of 1; 2 school_urn is not a school that this client sees', 'no post is given at an unseen school');
select is(t.import('staff', jsonb_build_array(t.staff_row('B1', 900002)), client => 'b'), '1 of 1', 'school B has somebody');
select is(t.import('staff', jsonb_build_array(t.staff_row('B1', 900001, '{"family_name": "Other"}'))),
	'0 of 1; 2 staff_code belongs to somebody at another school of the trust: a client that sees the whole trust can add them here', 'whose code is not taken for somebody else');
savepoint reaching;
select is(t.import('staff', jsonb_build_array(t.staff_row('C1', 900001, '{"roles": "headteacher;compliance_officer"}'))),
	'0 of 1; 2 roles has the role compliance_officer, which reaches the whole trust: a client that sees all of it gives that', 'no school makes somebody see the trust');
select is(t.import('staff', jsonb_build_array(t.staff_row('C1', 900001, '{"roles": "headteacher;compliance_officer"}')), client => 'all'), '1 of 1', 'who sees all of it does');
select is(t.import('staff', jsonb_build_array(t.staff_row('C1', 900001, '{"roles": "dsl;compliance_officer"}'))), '1 of 1', 'what they have, a school leaves');
rollback to savepoint reaching;
select is(t.import('staff', jsonb_build_array(t.staff_row('N1', 900001, '{"roles": "king"}'), t.staff_row('N2', 900001), t.staff_row('N2', 900001),
		t.staff_row('N3', 900001), t.staff_row('N3', 900002, '{"family_name": "Other"}')), client => 'ab'),
	'0 of 5; 2 roles has the unknown role king: known are headteacher, deputy, assistant_head, dsl, deputy_dsl, leadership, office, attendance_officer, visitor, governor, compliance_officer;'
	|| ' 4 staff_code is in the file twice for this school; 6 staff_code stands for a person of another name on an earlier line', 'all that is wrong with staff is told');
select is(t.import('staff', jsonb_build_array(t.staff_row('N1', 900001, '{"roles": "king"}'), t.staff_row('N2', 900001)), mode => 'valid') ~ '^1 of 2; 2 roles', true,
	'with mode valid, the good rows are accepted');
select is(t.staff_seen('N2') || coalesce(t.staff_seen('N1'), ', but not N1'), 'Zoë O''Neill 1 900001 dsl visitor, but not N1', 'and they alone are stored');

-- Pupils
create function t.pupil_row(n int, school int, changes jsonb default '{}') returns jsonb
language sql return jsonb_build_object('upn', t.upn(n), 'school_urn', school, 'given_name', 'Ann', 'family_name', 'D''Arcy',
	'date_of_birth', '2015-02-28', 'year_group', '5', 'admitted_on', '2020-09-01', 'left_on', null, 'address', '1 Street',
	'postcode', 'ZZ1 1ZZ') || changes;
create function t.pupil_seen(n int) returns text
language sql return (select concat_ws(' ', given_name, family_name, date_of_birth, version,
	(select string_agg(school_urn || ' ' || year_group || ' ' || admitted_on || '…' || coalesce(left_on::text, ''), ', ' order by admitted_on, school_urn)
	   from data.enrolment e where e.pupil_id = p.pupil_id)) from data.pupil p where upn = t.upn(n));
select t.marked() as mark \gset
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900001))), '1 of 1', 'a pupil is added');
select is(t.pupil_seen(1), 'Ann D''Arcy 2015-02-28 1 900001 5 2020-09-01…', 'with an enrolment');
select is(t.audited(:mark), '1 insert data.enrolment, 1 insert data.pupil', 'and audited');
select t.marked() as mark \gset
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900001))), '1 of 1', 'the same file again is accepted');
select is(t.audited(:mark), 'nothing', 'and neither changes nor audits anything');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900001, '{"family_name": "Darcy", "date_of_birth": "2015-03-01", "year_group": "6"}'))), '1 of 1',
	'a pupil whom the client sees is changed');
select is(t.pupil_seen(1), 'Ann Darcy 2015-03-01 3 900001 6 2020-09-01…', 'in name, birth and year group');
select is(t.audited(:mark), '1 update data.enrolment, 2 update data.pupil', 'each is audited, and that of a stay as one of its pupil, too');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(2, 900001, '{"upn": "A801200005001"}')), mode => 'valid'),
	'0 of 1; 2 upn is not a UPN: its check letter is wrong', 'a wrong UPN is rejected');
select t.marked() as mark \gset
select is(t.import('pupils', jsonb_build_array(t.pupil_row(2, 900001)), dry_run => true), '1 of 1', 'a dry run says what would be accepted');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(2, 900001), t.pupil_row(3, 900002)), mode => 'valid', dry_run => true),
	'1 of 2; 3 school_urn is not a school that this client sees', 'and what would be rejected');
select is(t.audited(:mark), 'nothing', 'and stores nothing');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(2, 900001), t.pupil_row(3, 900002))), '0 of 2; 3 school_urn is not a school that this client sees',
	'with mode all, an unseen school keeps the whole file out');
select is(t.pupil_seen(2), null, 'the good row too');

-- a move from A to B: not by B, who has not seen the pupil, and gets the same
-- words for a right guess as for a wrong one
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900002, '{"family_name": "Darcy", "date_of_birth": "2014-03-01", "admitted_on": "2026-01-05"}')), client => 'b'),
	'0 of 1; 2 upn belongs to somebody at another school of the trust: a client that sees the whole trust can add them here', 'a hidden pupil is not joined with another date of birth');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900002, '{"family_name": "Other", "date_of_birth": "2015-03-01", "admitted_on": "2026-01-05"}')), client => 'b'),
	'0 of 1; 2 upn belongs to somebody at another school of the trust: a client that sees the whole trust can add them here', 'nor with another name');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900002, '{"given_name": "Anna", "family_name": "DARCY", "date_of_birth": "2015-03-01", "admitted_on": "2026-01-05"}')), client => 'b'),
	'0 of 1; 2 upn belongs to somebody at another school of the trust: a client that sees the whole trust can add them here', 'nor with both');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(1, 900002, '{"given_name": "Anna", "family_name": "DARCY", "date_of_birth": "2015-03-01", "admitted_on": "2026-01-05"}')), client => 'all'),
	'1 of 1', 'by who sees the whole trust it is');
select is(t.pupil_seen(1), 'Anna DARCY 2015-03-01 5 900001 6 2020-09-01…, 900002 5 2026-01-05…', 'and is one pupil at two schools');
select is(t.get('b', 'select enrolments::text from api.pupil'), '[{"school_urn" : 900002, "year_group" : "5", "admitted_on" : "2026-01-05", "left_on" : null, "mis_id" : null}]',
	'of whose stays each school sees its own');
select is((select count(*) from data.pupil), 1::bigint, 'no pupil is there twice');

-- stays at one school
select is(t.import('pupils', jsonb_build_array(t.pupil_row(4, 900001, '{"admitted_on": "2022-09-01", "left_on": "2023-07-20"}'),
		t.pupil_row(4, 900001, '{"admitted_on": "2023-07-20"}'))), '0 of 2; 3 admitted_on overlaps the stay at this school on line 2', 'stays in a file must not overlap, be it one day');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(4, 900001, '{"admitted_on": "2022-09-01", "left_on": "2023-07-20"}'),
		t.pupil_row(4, 900001, '{"admitted_on": "2024-09-01"}'))), '2 of 2', 'a pupil leaves and comes back');
select is(t.pupil_seen(4), 'Ann D''Arcy 2015-02-28 1 900001 5 2022-09-01…2023-07-20, 900001 5 2024-09-01…', 'which makes two stays');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(4, 900001, '{"admitted_on": "2022-10-01", "left_on": "2023-07-19"}'))), '1 of 1', 'a stay is corrected');
select is(t.pupil_seen(4), 'Ann D''Arcy 2015-02-28 2 900001 5 2022-10-01…2023-07-19, 900001 5 2024-09-01…', 'by one that overlaps it, and no other');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(4, 900001, '{"admitted_on": "2023-01-01"}'))),
	'0 of 1; 2 admitted_on overlaps 2 stays already on the roll of this school', 'one that overlaps two corrects neither');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(4, 900001, '{"admitted_on": "2024-09-01", "left_on": "2025-07-20"}'),
		t.pupil_row(4, 900001, '{"admitted_on": "2025-09-01"}'))), '2 of 2', 'an open stay is split in two');
select is(t.pupil_seen(4), 'Ann D''Arcy 2015-02-28 4 900001 5 2022-10-01…2023-07-19, 900001 5 2024-09-01…2025-07-20, 900001 5 2025-09-01…', 'and nothing is lost');
select is(t.import('pupils', jsonb_build_array(t.pupil_row(5, 900001, '{"left_on": "2020-08-31"}'), t.pupil_row(6, 900001, '{"date_of_birth": "2020-09-01"}'),
		t.pupil_row(7, 900001), t.pupil_row(7, 900002, '{"date_of_birth": "2015-01-01"}')), client => 'ab'),
	'0 of 4; 2 left_on is before admitted_on; 3 date_of_birth is not before admitted_on; 5 upn stands for a pupil of another name or date of birth on an earlier line',
	'all that is wrong with pupils is told');

-- Contacts
create function t.contact_row(n int, changes jsonb default '{}') returns jsonb
language sql return jsonb_build_object('upn', t.upn(n), 'given_name', 'Ana', 'family_name', 'Núñez', 'relationship', 'mother',
	'parental_responsibility', true, 'phone', '07700 900123', 'email', null, 'language', null) || changes;
select t.marked() as mark \gset
select is(t.import('contacts', jsonb_build_array(t.contact_row(4), t.contact_row(4, '{"relationship": "carer"}'))), '2 of 2', 'contacts are added');
select is(t.audited(:mark), '2 insert data.contact', 'and audited');
select t.marked() as mark \gset
select is(t.import('contacts', jsonb_build_array(t.contact_row(4, '{"given_name": "ANA", "family_name": "NÚÑEZ"}'))), '1 of 1', 'a correction of capitals is accepted');
select is(t.audited(:mark), '1 update data.contact', 'and stored');
select is(t.import('contacts', jsonb_build_array(t.contact_row(4, '{"phone": null, "language": "Polish"}'))), '1 of 1', 'a contact is changed');
select is((select count(*) || ' ' || max(language) || ' ' || max(version) from data.contact), '2 Polish 3', 'not added a second time');
select is(t.import('contacts', jsonb_build_array(t.contact_row(4, '{"upn": "A801200005001"}'), t.contact_row(99), t.contact_row(4, '{"given_name": "Bo"}'),
		t.contact_row(4, '{"given_name": "bo"}'))),
	'0 of 4; 2 upn is not a UPN: its check letter is wrong; 3 upn is not the UPN of a pupil on the roll of a school that this client sees;'
	|| ' 5 given_name is in the file twice with this relationship to this pupil', 'all that is wrong with contacts is told');
select is(replace(t.import('contacts', jsonb_build_array(t.contact_row(4)), client => 'b'), t.upn(4), ''),
	replace(t.import('contacts', jsonb_build_array(t.contact_row(99)), client => 'b'), t.upn(99), ''),
	'a contact of a hidden pupil is rejected as of one that does not exist');

-- A former school sees, and writes no more
create function t.day(n int) returns text language sql stable return (current_date + n)::text;
create function t.stay(n int, school int, admitted int, left_on int, changes jsonb default '{}') returns jsonb
language sql stable return t.pupil_row(n, school, jsonb_build_object('admitted_on', t.day(admitted), 'left_on', t.day(left_on)) || changes);
create function t.place(n int) returns text
language sql return (select given_name || ' ' || address from data.pupil where upn = t.upn(n));
create function t.changed_by(n int, client text) returns text
language sql return t.run(client, format($q$ update data.pupil set given_name = 'Zed' where upn = %L $q$, t.upn(n)), 'doorstep_register');
create function t.left_says(line int) returns text
language sql return format('; %s upn has left this school: a client that sees the whole trust can change their particulars', line);
select t.import('pupils', jsonb_build_array(t.stay(20, 900001, -500, null), t.stay(21, 900001, -500, -1), t.stay(22, 900001, -500, 0))) as made \gset
select is(:'made'::text, '3 of 3', 'one is here, one has left, one leaves today');
select is(t.changed_by(20, 'a') || ', ' || t.changed_by(21, 'a') || ', ' || t.changed_by(22, 'a'), '1 rows, 0 rows, 1 rows',
	'row-level security lets a school change who is on its roll, the last day included');
select is(t.changed_by(21, 'all') || ', ' || t.changed_by(21, 'b'), '1 rows, 0 rows', 'who has left is changed by who sees the whole trust');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -500, -1, '{"address": "9 New"}'))), '0 of 1' || t.left_says(2),
	'an import of new particulars of who has left is rejected');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -500, -1, '{"given_name": "Zed"}'))), '1 of 1', 'one of those that are known is not');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -500, -3, '{"given_name": "Zed", "year_group": "6"}'))), '1 of 1',
	'nor is one that corrects the stay');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -510, -3, '{"address": "9 New"}') - 'left_on')), '0 of 1' || t.left_says(2),
	'a row that does not say when somebody left makes no stay that has ended go on');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -500, -3, '{"address": "9 New"}'), t.stay(21, 900002, -1, null, '{"address": "9 New"}')),
		mode => 'valid'), '0 of 2' || t.left_says(2) || '; 3 school_urn is not a school that this client sees', 'a row that is rejected brings nobody back');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -500, -3, '{"address": "9 New"}')), client => 'all'), '1 of 1',
	'who sees the whole trust changes the particulars');
select is(t.import('pupils', jsonb_build_array(t.stay(21, 900001, -1, null, '{"address": "10 Newer"}'))), '1 of 1', 'who comes back brings new ones');
select is(t.place(21), 'Ann 10 Newer', 'which are stored');
select is(t.import('pupils', jsonb_build_array(t.stay(20, 900001, -500, -1, '{"address": "11 Last"}'))), '1 of 1', 'who leaves takes new ones along');
select is(t.place(20), 'Ann 11 Last', 'which are stored');
select is(t.import('pupils', jsonb_build_array(t.stay(20, 900001, -500, -1, '{"address": "12"}'),
		t.stay(20, 900001, 0, null, '{"address": "12"}')), mode => 'valid'), '2 of 2', 'a file may tell the old stay and the new one');
select is(t.place(20), 'Ann 12', 'with the particulars of now');
select is(t.import('pupils', jsonb_build_array(t.stay(23, 900001, -500, -1)), client => 'a'), '1 of 1', 'another has left');
select is(t.import('contacts', jsonb_build_array(t.contact_row(23))), '0 of 1; 2 upn is not the UPN of a pupil on the roll of a school that this client sees',
	'who gets no contact from here');
select is(t.import('contacts', jsonb_build_array(t.contact_row(23)), client => 'all'), '1 of 1', 'but by who sees the whole trust');
select pupil_id as gone from data.pupil where upn = t.upn(23) \gset
select is(t.run('a', format('update data.contact set phone = null where pupil_id = %s', :gone), 'doorstep_register'), '0 rows', 'nor a changed one, by row-level security, too');
select is(t.run('a', format('insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility) values (%s, $$x$$, $$x$$, $$x$$, true)', :gone),
	'doorstep_register'), '42501', 'nor a new one');
select is(t.get('a', format('select count(*) from api.contact where pupil_id = %s', :gone), 'doorstep_reports'), '1', 'and is seen still');

-- So it is with staff, once another school of the trust has them
create function t.post(code text, school int, left_on int, changes jsonb default '{}') returns jsonb
language sql stable return t.staff_row(code, school, jsonb_build_object('left_on', t.day(left_on)) || changes);
create function t.number(code text) returns text
language sql return (select phone from data.staff where staff_code = code);
select t.import('staff', jsonb_build_array(t.post('G1', 900001, null, '{"phone": "1"}'), t.post('G2', 900001, null, '{"phone": "1"}'),
	t.post('G2', 900002, null, '{"phone": "1"}')), client => 'all') as made \gset
select is(:'made'::text, '3 of 3', 'one is here, one at another school, too');
select is(t.import('staff', jsonb_build_array(t.post('G1', 900001, -1, '{"phone": "2"}'), t.post('G2', 900001, -1, '{"phone": "2"}'))), '2 of 2', 'who leaves takes a new number along');
select is(t.import('staff', jsonb_build_array(t.post('G1', 900001, -1, '{"phone": "3"}'))) || ', ' || t.number('G1'), '1 of 1, 3', 'the last school of somebody changes it');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, -2, '{"phone": "3", "roles": "visitor"}'), t.post('G3', 900001, null))) || ', ' || t.number('G2'), '2 of 2, 2',
	'a former one does not, nor does that stand in the way of its file');
select is(t.staff_seen('G2'), format('Zoë O''Neill 2 %s 900001 visitor, 900002 dsl visitor', (select version from data.staff where staff_code = 'G2')), 'which says what the person was there');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, -1, '{"phone": "3"}') - 'left_on')) || ', ' || t.number('G2'), '1 of 1, 2', 'a row that does not say that they are back brings nobody back');
select is(t.run('a', $$ update data.staff set email = 'x@example.org' where staff_code = 'G2' $$, 'doorstep_register') || ', '
	|| t.run('b', $$ update data.staff set email = 'x@example.org' where staff_code = 'G2' $$, 'doorstep_register'), '0 rows, 1 rows', 'nor does row-level security let it');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, 0, '{"phone": "3"}'))) || ', ' || t.import('staff', jsonb_build_array(t.post('G2', 900001, 0, '{"phone": "3"}'))) || ', ' || t.number('G2'),
	'1 of 1, 1 of 1, 3', 'on the last day it does');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900002, null, '{"phone": "4"}'), t.post('G2', 900001, -3, '{"phone": "5"}')), client => 'all') || ', ' || t.number('G2'), '2 of 2, 4',
	'where a file says several, it is the number where they still are');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, -3, '{"phone": "5"}')), client => 'all') || ', ' || t.number('G2'), '1 of 1, 5', 'who sees the whole trust changes it');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, null, '{"phone": "6"}'))) || ', ' || t.number('G2'), '1 of 1, 6', 'who comes back brings a new one');
update data.post set left_on = t.day(-3)::date where staff_id = (select staff_id from data.staff where staff_code = 'G2');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, -3, '{"phone": "7"}'))) || ', ' || t.number('G2'), '1 of 1, 7', 'of who left two schools on one day either is the last');
select is(t.import('staff', jsonb_build_array(t.post('G2', 900001, -4, '{"phone": "8"}'))) || ', ' || t.import('staff', jsonb_build_array(t.post('G2', 900001, -4, '{"phone": "9"}'))) || ', ' || t.number('G2'),
	'1 of 1, 1 of 1, 8', 'and one that takes the day back takes its leave');

-- A change of a part is one of the whole
create function t.versions(n int, code text) returns text
language sql return concat_ws(' ', (select version from data.pupil where upn = t.upn(n)), (select version from data.staff where staff_code = code));
select t.pupil(30, 900001), t.staff('V1', 900001), clock_timestamp() as before \gset
select is(t.versions(30, 'V1'), '1 1', 'who is new has version 1');
update data.enrolment e set year_group = '6' from data.pupil p where p.pupil_id = e.pupil_id and p.upn = t.upn(30);
select is(t.versions(30, 'V1'), '2 1', 'a changed stay changes the pupil');
select is((select updated_at > :'before' from data.pupil where upn = t.upn(30)), true, 'and when that was');
select is(t.import('staff', jsonb_build_array(jsonb_build_object('staff_code', 'V1', 'school_urn', 900001, 'given_name', 'Staff', 'family_name', 'Example', 'roles', 'dsl'))),
	'1 of 1', 'roles are changed');
select is(t.versions(30, 'V1'), '2 2', 'and the person with them');
select is((select updated_at > :'before' from data.staff where staff_code = 'V1'), true, 'and when that was');
insert into data.post (staff_id, school_urn) select staff_id, 900002 from data.staff where staff_code = 'V1';
select is(t.versions(30, 'V1'), '2 3', 'a new post changes the person');
delete from data.post where school_urn = 900002 and staff_id = (select staff_id from data.staff where staff_code = 'V1');
select is(t.versions(30, 'V1'), '2 4', 'one taken away, too');
insert into data.enrolment (pupil_id, school_urn, admitted_on) select pupil_id, 900002, '2026-01-01' from data.pupil where upn = t.upn(30);
select is(t.versions(30, 'V1'), '3 4', 'a new stay changes the pupil');

-- What a file doesn't say stays, what it says is empty goes
create function t.all_of(n int, code text, urn int) returns text
language sql return concat_ws(', ', (select policy_code from data.adoption where school_urn = all_of.urn order by follows_from desc limit 1),
	(select concat(email, '|', phone, '|', roles) from data.staff join data.post using (staff_id) where staff_code = code),
	(select concat(address, '|', postcode, '|', year_group, '|', left_on) from data.pupil join data.enrolment using (pupil_id) where upn = t.upn(n)),
	(select concat(c.phone, '|', c.email, '|', c.language) from data.contact c join data.pupil using (pupil_id) where upn = t.upn(n)));
create function t.import_all(without text[], empty jsonb default '{}') returns text
language sql return concat_ws(', ', t.import('schools', jsonb_build_array(t.school_row(900004, empty) - without), client => 'all'),
	t.import('staff', jsonb_build_array((t.staff_row('E1', 900001, '{"email": "x@example.org", "phone": "1"}') || empty) - without)),
	t.import('pupils', jsonb_build_array(t.stay(40, 900001, -500, 30, empty) - without)),
	t.import('contacts', jsonb_build_array((t.contact_row(40, '{"email": "x@example.org", "language": "Polish"}') || empty) - without)));
create function t.optional() returns text[]
language sql return '{policy,email,phone,roles,address,postcode,year_group,left_on,language}'::text[];
select is(t.import_all('{}'), '1 of 1, 1 of 1, 1 of 1, 1 of 1', 'files have every column');
select t.all_of(40, 'E1', 900004) as whole, t.marked() as mark \gset
select is(:'whole'::text, format('tkat, x@example.org|1|{dsl,visitor}, 1 Street|ZZ1 1ZZ|5|%s, 07700 900123|x@example.org|Polish', t.day(30)), 'which are stored');
select is(t.import_all(t.optional()), '1 of 1, 1 of 1, 1 of 1, 1 of 1', 'files lack the optional columns');
select is(t.all_of(40, 'E1', 900004), :'whole', 'which changes nothing');
select is(t.audited(:mark), 'nothing', 'and audits nothing');
select is(t.import_all('{}', (select jsonb_object_agg(name, null) from unnest(t.optional()) as name)), '1 of 1, 1 of 1, 1 of 1, 1 of 1', 'files have them empty');
select is(t.all_of(40, 'E1', 900004), '||{}, |||, ||', 'which clears them');
select is(t.import('pupils', jsonb_build_array(t.stay(4, 900001, 0, 0, '{"admitted_on": "2022-10-01", "address": "14"}') - 'left_on',
		t.stay(4, 900001, 0, 0, '{"admitted_on": "2024-09-01", "address": "14"}') - 'left_on')), '2 of 2', 'two stays of which the file does not say when they ended');
select is((select string_agg(left_on::text, ' ' order by admitted_on) from data.enrolment join data.pupil using (pupil_id) where upn = t.upn(4)),
	'2023-07-19 2025-07-20', 'end as they did');

-- However much is wrong
select t.import('pupils', (select jsonb_agg('{"problems": [{"field": "upn", "detail": "is missing"}]}'::jsonb) from generate_series(1, 10001)),
	'valid') as many \gset
select is(left(:'many', 11) || ' ' || regexp_count(:'many', ';') || right(:'many', 22), '0 of 10001; 10000; 10001 upn is missing', 'of the problems, the first 10,000 are told; the rows are all counted');

select * from finish();
rollback;
