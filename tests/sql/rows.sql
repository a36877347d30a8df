-- Row-level security: school A's client never meets a row of school B,
-- whatever it asks of whatever table, even with grants that no program has.
begin;
\ir helpers.sql
\ir fill.sql

-- Every scope that row-level security knows: what follows is about schools;
-- what each scope shows is in rows_scopes.sql.
\set scopes {agreements:read,agreements:write,referrals:read,referrals:write,decisions:write,visits:read,visits:write,records:write,concerns:write,incidents:write,risk:write,checks:write,contacts:write,approvals:write,alarms:write,policies:read,subject:write,retention:write}
select t.school(900001), t.school(900002), t.client('a', '{900001}', :'scopes'), t.client('b', '{900002}', :'scopes'),
       t.client('all', null, :'scopes'), t.client('none', '{}', :'scopes') \gset
select t.pupil(1, 900001) as pupil_a, t.pupil(2, 900002) as pupil_b,
       t.staff('A1', 900001) as staff_a, t.staff('B1', 900002) as staff_b \gset
select t.contact(:pupil_a) as contact_a, t.contact(:pupil_b) as contact_b,
       t.visit(900001, :pupil_a, :staff_a) as visit_a, t.visit(900002, :pupil_b, :staff_b) as visit_b \gset
insert into data.event (visit_id, school_urn, kind, at, client_id)
values (:visit_a, 900001, 'departed', '2026-01-13T09:10Z', 'a'), (:visit_b, 900002, 'departed', '2026-01-13T09:10Z', 'b');
insert into data.idempotency (client_id, key, request_hash, status, body)
values ('a', 'key', '\x00', 201, '{}'), ('b', 'key', '\x00', 201, '{}'), ('b', 'of b', '\x00', 201, '{}');
select t.fill(:visit_a), t.fill(:visit_b) \gset
insert into data.import (kind, mode, dry_run, client_id, request_id, file_hash)
values ('register', 'all', false, 'b', 'r', sha256('x')) returning import_id as import_b \gset
insert into data.import_rejection (import_id, position, line, detail) values (:import_b, 1, 2, 'is wrong');
insert into data.schedule (client_id, scopes, path, every, at_time, folder, next_at)
values ('b', '{visits:read}', '/api/v1/reports/visit-log.csv', 'day', '06:30', 'x', 'infinity');
insert into data.export (client_id, scopes, path, request_id)
values ('b', '{visits:read}', '/api/v1/visits.csv', 'r') returning export_id as export_b \gset
insert into data.export_piece (export_id, position, content) values (:export_b, 0, 'x');
insert into data.export_opening (export_id, opened_by) values (:export_b, '1');

-- Of every table: which rows are B's, how one would be added to B, how B's
-- would be changed, and how A's would be handed over to B.
create table t.foreign_row (name text primary key, is_b text, adding text, changing text, handing_over text);
insert into t.foreign_row values
('data.school', 'urn = 900002',
	$$ (urn, laestab, name, phase) values (900003, '8000003', 'New', 'primary') $$, $$ name = 'x' $$, 'urn = 900003'),
('data.post', 'school_urn = 900002',
	format('(staff_id, school_urn) values (%s, 900002)', :staff_a), $$ roles = '{dsl}' $$, 'school_urn = 900002'),
('data.staff', $$ staff_code = 'B1' $$,
	format('(staff_id, staff_code, given_name, family_name) select %s, %L, %L, %L', 999001, 'B2', 'x', 'x'),
	$$ family_name = 'x' $$, format('staff_id = %s', :staff_b)),
('data.enrolment', 'school_urn = 900002',
	format('(pupil_id, school_urn, admitted_on) values (%s, 900002, %L)', :pupil_a, '2020-01-01'),
	$$ year_group = '5' $$, 'school_urn = 900002'),
('data.pupil', format('upn = %L', t.upn(2)),
	format('(pupil_id, upn, given_name, family_name, date_of_birth) values (999001, %L, %L, %L, %L)',
		t.upn(3), 'x', 'x', '2015-01-01'),
	$$ family_name = 'x' $$, format('pupil_id = %s', :pupil_b)),
