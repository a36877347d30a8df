-- What no table, view or function of ours can escape.
begin;
select plan(37);

create temporary view ours as
select n.nspname || '.' || c.relname as name, c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('data', 'auth', 'audit', 'api', 'duty', 'watch', 'was', 'past');
-- The partitions of a table are nobody's: see below.
create temporary view tables as select * from ours where relkind in ('r', 'p') and not relispartition;
create temporary view functions as
select p.oid::regprocedure::text as name, p.* from pg_proc p
 where pronamespace in ('data'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace, 'api'::regnamespace,
                        'duty'::regnamespace, 'watch'::regnamespace, 'was'::regnamespace, 'past'::regnamespace);
create temporary view programs as
select * from pg_roles where rolname in ('doorstep_auth', 'doorstep_sso', 'doorstep_records', 'doorstep_register', 'doorstep_reports',
                                          'doorstep_exports', 'doorstep_watch', 'doorstep_seal', 'doorstep_audit');

-- Where things are
select is((select count(*) from programs), 9::bigint, 'every program has a role');
select cmp_ok((select count(*) from tables), '>=', 16::bigint, 'the tables are found');
select is_empty($$ select n.nspname from pg_namespace n
	where n.nspname !~ '^pg_' and n.nspname not in ('data', 'auth', 'audit', 'api', 'duty', 'watch', 'was', 'past', 'public',
		'information_schema') $$, 'there is no schema but data, auth, audit, api, duty, watch, was, past');
select is_empty($$ select c.oid::regclass from pg_class c
	where c.relkind in ('r', 'p', 'f', 'm')
	  and (c.relnamespace in ('api'::regnamespace, 'duty'::regnamespace, 'watch'::regnamespace, 'was'::regnamespace, 'past'::regnamespace)
	       or c.relnamespace = 'public'::regnamespace
	          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) $$,
	'tables are in data, auth and audit only');
select is_empty($$ select name from ours where relkind in ('f', 'm') $$,
	'there is no materialized view or foreign table, which know no row-level security');
select is_empty($$ select relname from ours where relkind in ('r', 'p', 'i', 'S') group by relname having count(*) > 1 $$,
	'no table, index or sequence is named as another');
select is_empty($$ select proname from functions group by pronamespace, proname having count(*) > 1 $$,
	'no function name has two meanings in its schema');

-- Tables
select is_empty($$ select name from tables where not relrowsecurity $$, 'row-level security is on for every table');
select is_empty($$ select name from tables where not relforcerowsecurity $$,
	'row-level security is forced on every table, on its owner too');
select is_empty($$ select name from tables t where not exists (select from pg_policy p where p.polrelid = t.oid) $$,
	'every table has a row-security policy');
select is_empty($$ select policyname, tablename from pg_policies
	where schemaname in ('data', 'auth', 'audit') and roles && '{public}' $$,
	'every row-security policy names its roles');
select is_empty($$ select policyname, tablename from pg_policies
	where schemaname in ('data', 'auth', 'audit') and not roles && '{doorstep_definer}' and (policyname, tablename, roles) <> ('looked_up', 'entry', '{doorstep_past}')
	  and (qual = 'true' or with_check = 'true') $$,
	'no row-security policy lets a program see or write everything');
select is_empty($$ select name from ours where relkind in ('r', 'p', 'v') and not relispartition and obj_description(oid, 'pg_class') is null $$,
	'every table and view is commented');
select is_empty($$ select name, a.attname from tables t join pg_attribute a on a.attrelid = t.oid
	where a.attnum > 0 and not a.attisdropped and col_description(t.oid, a.attnum) is null $$,
	'every column is commented');
select is_empty($$ select typname from pg_type
	where typtype in ('e', 'd') and typnamespace = 'data'::regnamespace and obj_description(oid, 'pg_type') is null $$,
	'every type is commented');
