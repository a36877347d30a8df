-- What each program's role may and may not, row-level security aside.
begin;
\ir helpers.sql
select plan(65);

create function t.may(role text, verb text, schemas text[]) returns setof text
language sql stable
begin atomic
	select c.oid::regclass::text from pg_class c
	 where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text = any (schemas)
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
select * from unnest(array['doorstep_auth', 'doorstep_sso', 'doorstep_records', 'doorstep_register', 'doorstep_reports',
                           'doorstep_exports', 'doorstep_watch', 'doorstep_seal', 'doorstep_audit']) as role;
create function t.functions() returns table (id oid, name text, definer boolean)
language sql stable
begin atomic
	select p.oid, p.oid::regprocedure::text, p.prosecdef from pg_proc p
	 where p.pronamespace::regnamespace::text = any ('{data,auth,audit,api,duty,watch,was,past}');
end;

select t.school(900001), t.client('a', '{900001}') \gset
select t.pupil(1, 900001) as pupil, t.staff('S1', 900001) as staff \gset
select t.visit(900001, :pupil, :staff) as visit \gset
insert into data.event (visit_id, school_urn, kind, at, client_id)
values (:visit, 900001, 'departed', '2026-01-13T09:10Z', 'a');

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
select set_eq($$ select split_part(name, '(', 1) from t.functions() where has_function_privilege('doorstep_auth', id, 'execute') $$,
	'{auth.token_issue,auth.token_revoke,auth.begin,auth.sign_in_try,auth.sign_in_done,auth.session_seen,auth.session_move,auth.session_end,auth.sessions_end,auth.own_password,auth.password_change,auth.reset_ask,auth.link_open,auth.link_use,auth.totp_begin,auth.totp_waiting,auth.totp_confirm,auth.totp_remove}'::text[],
	'auth can issue and revoke tokens, and what a person does with their session, and nothing else');
select is_empty($$ select t.may('doorstep_sso', verb, '{data,audit,auth}')
	from unnest('{select,insert,update,delete,truncate}'::text[]) as verb $$, 'sso has no table at all');
select set_eq($$ select split_part(name, '(', 1) from t.functions() where has_function_privilege('doorstep_sso', id, 'execute') $$,
	'{auth.sign_on_begin,auth.sign_on_take,auth.sign_on_done}'::text[], 'sso can take somebody''s word for who somebody is, and nothing else');

-- watch
select is_empty($$ select t.may('doorstep_watch', verb, '{data,audit,auth}')
	from unnest('{select,insert,update,delete,truncate}'::text[]) as verb $$, 'watch has no table at all');
select is_empty($$ select nspname from pg_namespace
	where nspname in ('data', 'auth', 'audit', 'api', 'duty') and has_schema_privilege('doorstep_watch', oid, 'usage') $$,
	'watch cannot look into another schema');
select set_eq($$ select split_part(name, '(', 1) from t.functions() where has_function_privilege('doorstep_watch', id, 'execute') $$,
	'{watch.tick,watch.greatest_delay,watch.delay,watch.beat,watch.claim,watch.hold,watch.delivered,watch.failed}'::text[],
	'watch can look at the clock and send, and nothing else');
select is(t.run(null, 'select * from data.webhook', 'doorstep_watch'), '42501', 'watch cannot read the secrets of webhooks at will');
select is_empty($$ select role, name from t.program, t.functions()
	where role <> 'doorstep_watch' and name like 'watch.%' and definer and has_function_privilege(role, id, 'execute')
	  and not (role = 'doorstep_records' and split_part(name, '(', 1) in ('watch.seen_at', 'watch.delay')) $$,
	'no other program can do the work of the watch');

-- seal and audit
select is_empty($$ select role, nspname from unnest('{doorstep_seal,doorstep_audit}'::text[]) as role, pg_namespace
	where nspname in ('data', 'auth', 'audit', 'api', 'duty', 'watch', 'was', 'past') and has_schema_privilege(role, oid, 'usage')
	  and nspname <> 'audit' and (role, nspname) <> ('doorstep_audit', 'auth') $$, 'seal looks into the trail alone, audit at tokens, too');
select is_empty($$ select role, verb, t.may(role, verb, '{data,audit,auth}') from unnest('{doorstep_seal,doorstep_audit}'::text[]) as role,
	unnest('{select,insert,update,delete,truncate}'::text[]) as verb $$, 'neither has a table at all');