('data.contact', format('pupil_id = %s', :pupil_b),
	format('(pupil_id, given_name, family_name, relationship, parental_responsibility) values (%s, %L, %L, %L, true)',
		:pupil_b, 'x', 'x', 'x'),
	$$ phone = 'x' $$, format('pupil_id = %s', :pupil_b)),
('data.visit', 'school_urn = 900002',
	$$ (school_urn, purpose, planned_start, planned_end, address, announced)
	   values (900002, 'other', '2026-01-13T09:30Z', '2026-01-13T10:00Z', 'x', true) $$,
	$$ address = 'x' $$, 'school_urn = 900002'),
('data.visit_pupil', 'school_urn = 900002',
	format('(visit_id, school_urn, pupil_id, position) values (%s, 900002, %s, 2)', :visit_b, :pupil_a),
	'position = 9', 'school_urn = 900002'),
('data.team_member', 'school_urn = 900002',
	format('(visit_id, school_urn, position, name) values (%s, 900002, 2, %L)', :visit_b, 'x'),
	$$ phone = 'x' $$, 'school_urn = 900002'),
('data.event', 'school_urn = 900002',
	format('(visit_id, school_urn, kind, at, note, client_id) values (%s, 900002, %L, now(), %L, %L)', :visit_b, 'note', 'x', 'a'),
	$$ note = 'x' $$, 'school_urn = 900002'),
('data.idempotency', $$ client_id = 'b' $$,
	$$ (client_id, key, request_hash, status, body) values ('b', 'new', '\x00', 200, '{}') $$,
	$$ body = 'x' $$, $$ client_id = 'b' $$);

-- To these, one just like B's would be added.
insert into t.foreign_row
select name, is_b, regexp_replace(t.adding(name, t.row_of(name, is_b)), '^insert into [a-z._]+', ''), changing, handing_over
from (
	select 'data.' || name, 'school_urn = 900002', changing, 'school_urn = 900002'
	from (values ('adoption', 'policy_code = null'), ('duty', 'applies = false'), ('deviation', $$ reason = 'y' $$),
		('approval_request', $$ note = 'y' $$), ('approval_decision', $$ note = 'y' $$), ('delegation', 'until_on = from_on'),
		('risk_assessment', $$ notes = 'y' $$), ('risk_hazard', $$ hazard = 'y' $$), ('hazard', $$ story = 'y' $$),
		('visit_record', $$ notes = 'y' $$), ('concern', $$ text = 'y' $$), ('external_referral', $$ text = 'y' $$),
		('incident', $$ text = 'y' $$), ('accident', $$ text = 'y' $$), ('intervention', $$ text = 'y' $$),
		('debrief', $$ note = 'y' $$), ('escalation', 'drill = true'), ('rung', $$ tried_at = now(), result = 'team_safe' $$),
		('notification', 'accepted_at = now()'), ('delivery', 'delivered_at = now()'), ('code_word', 'words = 2'),
		('webhook', 'disabled_at = now()'), ('register_week', 'decided = 1'), ('school_week', 'held = 1'),
		('mark_note', 'minutes_late = 9'), ('mark_amendment', $$ reason = 'y' $$), ('agreement', $$ barriers = 'y' $$),
		('promise', $$ note = 'y' $$), ('promise_test', $$ reason = 'y' $$), ('letter', $$ text = 'y' $$), ('referral', $$ reference = 'y' $$),
		('evidence_part', $$ title = 'y' $$), ('evidence_week', 'sessions = 1'), ('evidence_change', 'still_met = false'),
		('penalty_notice', $$ reference = 'y' $$), ('improvement_notice', $$ result_note = 'y' $$),
		('retention_rule', 'months = 9')) as of_school (name, changing)
	union all
	select 'data.' || name, format('staff_id = %s', :staff_b), changing, format('staff_id = %s', :staff_b)
	from (values ('staff_check', $$ level = 'basic' $$), ('training', 'valid_until = completed_on'), ('vehicle', $$ colour = 'y' $$),
		('policy_reading', $$ read_on = '2025-02-01' $$), ('allergy', 'until_on = from_on'),
		('next_of_kin', $$ phone = '2' $$)) as of_staff (name, changing)
	union all
	select 'data.import', $$ client_id = 'b' $$, $$ problem = 'y' $$, $$ client_id = 'b' $$
	union all
	select 'data.' || name, $$ client_id = 'b' $$, changing, $$ client_id = 'b' $$
	from (values ('schedule', 'ended_at = now()'), ('export', 'tries = 9')) as of_client (name, changing)
	union all
	select 'data.export_piece', format('export_id = %s', :export_b), 'position = 9', format('export_id = %s', :export_b)
	union all
	select 'data.export_opening', format('export_id = %s', :export_b), 'opened_by = ''9''', format('export_id = %s', :export_b)
	union all
	select 'data.import_rejection', format('import_id = %s', :import_b), $$ detail = 'y' $$, format('import_id = %s', :import_b)
	union all
	select 'data.change', 'schools = ''{900002}''', 'version = 9', 'schools = ''{900002}'''
	union all
	select 'data.subject_request', 'schools = ''{900002}''', $$ note = 'y' $$, 'schools = ''{900002}'''
	union all
	select 'data.' || name, own, changing, own
	from (values ('subject_item', $$ kind = 'y' $$), ('redaction', $$ note = 'y' $$)) as of_request (name, changing),
		(select format('request_id = %s', r.request_id) as own from data.subject_request r where r.schools = '{900002}') as r
	union all
	select 'data.' || name, 'schools = ''{900002}''', changing, 'schools = ''{900002}'''
	from (values ('legal_hold', $$ lifted_why = 'y' $$), ('disposal', $$ reason = 'y' $$),
		('disposal_item', $$ record_id = 'y' $$)) as of_schools (name, changing)
	union all
	select 'data.social_worker', format('pupil_id = %s', :pupil_b), $$ phone = '2' $$, format('pupil_id = %s', :pupil_b)
	union all
	-- nobody's: read by all or by none, written by none
	select 'data.' || name, 'true', changing, changing
	from (values ('policy', $$ title = 'y' $$), ('policy_version', $$ source = 'y' $$), ('clause_kind', $$ title = 'y' $$),
		('clause', $$ words = 'y' $$), ('rule_left_out', $$ reason = 'y' $$), ('attendance_code', $$ title = 'y' $$), ('migration', 'applied_at = now()'),
		('watch_beat', 'beat_at = now()'), ('referral_rule', $$ reason = 'y' $$), ('change_line', 'since = now()')) as of_all (name, changing)) as r (name, is_b, changing, handing_over);
