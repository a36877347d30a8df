-- Facts about staff and families: what is recorded, renewed and ended, who may,
-- and that the visits which depend on it are weighed anew at once.
begin;
\ir helpers.sql
select plan(110);

select t.school(900001, 'morecambe'), t.school(900002),
       t.client('a', '{900001}', '{visits:read,checks:read,checks:write,contacts:read,contacts:write,approvals:write,staff:read,policies:read,schools:write}'),
       t.client('b', '{900002}', '{visits:read,checks:read,checks:write,contacts:read,contacts:write,approvals:write}'),
       t.client('visits', '{900001}', '{visits:read,visits:write}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as pupil_b, t.staff('A1', 900001) as staff,
       t.staff('A2', 900001, roles => '{headteacher,dsl}') as head, t.staff('B1', 900002) as staff_b \gset
select t.visit(900001, :pupil, :staff) as visit \gset
update data.visit set vehicle_registration = 'ab12 cde', vehicle_make = 'Ford', vehicle_model = 'Ka', vehicle_colour = 'red',
	planned_start = now() + interval '10 days', planned_end = now() + interval '10 days 1 hour';
select duty.weigh(:visit) \g /dev/null

create function t.state(visit bigint, wanted text) returns text
language sql
return (select string_agg(distinct duty.state(d, now())::text, ' ') from data.duty d join data.clause c using (policy_version_id, clause)
         where d.visit_id = visit and c.kind = wanted and d.applies);
create function t.add(client text, what text, whose bigint, body jsonb) returns text
language sql
return t.get(client, format('select id from api.%I(%s, %L)', what || '_add', whose, body));
create function t.change(client text, what text, whose bigint, fact bigint, body jsonb, if_match text default '*') returns text
language sql
return t.get(client, format('select version from api.%I(%s, %s, %L, %L)', what || '_change', whose, fact, array[if_match], body));
create function t.pointers(client text, query text) returns text
language sql
return (select string_agg(p ->> 'pointer', ' ' order by p ->> 'pointer') from jsonb_array_elements(t.problems(client, query)::jsonb) as p);

-- What fits each fact, what of it may change, and what runs backwards.
create table t.fact (name text, body jsonb, change jsonb, wrong jsonb, pointer text);
insert into t.fact values
('staff_check', '{"level": "enhanced", "barred_list": true, "checked_on": "2024-01-01", "valid_until": "2025-01-01"}',
	'{"valid_until": null}', '{"checked_on": "2199-01-02", "valid_until": "2199-01-01"}', '/checked_on /valid_until'),
('training', '{"course": "home_visiting", "completed_on": "2024-01-01"}', '{"valid_until": "2099-01-01"}',
	'{"completed_on": "2199-01-02", "valid_until": "2199-01-01"}', '/completed_on /valid_until'),
('vehicle', '{"make": "Ford", "model": "Ka", "registration": "AB12 CDE", "colour": "red", "insured_from": "2024-01-01",
	"insured_until": "2025-01-01", "business_use": true}', '{"insured_until": "2099-01-01"}', '{"insured_until": "2023-01-01"}', '/insured_until'),
('allergy', '{"allergen": "Cats", "from_on": "2024-01-01"}', '{"until_on": "2025-01-01"}', '{"until_on": "2023-01-01"}', '/until_on'),
('next_of_kin', '{"name": "Kin", "phone": "020 7946 0000", "from_on": "2024-01-01"}', '{"phone": "020 7946 0001", "until_on": "2025-01-01"}',
	'{"until_on": "2023-01-01"}', '/until_on');
create table t.made as select name, null::bigint as id from t.fact where false;

select is(t.state(:visit, 'vetting'), 'due', 'without a check vetting is owed');
select is(t.state(:visit, 'vehicle_insured'), 'due', 'without a vehicle insurance is');
insert into t.made select name, t.add('a', name, :staff, body)::bigint from t.fact;
select isnt(id, null, name || ' is recorded') from t.made order by name;
select is(t.run('a', format('select * from api.%I(%s)', name || '_list', :staff)), '1 rows', name || ' is listed') from t.fact order by name;
select is(t.add('a', name, :staff, body), '23505', name || ' is not recorded twice') from t.fact order by name;
select is(t.pointers('a', format('select id from api.%I(%s, %L)', name || '_add', :staff, body || wrong)), pointer,
	name || ': days that do not fit are told') from t.fact order by name;
select is(t.add('b', name, :staff, body), 'DS404', name || ': another school''s person is none') from t.fact order by name;
select is(t.run('b', format('select * from api.%I(%s)', name || '_list', :staff)), 'DS404', name || ': nor listed') from t.fact order by name;
select is(t.add('visits', name, :staff, body || '{"x": 1}'), '42501', name || ': without the scope nothing is added') from t.fact order by name;
select is(t.change('b', name, :staff, id, change), 'DS404', name || ': another school changes nothing')
  from t.fact join t.made using (name) order by name;
select is(t.change('a', name, :staff, id, change, '7'), 'DS412', name || ': nor a stale change')
  from t.fact join t.made using (name) order by name;
select is(t.change('a', name, :staff, id, change, '1'), '2', name || ' is renewed or ended')
  from t.fact join t.made using (name) order by name;

-- The visits follow
select is(t.state(:visit, 'vetting'), 'met', 'a check that has no end any more meets vetting');
select is(t.state(:visit, 'vehicle_insured'), 'met', 'an insurance that is renewed covers the day');
select is(t.change('a', 'vehicle', :staff, id, '{"insured_until": "2024-02-01"}'), '3', 'it ends') from t.made where name = 'vehicle';
select is(t.state(:visit, 'vehicle_insured'), 'due', 'and the vehicle stands in the way again');
select is(t.state(:visit, 'policy_read'), 'due', 'the policy is unread');
select is(t.get('a', format('select policy_version from api.policy_reading_add(%s, %L)', :staff, '{"policy": "morecambe", "read_on": "2026-01-01"}')),
	'March 2024', 'the version read is the one of the day');
select is(t.state(:visit, 'policy_read'), 'met', 'now it is read');
select is(t.pointers('a', format('select id from api.policy_reading_add(%s, %L)', :staff, '{"policy": "none", "read_on": "2199-01-01"}')),
	'/policy /read_on', 'an unknown policy cannot be read');
select is(t.pointers('a', format('select id from api.policy_reading_add(%s, %L)', :staff,
	'{"policy": "tkat", "policy_version": "x", "read_on": "2026-01-01"}')), '/policy_version', 'nor an unknown version');

-- Roles and contacts
select is(t.state(:visit, 'designated_staff'), 'met', 'who goes holds a role that the policy designates');
update data.post set roles = '{governor}' where staff_id = :staff;
select is(t.state(:visit, 'designated_staff'), 'due', 'a role that is taken away counts at once');
select is(t.state(:visit, 'visit_list'), 'due', 'nobody of the family can be reached');
select t.contact(:pupil) as contact \gset
update data.contact set email = 'parent@example.org' where contact_id = :contact;
select is(t.state(:visit, 'visit_list'), 'met', 'an address is enough');

-- All of the trust's
select is(t.get('a', 'select count(*) from api.vehicle_list_of_all(expires_before => $$2024-02-02$$)'), '1', 'what ends before a day is found');
select is(t.get('a', 'select count(*) from api.vehicle_list_of_all(expires_before => $$2024-02-01$$)'), '0', 'what ends on it is not');
select is(t.get('a', 'select count(*) from api.staff_check_list_of_all(expires_before => $$2199-01-01$$)'), '0', 'nor what has no end');
select is(t.get('b', 'select count(*) from api.staff_check_list_of_all()'), '0', 'another school sees none');
select is(t.get('a', 'select count(*) from api.training_list_of_all(school => 900002)'), '0', 'by school');

-- Social workers and contacts
insert into data.adoption (school_urn, follows_from, policy_code) values (900001, '2020-01-01', 'tkat');
select is(t.state(:visit, 'policy_read'), 'due', 'another policy is adopted: what was read is not it');
insert into data.adoption (school_urn, follows_from, policy_code) values (900001, '2020-01-02', 'thomas-more');
select is(t.add('a', 'social_worker', :pupil_b, '{"name": "W", "from_on": "2024-01-01"}'), 'DS404', 'a foreign pupil is none');
select t.add('a', 'social_worker', :pupil, '{"name": "W", "from_on": "2024-01-01"}') as worker \gset
select is(t.get('a', format('select phone from api.social_worker_list(%s)', :pupil)), null, 'a social worker without a number');
select is(t.state(:visit, 'social_worker_number'), 'due', 'is owed one');
select is(t.change('a', 'social_worker', :pupil, :worker, '{"phone": "07700 900000"}', '1'), '2', 'gets one');
select is(t.state(:visit, 'social_worker_number'), 'met', 'and then is at hand');
select is(t.run('b', format('select * from api.social_worker_list(%s)', :pupil)), 'DS404', 'another school sees none of it');

-- Delegations
create function t.delegate(client text, body jsonb) returns text
language sql
return t.get(client, format('select id from api.delegation_add(%L)', body));
select jsonb_build_object('school_urn', 900001, 'from', :head, 'to', :staff, 'role', 'dsl', 'from_on', '2026-01-01') as body \gset
select t.delegate('a', :'body') as delegation \gset
select is(t.get('a', 'select until_on from api.delegation_list(school => 900001)'), null, 'a delegation lasts until it is ended');
select is(t.pointers('a', format('select id from api.delegation_add(%L)', :'body'::jsonb || '{"role": "governor"}')), '/from',
	'nobody delegates what they have not');
select is(t.pointers('a', format('select id from api.delegation_add(%L)', :'body'::jsonb || jsonb_build_object('to', :staff_b,
	'until_on', '2025-01-01'))), '/to /until_on', 'to a colleague, and for a time');
select is(t.pointers('a', format('select id from api.delegation_add(%L)', :'body'::jsonb || jsonb_build_object('to', :head))), '/to',
	'to another');
select is(t.get('b', format('select id from api.delegation_change(%s, $${*}$$, $${}$$)', :delegation)), 'DS404', 'another school has none');
select is(t.get('a', format('select until_on from api.delegation_change(%s, $${1}$$, $${"until_on": "2026-02-01"}$$)', :delegation)), '2026-02-01',
	'it is ended');
select is(t.delegate('visits', :'body'), '42501', 'with the scope alone');

-- Adoptions
select is(t.get('a', 'select policy from api.adoption_add(900001, $${"policy": "rookeries", "follows_from": "2020-01-02"}$$)'), 'rookeries',
	'a school says another for the same day');
select is(t.get('a', 'select string_agg(id || policy, $$ $$ order by id) from api.adoption_list(900001)'),
	'0morecambe 20200101tkat 20200102rookeries', 'what it followed is listed by day');
select is(t.get('a', 'select id from api.adoption_list(900001) where current'), '20200102', 'one of them today');
select is(t.pointers('a', 'select * from api.adoption_add(900001, $${"policy": "none", "follows_from": "2020-01-02"}$$)'), '/policy',
	'an unknown policy is followed by nobody');
select is(t.run('a', 'select * from api.adoption_list(900002)'), 'DS404', 'another school has no list');
select is(t.run('b', 'select * from api.adoption_add(900001, $${"policy": "tkat", "follows_from": "2020-01-02"}$$)'), 'DS404', 'and adopts nothing');

-- Policies
select is(t.get('a', 'select schools from api.policy_list() where code = $$rookeries$$'), '1', 'a policy counts the schools that follow it');
select is(t.get('a', 'select schools from api.policy_list() where code = $$tkat$$'), '0', 'of those that the client sees');
select is(t.run('a', 'select * from api.clause_list($$tkat$$, $$none$$)'), 'DS404', 'there must be such a version');
select is(t.get('a', 'select count(*) from api.clause_list($$tkat$$, $$October 2024$$)'), t.get('a', 'select count(*) from api.clause_list($$tkat$$)'),
	'without one it is that of today');

-- Who has gone to another school of the trust
select t.staff('A3', 900001) as gone \gset
create table t.theirs as select name, t.add('a', name, :gone, body)::bigint as id from t.fact;
create function t.kept(client text, whose bigint) returns text
language sql
return (select string_agg(distinct t.run(client, format('select * from api.%I(%s)', name || '_list', whose))
		|| ' ' || t.change(client, name, whose, id, change), ', ') from t.fact join t.theirs using (name));
update data.post set left_on = data.day_of(now()) - 1 where staff_id = :gone;
select is(t.get('a', format('select count(*) from api.next_of_kin_list(%s)', :gone)), '1', 'the last school of somebody whom no other has keeps what is known of them');
insert into data.post (staff_id, school_urn, left_on) values (:gone, 900002, data.day_of(now()) - 2);
select is(t.get('a', format('select count(*) from api.next_of_kin_list(%s)', :gone)), '1', 'also where another had them before');
select is(t.kept('b', :gone), 'DS404 DS404', 'which does not');
update data.post set left_on = null where staff_id = :gone and school_urn = 900002;
select is(t.kept('a', :gone), 'DS404 DS404', 'when they are at another, that is at an end');
select is(t.add('a', name, :gone, body), 'DS404', name || ': a former school records none') from t.fact order by name;
select is(t.run('a', format('select from data.%I where staff_id = %s', name, :gone)), '0 rows', name || ': nor does it see any') from t.fact order by name;
select is(t.get('a', format('select given_name from api.staff_read(%s)', :gone)), 'Staff', 'who was there is known by name still');
select is(t.kept('b', :gone), '1 rows 2', 'their school has it all');

select * from finish();
rollback;