select is_empty($$ select name from tables t
	where not exists (select from pg_constraint c where c.conrelid = t.oid and c.contype = 'p') $$,
	'every table has a primary key');
select is_empty($$ select conrelid::regclass, conname from pg_constraint
	where contype = 'f' and confdeltype = 'a'
	  and connamespace in ('data'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace) $$,
	'every foreign key says what happens on delete');
select is_empty($$ select name from tables where relowner <> 'doorstep_owner'::regrole $$,
	'every table belongs to doorstep_owner');
select is_empty($$ select name from ours where relispartition and relkind = 'r'
	and (relowner <> 'doorstep_owner'::regrole or not relrowsecurity or not relforcerowsecurity) $$,
	'every partition belongs to doorstep_owner, and row-level security is on and forced');
select is_empty($$ select rolname, name from ours, programs where relispartition and relkind = 'r'
	and has_any_column_privilege(programs.oid, ours.oid, 'select, insert, update') $$,
	'no program reaches a partition but by its table');

-- The trail.  29: after, each row, insert + delete + update.  But for
-- data.watch_beat: a watch writes there every few seconds that it has looked,
-- which changes no record, and would bury the trail; the log of imports, which
-- is a trail itself; data.change, which says again of rows that are audited that
-- they changed; the pieces of files and who was let in to them,
-- which are gone within days; what anybody makes who has not signed in, and is gone
-- within a day; and the register, where a statement has an entry for all
-- that it changed of a school in a week, or gathered of one.
select is_empty($$ select name from tables t
	where relnamespace <> 'audit'::regnamespace and name not in ('data.watch_beat', 'data.change', 'data.import', 'data.import_rejection',
	      'data.register_week', 'data.mark_note', 'data.export_piece', 'data.export_opening',
	      'data.subject_item', 'auth.attempt', 'auth.sign_on')
	  and not exists (select from pg_trigger g where g.tgrelid = t.oid and g.tgfoid = 'audit.log_change()'::regprocedure
	                     and g.tgenabled = 'O' and g.tgtype = 29 and g.tgqual is null) $$,
	'every table of data and auth but these has the audit trigger, on insert, update and delete of each row');
select set_eq($$ select g.tgrelid::regclass::text, g.tgtype::int from pg_trigger g
	where g.tgfoid in ('audit.log_register()'::regprocedure, 'audit.log_mark_notes()'::regprocedure, 'audit.log_gathered()'::regprocedure) and g.tgenabled = 'O' $$,
	$$ select name, event from unnest(array['data.register_week', 'data.mark_note']) as name, unnest(array[4, 8, 16]) as event
	   union all select 'data.subject_item', 4 $$,
	'the register has one on insert, update and delete of each statement');
select is_empty($$ select tgrelid::regclass from pg_trigger where tgfoid = 'audit.log_change()'::regprocedure
	group by 1 having count(*) > 1 $$,
	'no table has the audit trigger twice');

-- The feed of changes: what others keep a copy of, once there is a table for it
select is_empty($$ select kind from unnest('{visit,agreement,letter,referral,pupil,staff}'::text[]) as kind
	where to_regclass('data.' || kind) is not null
	  and not exists (select from pg_trigger g
	                   where g.tgrelid = to_regclass('data.' || kind) and g.tgfoid = 'data.note_change()'::regprocedure
	                     and g.tgenabled = 'O' and g.tgtype = 29 and g.tgqual is null
	                     and split_part(encode(g.tgargs, 'escape'), '\000', 1) = kind) $$,
	'every visit, agreement, letter, referral, pupil and member of staff is in the feed of changes');
select set_eq($$ select split_part(encode(tgargs, 'escape'), '\000', 1) from pg_trigger where tgfoid = 'data.note_change()'::regprocedure $$,
	$$ select unnest(enum_range(null::data.change_record))::text $$, 'the feed tells of each kind of record that it names');