select set_eq(format($$ select split_part(name, '(', 1) from t.functions() where has_function_privilege(%L, id, 'execute') $$, role), functions,
	role || ' reads the trail by these functions, and does nothing else')
from (values ('doorstep_seal', '{audit.seal,audit.seal_alone,audit.leaves,audit.checkpoint_add,audit.checkpoint_last}'::text[]),
	('doorstep_audit', '{auth.begin,audit.access_append,audit.entry_list,audit.access_list,audit.proof,audit.check_leaves,audit.check_unsealed,audit.checkpoint_read}')) as r (role, functions);
select is_empty($$ select role, name from t.program, t.functions() where name ~ '^audit\.(erase|seal|checkpoint|leaves)' and role not in ('doorstep_seal', 'doorstep_audit')
	and has_function_privilege(role, id, 'execute') $$, 'no other program seals or erases anything');

-- The others
select is_empty($$ select role, t.may(role, verb, '{auth,audit}') from t.program,
	unnest('{select,insert,update,delete,truncate}'::text[]) as verb $$, 'no program has a table of auth or audit');
select is(t.run('a', 'select * from auth.token'), '42501', 'records cannot read tokens');
select is(t.run('a', 'select * from audit.entry'), '42501', 'records cannot read the trail');
select is(t.run('a', $$ insert into audit.entry (action, record, key, after) values ('insert', 'x', '{}', '{}') $$), '42501',
	'records cannot write the trail by hand');
select set_eq($$ select t.may_change('doorstep_reports') $$,
	'{insert data.idempotency,update data.idempotency,delete data.idempotency}'::text[], 'reports can write nothing but answers under their keys');
select set_eq($$ select t.may_change('doorstep_exports') $$, $$ select t.may_change('doorstep_reports') $$, 'nor can exports');
select is(t.run('a', $$ update data.visit set purpose = 'other' $$, 'doorstep_reports'), '42501', 'reports cannot change a visit');
select is(t.run('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "note", "note": "x"}'), 'doorstep_reports'),
	'42501', 'reports cannot append an event');
select is(t.run('a', $$ select audit.access_append('/api/v1/visits', '{}', 'csv', 1) $$, 'doorstep_reports'), '1 rows',
	'reports can note an export');
select is(t.run('a', $$ select audit.access_append('/api/v1/visits', '{}', 'csv', 1) $$, 'doorstep_register'), '1 rows',
	'register can note that a child''s attendance was read');
select set_eq($$ select t.may('doorstep_register', verb, '{data}') from unnest('{select,insert,update,delete}'::text[]) as verb $$,
	'{data.school,data.staff,data.post,data.pupil,data.enrolment,data.contact,data.policy,data.policy_version,data.adoption,data.idempotency,data.attendance_code,data.register_week,data.mark_note,data.mark_amendment,data.school_week,data.import,data.import_rejection,data.change}'::text[],
	'register has the directory, the policies, the register and the feed of changes, and can neither read nor write what is about visits');
select set_eq($$ select t.may('doorstep_register', verb, '{data}') from unnest('{insert,update,delete}'::text[]) as verb $$,
	'{data.school,data.staff,data.post,data.pupil,data.enrolment,data.contact,data.adoption,data.idempotency,data.register_week,data.mark_note,data.mark_amendment,data.school_week,data.import,data.import_rejection}'::text[],
	'of which it writes all but the policies and the codes');
select set_eq(format($$ select c.oid::regclass::text from pg_class c where relkind in ('r', 'p') and not relispartition and relnamespace = 'data'::regnamespace
		except select t.may(%L, 'select', '{data}') $$, role),
	'{data.code_word,data.webhook,data.delivery,data.watch_beat,data.migration,data.change_line,data.evidence_week}'::text[] || more,
	role || ' cannot read code words, and what is another program''s alone')
from (values ('doorstep_records', '{data.export,data.schedule,data.export_piece,data.export_opening,data.change,data.register_week,data.mark_note,data.mark_amendment,data.school_week,data.import,data.import_rejection}'::text[]),
             ('doorstep_reports', '{data.change,data.export_piece,data.export_opening}')) as r (role, more);
select is_empty($$ select role from t.program where has_column_privilege(role, 'data.event', 'duress', 'select') $$,
	'no program can read whether an event held the code word');
