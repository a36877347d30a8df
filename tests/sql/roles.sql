-- What each program's role may and may not, row-level security aside.
begin;
\ir helpers.sql
select plan(36);

create function t.may(role text, verb text, schemas text[]) returns setof text
language sql stable
begin atomic
	select c.oid::regclass::text from pg_class c
	 where c.relkind = 'r' and c.relnamespace::regnamespace::text = any (schemas)
	   and case when verb in ('insert', 'update', 'select') then has_any_column_privilege(role, c.oid, verb)
	            else has_table_privilege(role, c.oid, verb) end;
end;
create function t.may_change(role text) returns setof text
language sql stable
begin atomic
	select verb || ' ' || name from unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as verb,
	       t.may(role, verb, '{data,auth,audit}') as name;
end;
create view t.program as
select * from unnest(array['doorstep_auth', 'doorstep_records', 'doorstep_register', 'doorstep_reports']) as role;

select t.school(900001), t.client('a', '{900001}') \gset
select t.pupil(1, 900001) as pupil, t.staff('S1', 900001) as staff \gset
select t.visit(900001, :pupil, :staff) as visit \gset
insert into data.event (visit_id, school_urn, kind, at, client_id)
values (:visit, 900001, 'departed', '2027-01-12T09:10Z', 'a');

-- Signing in
select set_eq($$ select rolname::text from pg_roles where rolname ~ '^doorstep_' and rolcanlogin $$,
	$$ select role from t.program $$, 'the programs'' roles, and no others, can sign in');
select is_empty($$ select rolname from pg_roles where rolname ~ '^doorstep_' and rolpassword is not null
	and exists (select from pg_authid a where a.oid = pg_roles.oid and a.rolpassword is not null) $$,
	'no role has a password');
select is_empty($$ select role, wanted from t.program,
	unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'client_connection_check_interval',
		'search_path', 'TimeZone']) as wanted
	where not exists (select from pg_db_role_setting s, unnest(s.setconfig) as c
	                   where s.setrole = role::regrole and c ilike wanted || '=%') $$,
	'every program has deadlines, a search path and a time zone');
select set_eq($$ select setrole::regrole::text from pg_db_role_setting where 'lock_timeout=60s' = any (setconfig) $$,
	array['doorstep_register'], 'only imports wait long for one another');
select is_empty($$ select role, other from t.program, (values ('doorstep_owner'), ('doorstep_definer'), ('postgres')) as o (other)
	where pg_has_role(role, other, 'member') $$, 'no program can become another role');
select is(t.run('a', 'set role doorstep_owner'), '42501', 'records cannot become the owner');

-- auth
select is_empty($$ select t.may('doorstep_auth', verb, '{data,audit,auth}')
	from unnest('{select,insert,update,delete,truncate}'::text[]) as verb $$, 'auth has no table at all');
select is(has_schema_privilege('doorstep_auth', 'data', 'usage') or has_schema_privilege('doorstep_auth', 'api', 'usage'),
	false, 'auth cannot look into data or api');
select is(t.run('a', 'select * from data.pupil', 'doorstep_auth'), '42501', 'auth cannot read pupils');
select is(t.run('a', 'select * from auth.client', 'doorstep_auth'), '42501', 'auth cannot read hashes of secrets');
select set_eq($$ select p.oid::regprocedure::text from pg_proc p
	where has_function_privilege('doorstep_auth', p.oid, 'execute')
	  and p.pronamespace in ('data'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace, 'api'::regnamespace) $$,
	array['auth.token_issue(text,text,text,text,integer)', 'auth.token_revoke(text,text,text)'],
	'auth can issue and revoke tokens, and nothing else');

-- The others
select is_empty($$ select role, t.may(role, verb, '{auth,audit}') from t.program,
	unnest('{select,insert,update,delete,truncate}'::text[]) as verb $$, 'no program has a table of auth or audit');
select is(t.run('a', 'select * from auth.token'), '42501', 'records cannot read tokens');
select is(t.run('a', 'select * from audit.entry'), '42501', 'records cannot read the trail');
select is(t.run('a', $$ insert into audit.entry (action, record, key, after) values ('insert', 'x', '{}', '{}') $$), '42501',
	'records cannot write the trail by hand');
select is_empty($$ select t.may_change('doorstep_reports') $$, 'reports can insert, update and delete nothing');
select is(t.run('a', $$ update data.visit set purpose = 'other' $$, 'doorstep_reports'), '42501', 'reports cannot change a visit');
select is(t.run('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "note", "note": "x"}'), 'doorstep_reports'),
	'42501', 'reports cannot append an event');