-- The key of a token is secret.
select is_empty($$ select g.tgrelid::regclass, key.names, keyed.names
	from pg_trigger g
	     cross join lateral (select string_to_array(split_part(encode(g.tgargs, 'escape'), '\000', 1), ',') as names) as keyed
	     join lateral (select array_agg(a.attname::text order by k.n) as names
	                     from pg_constraint c, unnest(c.conkey) with ordinality as k (attnum, n), pg_attribute a
	                    where c.conrelid = g.tgrelid and c.contype = 'p'
	                      and a.attrelid = g.tgrelid and a.attnum = k.attnum) as key on true
	where g.tgfoid = 'audit.log_change()'::regprocedure and keyed.names <> key.names
	  and g.tgrelid <> 'auth.token'::regclass $$,
	'the audit trigger is told the primary key of its table');

-- Views and functions
select is_empty($$ select name from ours
	where relkind = 'v' and not coalesce(reloptions && '{security_invoker=true}', false)
	  and (relnamespace, relowner) <> ('was'::regnamespace, 'doorstep_past'::regrole) $$,
	'every view is a security invoker, but for those of rows as they were, which see what the program sees');
select is_empty($$ select p.tablename, p.policyname from pg_policies p
	where p.schemaname = 'data' and p.roles && '{doorstep_records,doorstep_register,doorstep_reports,doorstep_past}'
	  and p.roles && '{doorstep_past}' <> (p.cmd = 'SELECT') $$,
	'row-level security shows of a row as it was what it shows of the row as it is');
select is_empty($$ select oid::regclass from tables
	where has_any_column_privilege('doorstep_past', oid, 'insert,update,references')
	   or has_table_privilege('doorstep_past', oid, 'delete,truncate,trigger') $$, 'and writes nothing');
select is_empty($$ select name from functions where prosecdef and proowner <> 'doorstep_definer'::regrole $$,
	'every security definer function belongs to doorstep_definer');
select is_empty($$ select name from functions where not prosecdef and proowner <> 'doorstep_owner'::regrole $$,
	'every other function belongs to doorstep_owner');
select is_empty($$ select name from functions
	where prosecdef and not coalesce(proconfig && '{search_path=pg_catalog}', false) $$,
	'every security definer function has a fixed search path');
select is_empty($$ select name from functions where obj_description(oid, 'pg_proc') is null $$,
	'every function is commented');

-- Everybody, and the programs
select is_empty($$ select name from functions where has_function_privilege('public', oid, 'execute') $$,
	'everybody may execute nothing');
select is_empty($$
	select name from ours where relkind <> 'i' and exists (select from aclexplode(relacl) a where a.grantee = 0)
	union all
	select nspname from pg_namespace, aclexplode(nspacl) as a
	 where nspname in ('data', 'auth', 'audit', 'api', 'duty', 'watch', 'was', 'past') and a.grantee = 0
	union all
	select nspname from pg_namespace where nspname in ('public', 'data', 'auth', 'audit', 'api', 'duty', 'watch', 'was', 'past')
	   and has_schema_privilege('public', oid, 'create')
	union all
	select datname from pg_database where datname = current_database()
	   and (has_database_privilege('public', oid, 'create') or has_database_privilege('public', oid, 'temporary')) $$,
	'everybody may see and make nothing');
select is_empty($$ select rolname from pg_roles
	where rolname ~ '^doorstep_' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication) $$,
	'no role is a superuser, bypasses row-level security or makes roles');
select is_empty($$
	select name from ours where relowner in (select oid from programs)
	union all select name from functions where proowner in (select oid from programs)
	union all select rolname || ' is in ' || m.roleid::regrole from programs join pg_auth_members m on m.member = programs.oid
	           where (rolname, m.roleid::regrole::text) <> ('doorstep_exports', 'doorstep_reports') $$,
	'no program''s role owns anything or has another role, but that exports has that of reports');

select * from finish();
rollback;