select is_empty($$ select verb, t.may('doorstep_records', verb, '{data}') from unnest('{insert,update,delete}'::text[]) as verb
	intersect select verb, name from unnest('{insert,update,delete}'::text[]) as verb,
	       unnest('{data.policy,data.policy_version,data.clause_kind,data.clause,data.rule_left_out}'::text[]) as name $$,
	'nobody writes policies through a program');
select is_empty($$ select verb, t.may('doorstep_records', verb, '{data}') from unnest('{insert,delete}'::text[]) as verb
	intersect select verb, name from unnest('{insert,delete}'::text[]) as verb,
	       unnest('{data.duty,data.escalation,data.rung,data.notification}'::text[]) as name $$,
	'records neither makes nor deletes duties, escalations, notifications');
select set_eq($$ select t.may('doorstep_records', 'update', '{data}') $$,
	'{data.visit,data.delegation,data.adoption,data.hazard,data.staff_check,data.training,data.policy_reading,data.vehicle,data.allergy,data.next_of_kin,data.social_worker,data.rung,data.notification,data.idempotency,data.agreement,data.promise,data.letter,data.referral,data.penalty_notice,data.improvement_notice,data.subject_request,data.legal_hold}'::text[],
	'records changes visits, what has an end, what a person says of an agreement, a letter, a referral, a notice, and how a step or a notification was answered');
select is(t.run('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "note", "note": "x"}'), 'doorstep_register'),
	'42501', 'register cannot append an event');
select is_empty($$ select verb, t.may('doorstep_records', verb, '{data}') from unnest('{insert,update,delete}'::text[]) as verb
	intersect select verb, name from unnest('{insert,update,delete}'::text[]) as verb,
	       unnest('{data.school,data.staff,data.post,data.pupil,data.enrolment,data.contact}'::text[]) as name $$,
	'records cannot write the directory');
select set_eq($$ select t.may('doorstep_records', 'delete', '{data}') union select t.may('doorstep_register', 'delete', '{data}') $$,
	'{data.visit_pupil,data.team_member,data.idempotency,data.mark_note}'::text[],
	'nothing but the parts of a visit, notes on marks and old answers can be deleted');
select is_empty($$ select role, name, a.attname
	from t.program, pg_attribute a, cast(a.attrelid::regclass as text) as name
	where name like 'data.%' and a.attnum > 0 and exists (select from pg_class c where c.oid = a.attrelid and c.relkind = 'r')
	  and (a.attname in ('version', 'created_at', 'updated_at', 'recorded_at', 'raised_at', 'opened_at', 'state', 'duress')
	       or name = 'data.visit' and a.attname in ('approved_at', 'refused_at', 'policy_version_id'))
	  -- whose answers grow old; which is the log of the program itself; of which a person says how it stands, where it is in words
	  and name not in ('data.idempotency', 'data.import', 'data.promise')
	  and (has_column_privilege(role, a.attrelid, a.attnum, 'insert') or has_column_privilege(role, a.attrelid, a.attnum, 'update')) $$,
	'no program can set a version, a state, an approval, or when a row was made, changed or recorded');
select set_eq(format($$ select split_part(name, '(', 1) from t.functions() where definer and has_function_privilege(%L, id, 'execute') $$, role),
		case when role not in ('doorstep_auth', 'doorstep_sso', 'doorstep_watch', 'doorstep_seal', 'doorstep_audit') then array['auth.begin', 'auth.client_id', 'auth.schools',
			'auth.sees_all_schools', 'auth.schools_with'] else '{}' end || case when role not in ('doorstep_auth', 'doorstep_sso', 'doorstep_watch', 'doorstep_seal', 'doorstep_audit')
			then array['auth.staff_id', 'auth.reaches_all', 'auth.own_visits', 'auth.own_pupils', 'auth.has_moved_on', 'auth.works_on'] else '{}' end || others,
		role || ' can execute these security definer functions, and no other')