create view t.open as select unnest('{data.policy,data.policy_version,data.clause_kind,data.clause,data.rule_left_out,data.attendance_code,data.referral_rule}'::text[]) as name;

create table t.attempt (name text, verb text, query text);
insert into t.attempt
select name, 'read', format('select * from %s where %s', name, is_b) from t.foreign_row
union all select name, 'count', format('select 1 from %s where %s having count(*) > 0', name, is_b) from t.foreign_row
union all select name, 'insert', format('insert into %s %s', name, adding) from t.foreign_row
union all select name, 'update', format('update %s set %s where %s', name, changing, is_b) from t.foreign_row
union all select name, 'hand over', format('update %s set %s where not (%s)', name, handing_over, is_b) from t.foreign_row
union all select name, 'delete', format('delete from %s where %s', name, is_b) from t.foreign_row
union all select name, 'lock', format('select * from %s where %s for update', name, is_b) from t.foreign_row
union all select name, 'upsert', format('insert into %s %s on conflict do nothing', name, adding) from t.foreign_row;
delete from t.attempt where verb in ('read', 'count') and name in (select name from t.open);
create view t.program as
select unnest(array['doorstep_records', 'doorstep_register', 'doorstep_reports', 'doorstep_exports', 'doorstep_watch']) as role;

select plan(38 + 2 * (select count(*)::int from t.attempt cross join t.program));

select set_eq($$ select name from t.foreign_row $$,
	$$ select oid::regclass::text from pg_class where relkind in ('r', 'p') and not relispartition
	   and relnamespace = 'data'::regnamespace $$,
	'every table of data is tried here');

