-- Penalty notices under the national framework, and Notices to Improve.
begin;
\ir helpers.sql
select plan(32);

\set scopes {visits:read,referrals:read,referrals:write,decisions:write}
select t.school(900001, 'potton'), t.school(900002, 'potton'), t.client('a', '{900001}', :'scopes'), t.client('b', '{900002}', :'scopes') \gset
select t.staff('AO', 900001, 'Officer', '{attendance_officer}') as officer, t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as mate,
       t.pupil(3, 900002) as foreign_pupil \gset
select t.contact(:pupil) as parent, t.contact(:foreign_pupil) as foreign_parent \gset
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility, phone)
values (:pupil, 'Other', 'Example', 'father', true, '07700 900001') returning contact_id as father \gset
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility, phone)
values (:pupil, 'Other', 'Example', 'carer', true, '+44 7700 900001') returning contact_id as father_again \gset
select t.marks(:mate, 900001, d::date, '/\/\/\/\/\') from generate_series('2024-09-02'::date, '2026-06-01', '7 days') as d \g /dev/null
create function t.issue(pupil bigint, contact bigint, officer bigint, day date, client text default 'a') returns text
language sql return t.get(client, format('select concat_ws($$ $$, number, amount, reduced, pay_by, reduced_by, sessions) from api.penalty_notice_add(%L)',
	jsonb_build_object('school_urn', 900001, 'pupil', pupil, 'contact', contact, 'issued_on', day, 'by', officer)));

select t.marks(:pupil, 900001, '2024-09-09', 'OOOO/\/\/\'), t.marks(:pupil, 900001, '2024-09-16', 'GGUUN/\/\/') \g /dev/null
select is(t.issue(:pupil, :parent, :officer, '2024-09-20'), 'DS409', 'nine unauthorised sessions are not ten');
select matches(t.why('a', format('select api.penalty_notice_add(%L)', jsonb_build_object('school_urn', 900001, 'pupil', :pupil, 'contact', :parent,
	'issued_on', '2024-09-20', 'by', :officer))), 'ten unauthorised sessions in ten school weeks', 'and the reason is said');
update data.register_week set marks = 'OOOOO/\/\/', unauthorised = 31, attended = 992 where pupil_id = :pupil and week = '2024-09-09';
select is(t.issue(:pupil, :parent, :officer, '2024-09-20'), '1 160 80 2024-10-18 2024-10-11 10', 'ten are: G, N, O and U in any mix; the first is 160, or 80 within 21 days');
select is((select unresolved from data.penalty_notice), 1, 'how many are not established is kept');
select is(t.issue(:pupil, :parent, :officer, '2024-09-27'), 'DS409', 'the same sessions bring no second notice');
select is(t.issue(:pupil, :father, :officer, '2024-09-20'), '1 160 80 2024-10-18 2024-10-11 10', 'to the other parent it is a first');
select t.marks(:pupil, 900001, '2025-03-03', 'OOOOOOOOOO') \g /dev/null
select is(t.issue(:pupil, :parent, :officer, '2024-09-01'), 'DS409', 'notices are recorded in their order');
select is(t.issue(:pupil, :parent, :officer, '2025-03-10'), '2 160 2025-04-07 10', 'a second within three years is 160 flat');
select t.marks(:pupil, 900001, '2026-03-02', 'OOOOOOOOOO') \g /dev/null
select is(t.issue(:pupil, :parent, :officer, '2026-03-09'), 'DS409', 'a third within three years is refused');
select matches(t.why('a', format('select api.penalty_notice_add(%L)', jsonb_build_object('school_urn', 900001, 'pupil', :pupil, 'contact', :parent,
	'issued_on', '2026-03-09', 'by', :officer))), 'Two notices for this child in the three years that run from the first \(2024-09-20, 2025-03-10\)',
	'with the reason');
select is(t.issue(:pupil, :father_again, :officer, '2026-03-09'), '2 160 2026-04-06 10', 'a parent who was taken down twice is one');
select is(data.penalty_number('{2024-09-20,2025-03-10}', '2027-09-19'), 3, 'the three years run from the first notice');
select is(data.penalty_number('{2024-09-20,2025-03-10}', '2027-09-20'), 1, 'and are over on their day, when another begins them');
select is(data.penalty_number('{2024-09-20,2027-09-20}', '2028-01-01'), 2, 'from which the next is counted');
select is(data.penalty_number('{}', '2028-01-01'), 1, 'the first is the first');
select is(t.get('a', format('select withdrawn_on from api.penalty_notice_change((select max(id) from api.penalty_notice_list(null, %s)), %L, %L)', :pupil, '{*}',
	'{"withdrawn_on": "2026-03-10", "withdrawn_why": "The child was ill"}')), '2026-03-10', 'a notice is withdrawn, with a reason');
select is(t.issue(:pupil, :father, :officer, '2026-03-11'), '2 160 2026-04-08 10', 'and counts no more');
select is(t.run('a', format('select api.penalty_notice_change((select min(id) from api.penalty_notice_list()), %L, %L)', '{*}', '{"withdrawn_on": "2025-01-01"}')), 'DS422', 'not without');
select is(t.run('a', format('select api.penalty_notice_change((select min(id) from api.penalty_notice_list()), %L, %L)', '{*}', '{"paid_on": "2020-01-01"}')), 'DS422', 'nor is it paid before it was issued');
select is(t.run('a', format('select api.penalty_notice_change((select min(id) from api.penalty_notice_list()), %L, %L)', '{99}', '{}')), 'DS412', 'nor changed by who knows it otherwise');
select is(t.issue(:pupil, :foreign_parent, :officer, '2026-03-20'), 'DS422', 'another child''s parent gets none');
select is(t.issue(:foreign_pupil, :foreign_parent, :officer, '2026-03-20'), 'DS422', 'nor another school''s');
select is(t.issue(:pupil, :parent, :officer, '2024-08-18'), 'DS422', 'nor one before the framework');
select is(t.issue(:pupil, :parent, :officer, '2199-01-01'), 'DS422', 'nor one to come');
select is(t.get('b', 'select count(*) from api.penalty_notice_list()'), '0', 'another school sees none');
select is(t.run('b', format('select * from data.penalty_reached(%s, 900001, %L, null)', :pupil, '2026-03-09')), '0 rows', 'nor whether it would be reached');
select is(t.get('b', format('select cardinality(data.penalty_days(%s, %s))', :pupil, :parent)), '0', 'nor when they were');

create function t.improve(pupil bigint, officer bigint, days int) returns text
language sql return t.get('a', format('select ends_on from api.improvement_notice_add(%L)', jsonb_build_object('school_urn', 900001, 'pupil', pupil,
	'issued_on', '2026-01-05', 'ends_on', '2026-01-05'::date + days, 'record', '20 of 60', 'support', 'A bus pass', 'further_support', 'A mentor',
	'improvement', 'No unauthorised absence', 'by', officer)));
select is(t.improve(:pupil, :officer, 21), '2026-01-26', 'a Notice to Improve runs for three weeks');
select is(t.improve(:pupil, :officer, 42), '2026-02-16', 'to six');
select is(t.improve(:pupil, :officer, 20), 'DS422', 'not less');
select is(t.improve(:pupil, :officer, 43), 'DS422', 'nor more');
select is(t.get('a', format('select result from api.improvement_notice_change((select max(id) from api.improvement_notice_list()), %L, %L)', '{*}',
	'{"result": "not_improved", "result_on": "2026-02-16"}')), 'not_improved', 'and has a result');
select * from finish();
rollback;