from (values
	('doorstep_auth', '{auth.token_issue,auth.token_revoke,auth.begin,auth.sign_in_try,auth.sign_in_done,auth.session_seen,auth.session_move,auth.session_end,auth.sessions_end,auth.own_password,auth.password_change,auth.reset_ask,auth.link_open,auth.link_use,auth.totp_begin,auth.totp_waiting,auth.totp_confirm,auth.totp_remove}'::text[]),
	('doorstep_sso', '{auth.sign_on_begin,auth.sign_on_take,auth.sign_on_done}'),
	('doorstep_seal', array['audit.seal', 'audit.seal_alone', 'audit.leaves', 'audit.checkpoint_add', 'audit.checkpoint_last']),
	('doorstep_audit', array['auth.begin', 'audit.access_append', 'audit.entry_list', 'audit.access_list', 'audit.proof',
		'audit.check_leaves', 'audit.check_unsealed', 'audit.checkpoint_read']),
	('doorstep_register', array['audit.access_append', 'data.forget_rejections', 'data.schools_known', 'data.staff_known', 'data.pupils_known',
		'auth.has_scope', 'data.change_head', 'data.change_ahead']),
	('doorstep_reports', array['duty.clauses_closed', 'auth.kinds_opened', 'auth.accounts_seen', 'auth.has_scope', 'audit.access_append', 'audit.trail_of', 'audit.access_to', 'data.hazards_of',
		'data.legal_referrals_seen', 'data.concerns_open_seen', 'data.governors_seen', 'data.export_ask', 'data.export_call_off',
		'data.export_open', 'data.export_open_by_link', 'data.export_link', 'data.export_pieces', 'data.schedule_add',
		'data.schedule_end', 'data.redaction_item', 'auth.scopes', 'data.retention_due_seen', 'data.retention_why_seen']),
	('doorstep_exports', array['duty.clauses_closed', 'auth.kinds_opened', 'auth.accounts_seen', 'auth.has_scope', 'audit.access_append', 'audit.trail_of', 'audit.access_to', 'data.hazards_of',
		'data.legal_referrals_seen', 'data.concerns_open_seen', 'data.governors_seen', 'data.export_ask', 'data.export_call_off',
		'data.export_open', 'data.export_open_by_link', 'data.export_link', 'data.export_pieces', 'data.schedule_add',
		'data.schedule_end', 'data.redaction_item', 'auth.scopes', 'data.retention_due_seen', 'data.retention_why_seen', 'data.exports_tidy', 'data.export_claim', 'data.export_working', 'data.export_again',
		'data.export_add_piece', 'data.export_fail', 'data.export_done']),
	('doorstep_records', array['duty.clauses_closed', 'auth.kinds_opened', 'auth.in_own_name', 'auth.accounts_seen', 'auth.account_add', 'auth.account_invite', 'auth.account_shut', 'auth.account_totp_remove', 'auth.has_scope', 'audit.access_append', 'data.hazards_of',
		'data.weigh_visits', 'data.code_word_set', 'duty.weigh',
		'duty.weigh_open', 'duty.helpers', 'duty.checked', 'watch.seen_at', 'watch.delay', 'duty.weigh_agreement', 'data.agreement_test',
		'data.letter_figures_seen', 'data.reminder_holds', 'data.legal_referrals_seen', 'data.referral_freeze', 'data.penalty_reached', 'data.penalty_days',
		'data.subject_gather', 'data.redaction_item', 'auth.scopes', 'data.retention_due_seen', 'data.retention_why_seen', 'data.hold_place',
		'data.disposal_ask', 'data.disposal_decide', 'data.disposal_withdraw', 'data.disposal_run']),
	('doorstep_watch', array['watch.tick', 'watch.greatest_delay',
		'watch.delay', 'watch.beat', 'watch.claim',
		'watch.hold', 'watch.delivered', 'watch.failed'])) as r (role, others);
select is_empty($$ select role from t.program
	where has_function_privilege(role, 'auth.client_create(text, text, text[], integer[])', 'execute') $$,
	'no program can make a client');
select is_empty($$ select role from t.program
	where has_function_privilege(role, 'data.webhook_create(text, integer)', 'execute') $$,
	'no program can make a webhook');
select is_empty($$ select role from t.program
	where role <> 'doorstep_register' and has_database_privilege(role, current_database(), 'temporary') $$,
	'register alone makes temporary tables');

-- History
select is_empty($$ select role, verb, t.may(role, verb, '{audit,data}') from t.program, unnest('{update,delete}'::text[]) as verb
	intersect select role, verb, c.oid::regclass::text from t.program, unnest('{update,delete}'::text[]) as verb, pg_class c
	 where c.relnamespace = 'audit'::regnamespace or obj_description(c.oid, 'pg_class') like '%only ever appended to%' $$,
	'no program can rewrite history');
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