select is(t.run('a', $$ select audit.access_append('/api/v1/visits', '{}', 'csv', 1) $$, 'doorstep_reports'), '1 rows',
	'reports can note an export');
select is(t.run('a', $$ select audit.access_append('/api/v1/visits', '{}', 'csv', 1) $$, 'doorstep_register'), '42501',
	'register, which exports nothing, cannot');
select is_empty($$ select t.may('doorstep_register', verb, '{data}')
	from unnest('{select,insert,update,delete}'::text[]) as verb
	intersect select * from unnest('{data.visit,data.visit_pupil,data.team_member,data.event}'::text[]) $$,
	'register can neither read nor write visits');
select is(t.run('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "note", "note": "x"}'), 'doorstep_register'),
	'42501', 'register cannot append an event');
select is_empty($$ select verb, t.may('doorstep_records', verb, '{data}') from unnest('{insert,update,delete}'::text[]) as verb
	intersect select verb, name from unnest('{insert,update,delete}'::text[]) as verb,
	       unnest('{data.school,data.staff,data.post,data.pupil,data.enrolment,data.contact}'::text[]) as name $$,
	'records cannot write the directory');
select set_eq($$ select t.may('doorstep_records', 'delete', '{data}') union select t.may('doorstep_register', 'delete', '{data}') $$,
	'{data.visit_pupil,data.team_member,data.idempotency}'::text[],
	'nothing but the parts of a visit and old answers can be deleted');
select is_empty($$ select role, name, a.attname
	from t.program, unnest('{data.visit,data.visit_pupil,data.team_member,data.event,data.pupil,data.staff,data.school,data.contact}'::regclass[]) as name,
	     pg_attribute a
	where a.attrelid = name and a.attname in ('version', 'created_at', 'updated_at', 'recorded_at', 'state')
	  and (has_column_privilege(role, name, a.attname, 'insert') or has_column_privilege(role, name, a.attname, 'update')) $$,
	'no program can set a version, a state or when a row was made, changed or recorded');
select is_empty($$ select role, p.oid::regprocedure from t.program, pg_proc p
	where p.prosecdef and has_function_privilege(role, p.oid, 'execute')
	  and p.pronamespace in ('data'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace, 'api'::regnamespace)
	  and not (role = 'doorstep_register' and p.proname in ('schools_known', 'staff_known', 'pupils_known'))
	  and not (role = 'doorstep_auth' and p.proname in ('token_issue', 'token_revoke'))
	  and p.oid::regprocedure::text not in ('auth.begin(text,text,text)', 'auth.client_id()', 'auth.schools()',
	      'auth.sees_all_schools()', 'audit.access_append(text,jsonb,text,bigint)') $$,
	'no program can execute another security definer function');
select is_empty($$ select role from t.program
	where has_function_privilege(role, 'auth.client_create(text, text, text[], integer[])', 'execute') $$,
	'no program can make a client');
select is_empty($$ select role from t.program
	where role <> 'doorstep_register' and has_database_privilege(role, current_database(), 'temporary') $$,
	'register alone makes temporary tables');

-- History
select is_empty($$ select role, verb, t.may(role, verb, '{audit,data}') from t.program, unnest('{update,delete}'::text[]) as verb
	intersect select role, verb, name from t.program, unnest('{update,delete}'::text[]) as verb,
	       unnest('{data.event,audit.entry,audit.access}'::text[]) as name $$, 'no program can rewrite history');
select throws_ok($$ update data.event set note = 'other' $$, 'DS409', null, 'not even a superuser updates events');
select throws_ok($$ delete from data.event $$, 'DS409', null, 'not even a superuser deletes events');
select throws_ok($$ update audit.entry set client_id = 'other' $$, 'DS409', null, 'not even a superuser updates the trail');
select throws_ok($$ delete from audit.entry $$, 'DS409', null, 'not even a superuser deletes from the trail');
select throws_ok($$ truncate audit.entry $$, 'DS409', null, 'not even a superuser truncates the trail');
select throws_ok($$ truncate data.event $$, 'DS409', null, 'not even a superuser truncates events');
select is_empty($$ select role, t.may(role, 'truncate', '{data,auth,audit}') from t.program
	union all select 'doorstep_definer', t.may('doorstep_definer', 'truncate', '{data,auth,audit}') $$,
	'no program truncates anything');

select * from finish();
rollback;