-- All tables, all verbs, all programs; a refusal or no row at all.
select is_empty(format('select name from t.foreign_row where adding is null or not exists (select from t.row_of(name, is_b))'),
	'every table has a row of B''s');
select ok(t.run('a', query, role) in ('0 rows', '42501'), format('%s cannot %s another school''s %s', role, verb, name))
  from t.attempt cross join t.program order by name, role, verb;

savepoint with_grants;
select format('grant usage on schema data, auth to %1$s; grant all on all tables in schema data to %1$s;
	grant usage on all sequences in schema data to %1$s;
	grant execute on all functions in schema data, auth to %1$s', role) from t.program \gexec
select ok(t.run('a', query, role) in ('0 rows', '42501'),
		format('%s cannot %s another school''s %s, had it every grant', role, verb, name))
  from t.attempt cross join t.program order by name, role, verb;
rollback to savepoint with_grants;

-- What is one's own is there
select is(t.get('a', 'select count(*) from data.visit'), '1', 'a client sees the visit of its school');
select is(t.get('a', 'select count(*) from data.pupil', 'doorstep_register'), '1', 'a client sees the pupil of its school');
select is(t.get('all', 'select string_agg(school_urn::text, $$ $$ order by school_urn) from data.visit'), '900001 900002',
	'a client of the whole trust sees the visits of all schools');
select is(t.get('all', 'select count(*) from api.staff'), '4', 'a client of the whole trust sees all staff');
select is(t.get('all', 'select count(*) from api.contact'), '2', 'a client of the whole trust sees all contacts');
select is(t.get('all', 'select count(*) from data.idempotency'), '0', 'but never another client''s answers');
select is(t.get('none', 'select count(*) from data.school'), '0', 'a client of no school sees none');

-- By way of the API and of joins
select is(t.get('a', 'select string_agg(id::text, $$ $$) from api.visit_list()'), :'visit_a', 'a list has the own visits only');
select is(t.run('a', format('select * from api.visit_read(%s)', :visit_b)), '0 rows', 'another school''s visit is not read');
select is(t.run('a', format('select * from api.pupil_read(%s)', :pupil_b)), '0 rows', 'another school''s pupil is not read');
select is(t.run('a', format('select * from api.staff_read(%s)', :staff_b)), '0 rows', 'another school''s staff is not read');
select is(t.run('a', format('select * from api.contact_read(%s)', :contact_b)), '0 rows', 'another school''s contact is not read');
select is(t.run('a', 'select * from api.school_read(900002)'), '0 rows', 'another school is not read');
select is(t.get('a', 'select count(*) from data.visit v join data.visit_pupil using (visit_id) join data.pupil using (pupil_id)
	left join data.event e on e.visit_id = v.visit_id'), '1', 'no join brings another school in');

-- Changing something that is hidden is as changing nothing
select is(t.run('a', format('select api.visit_change(%s, %L, %L)', :visit_b, '{*}', '{}')), 'DS404',
	'another school''s visit cannot be changed');
select is(t.run('a', format('select api.event_append(%s, %L)', :visit_b, '{"kind": "arrived"}')), 'DS404',
	'another school''s visit takes no event');
select is(t.get('a', format('select c::text from duty.checked(%s) as c', :visit_b)),
	t.get('a', 'select c::text from duty.checked(999999) as c'), 'nothing is told of another school''s visit by checking it');
select isnt(t.get('a', format('select c.blockers::text from duty.checked(%s) as c', :visit_a)), '[]', 'of the own one it is');
select is(t.run('a', format('select * from %s(%s)', name, :visit_b)), '0 rows', 'nor by ' || name)
from (values ('duty.helpers'), ('data.hazards_of')) as f (name);
select is(t.run('a', format('select data.code_word_set(%s, %L)', :visit_b, 'umbrella')), 'DS404', 'its code word is not set');
select is(t.why('a', format('select api.event_list(%s)', :visit_b)), t.why('a', 'select api.event_list(999999)'),
	'the events of another school''s visit and of none are refused alike');

-- A visit of one's own with somebody else's people
create function t.plan(pupil bigint, staff bigint) returns text
language sql stable
return format('select api.visit_plan(%L)', jsonb_build_object('school_urn', 900001, 'purpose', 'attendance',
	'planned_start', '2026-01-13T09:30:00Z', 'planned_end', '2026-01-13T10:00:00Z', 'announced', true,
	'place', '{"address": "x"}'::jsonb, 'pupils', jsonb_build_array(pupil),
	'team', jsonb_build_array(jsonb_build_object('staff_id', staff, 'lead', true))));
select is(t.run('a', t.plan(:pupil_a, :staff_a)), '1 rows', 'a visit of the own people can be planned');
select is(t.problems('a', t.plan(:pupil_b, :staff_b)), t.problems('a', t.plan(999999, 999999)),
	'a hidden pupil and a hidden member of staff are refused just as ones that do not exist');
select is(t.run('a', format('insert into data.visit_pupil (visit_id, school_urn, pupil_id, position) values (%s, 900001, %s, 2)',
	:visit_a, :pupil_b)), '42501', 'a hidden pupil cannot be put into the own visit by hand');
select is(t.run('a', format('insert into data.visit_pupil (visit_id, school_urn, pupil_id, position) values (%s, 900001, %s, 2)',
	:visit_a, 999999)), '42501', 'nor one that does not exist: the foreign key tells nothing');
select is(t.run('a', format('insert into data.team_member (visit_id, school_urn, position, staff_id) values (%s, 900001, 2, %s)',
	:visit_a, :staff_b)), '42501', 'a hidden member of staff cannot be put into the own team by hand');
select is(t.run('a', format('insert into data.team_member (visit_id, school_urn, position, staff_id) values (%s, 900001, 2, %s)',
	:visit_a, 999999)), '42501', 'nor one that does not exist');
create function t.insert_at(visit bigint, target text, more text) returns text
language sql stable
return format('insert into data.%s values (%s, 900001, %s)', target, visit, more);
select is(t.run('a', t.insert_at(:visit_b, target, more)), t.run('a', t.insert_at(999999, target, more)),
		format('another school''s visit, said to be the own one, is as none to %s', what))
  from (values ('event (visit_id, school_urn, kind, at, client_id)', $$ 'departed', now(), 'a' $$, 'an event'),
               ('visit_pupil (visit_id, school_urn, pupil_id, position)', :pupil_a || ', 2', 'a pupil'),
               ('team_member (visit_id, school_urn, name, position)', $$ 'x', 1 $$, 'a team member')) as v (target, more, what);
select is(t.run('a', $$ insert into data.idempotency (client_id, key, request_hash, status, body)
	values ('a', 'of b', '\x00', 201, '{}') $$), '1 rows', 'another client''s key is free for oneself');

-- No token, forged ones, other settings
select is_empty($$ select name, role from t.foreign_row cross join t.program
	where t.get(null, 'select count(*) from ' || name, role) not in ('0', '42501') $$, 'without a token every table is empty');
select is_empty($$ select forged, name from t.foreign_row, (values (repeat('0', 64)), ('a'), ('00'), (''), ('not hex'), ('900001'),
		(t.hash('secret of a'))) as f (forged)
	where t.run(null, format($q$ with forging as materialized (select set_config('doorstep.token', %L, true))
		select 1 from forging, %s having count(*) > 0 $q$, forged, name)) not in ('0 rows', '42501', '22023') $$,
	'a forged token shows nothing');
select is_empty($$ select name, setting from t.foreign_row,
		unnest('{doorstep.actor,doorstep.client,doorstep.client_id,doorstep.schools,doorstep.all_schools,app.tenant}'::text[]) as setting,
		(values ('b'), ('all'), ('900002'), ('{900001,900002}'), ('true')) as v (value)
	where name not in (select name from t.open) and t.run('a', format($q$ with setting as materialized (select set_config(%L, %L, true))
		select 1 from setting, %s where %s having count(*) > 0 $q$, setting, value, name, is_b)) not in ('0 rows', '42501') $$,
	'no setting makes a client see more');
select is(t.run('a', $$ with off as materialized (select set_config('row_security', 'off', true))
	select 1 from off, data.visit $$), '42501', 'row_security switched off makes a query fail');

select * from finish();
rollback;
