-- The trail: each change once, with who, by which request, before and after.
begin;
\ir helpers.sql
\ir fill.sql
select plan(47);

-- The entries since the mark, as "action record".
create function t.mark() returns bigint language sql return (select coalesce(max(entry_id), 0) from audit.entry);
create function t.since(mark bigint) returns text
language sql
begin atomic
	select string_agg(action || ' ' || record, ', ' order by entry_id) from audit.entry where entry_id > mark;
end;

-- Before any client: what the installation and the superuser loaded
select results_eq('select distinct record from audit.entry order by 1', $$ values ('data.attendance_code'), ('data.change_line'), ('data.clause'), ('data.clause_kind'),
	('data.migration'), ('data.policy'), ('data.policy_version'), ('data.rule_left_out') $$, 'migrations and policies are audited');
select is_empty($$ select entry_id from audit.entry where action <> 'insert' or client_id is not null or request_id is not null
	or db_role <> session_user or school_urn is not null $$, 'as loaded by the superuser, through no client');
select is_empty($$ select c.key from audit.entry c where c.record = 'data.clause' and not exists (select from audit.entry v
	where v.record = 'data.policy_version' and c.key @> v.key and v.xid = c.xid) $$, 'each clause with its policy');

select t.mark() as mark, t.mark() as loaded \gset
select t.school(900001), t.client('a', '{900001}'), t.pupil(1, 900001) as pupil, t.staff('S1', 900001) as staff \gset
select t.contact(:pupil) as contact, t.visit(900001, :pupil, :staff) as visit \gset
insert into data.event (visit_id, school_urn, kind, at, client_id) values (:visit, 900001, 'departed', '2026-01-13T09:10Z', 'a');
insert into data.idempotency (client_id, key, request_hash, status, body) values ('a', 'k', '\x2a2a', 201, 'the body');
select t.person('p', :staff, 900001) \gset
update auth.account set password_hash = '$argon2id$x', totp_secret = repeat('s', 20)::bytea, totp_step = 1 where client_id = 'p';
insert into auth.device (client_id, device_hash) values ('p', sha256('device'));
insert into auth.link (client_id, purpose, token_hash, expires_at) values ('p', 'reset', sha256('link'), now());
insert into auth.identity (issuer, subject, client_id) values ('https://idp.test', 'p', 'p');
insert into auth.attempt (attempt_key) values (sha256('attempt'));
insert into auth.sign_on (state_hash, cookie_hash, provider, expires_at) values (sha256('state'), sha256('cookie'), 'p', now());
select t.fill(:visit), data.webhook_create('https://hook.example/all') as secret \gset
update data.code_word set words = 1, salt = repeat('s', 16)::bytea, hash = sha256(repeat('s', 16)::bytea || 'umbrella'::bytea);
insert into data.event (visit_id, school_urn, kind, at, note, client_id) values (:visit, 900001, 'note', now(), 'The umbrella!', 'a');

-- Every table, every row
create temporary table stored (record text, value jsonb);
do $$
declare
	name text;
begin
	for name in select oid::regclass from pg_class
	             where relkind in ('r', 'p') and not relispartition
	               and relnamespace in ('data'::regnamespace, 'auth'::regnamespace) loop
		execute format('insert into stored select %L, to_jsonb(r) from %s as r', name, name);
	end loop;
end;
$$;
select set_eq('select distinct record from stored', $$ select c.oid::regclass::text from pg_class c
	where relkind in ('r', 'p') and not relispartition and relnamespace in ('data'::regnamespace, 'auth'::regnamespace) $$,
	'every table has a row');
-- Those that are not audited, or not row by row.
delete from stored where record in ('data.watch_beat', 'data.change', 'data.import', 'data.import_rejection', 'data.register_week', 'data.mark_note',
	'data.export_piece', 'data.export_opening', 'data.subject_item', 'auth.attempt', 'auth.sign_on');
select is_empty($$ select record from stored s
	where (select count(*) from audit.entry e where e.record = s.record and e.action = 'insert' and s.value @> e.key) <> 1 $$,
	'every row has exactly one entry of its making');
select set_eq($$ select distinct record, k from stored s, jsonb_object_keys(s.value) as k,
	lateral (select e.after from audit.entry e where e.record = s.record and s.value @> e.key order by e.entry_id desc limit 1) as last
	where last.after -> k is distinct from s.value -> k $$,
	$$ values ('auth.client', 'secret_hash'), ('auth.token', 'token_hash'), ('auth.account', 'password_hash'),
	('auth.account', 'totp_secret'), ('auth.account', 'totp_step'), ('data.idempotency', 'request_hash'),
	('data.idempotency', 'body'), ('data.event', 'duress'), ('data.policy_version', 'hash'), ('data.code_word', 'salt'),
	('data.code_word', 'hash'), ('data.webhook', 'secret'),
	('auth.device', 'device_hash'), ('auth.link', 'token_hash'),
	('data.evidence_part', 'content'), ('data.letter', 'page'), ('data.export', 'link_hash'), ('data.export', 'token_hash'),
	('data.redaction', 'words') $$,
	'its last entry has what it holds, with every column that is not secret');
select is((select bool_or(duress) from data.event), true, 'a code word was said');
select is_empty($$ select record, key from audit.entry where key = '{}' or jsonb_strip_nulls(key) <> key $$, 'every entry has the key of its row');
select is_empty(format('select entry_id from audit.entry where (xid = pg_current_xact_id()) <> (entry_id > %s)', :loaded),
	'every entry names the transaction of its change');
select is_empty(format($$ select entry_id, record from audit.entry e
	where entry_id > %s and school_urn is distinct from 900001 and key <> '{"webhook_id": %s}'
	  and (record = 'data.school' or exists (select from pg_attribute a
	           where a.attrelid = e.record::regclass and a.attname = 'school_urn')) $$, :loaded, (select max(webhook_id) from data.webhook)),
	'an entry of a school''s row names the school');
select is(t.since(:mark) ~ 'insert data.event, update data.visit', true, 'what a trigger changes is audited, too');

-- Through a program, at a school without a policy: no duties beside it
select t.school(900002, null), t.visit(900002, :pupil, :staff) as visit \gset
insert into auth.client_school values ('a', 900002);
select set_config('t.request', 'req-42', true) \gset
select t.mark() as mark \gset
select is(t.run('a', format('select api.visit_change(%s, %L, %L)', :visit, '{*}', '{"place": {"address": "2 Street", "postcode": "ZZ1 1ZZ"}}')), '1 rows', 'a visit is changed');
select is(t.since(:mark), 'update data.visit', 'which makes one entry');
select results_eq(format('select client_id, request_id, db_role, school_urn, key from audit.entry where entry_id > %s', :mark),
	format($$ values ('a', 'req-42', 'doorstep_records', 900002, '{"visit_id": %s}'::jsonb) $$, :visit), 'with client, request, role, school and key');
select results_eq(format($$ select before ->> 'address', after ->> 'address', before -> 'postcode', after ->> 'postcode',
	before ->> 'version', after ->> 'version' from audit.entry where entry_id > %s $$, :mark),
	$$ values ('1 Example Street', '2 Street', 'null'::jsonb, 'ZZ1 1ZZ', '1', '2') $$, 'before and after');
select t.mark() as mark \gset
select is(t.run('a', format('select api.visit_change(%s, %L, %L)', :visit, '{*}', '{"place": {"postcode": null}}')), '1 rows', 'something is taken away');
select results_eq(format($$ select before ->> 'postcode', after -> 'postcode' from audit.entry where entry_id > %s $$, :mark),
	$$ values ('ZZ1 1ZZ', 'null'::jsonb) $$, 'and the entry has what it was');
select t.mark() as mark \gset
select is(t.run('a', format('select api.visit_change(%s, %L, %L)', :visit, '{*}', '{"team": [{"name": "X", "lead": true}]}')), '1 rows', 'the team is changed');
select is(t.since(:mark), 'update data.visit, delete data.team_member, insert data.team_member',
	'which audits each row of it');
select results_eq(format($$ select before ->> 'staff_id', after from audit.entry where entry_id > %s and action = 'delete' and record = 'data.team_member' $$, :mark),
	format($$ values (%L, null::jsonb) $$, :staff), 'a deleted row has a before and no after');
select results_eq(format($$ select before, after ->> 'name' from audit.entry where entry_id > %s and action = 'insert' and record = 'data.team_member' $$, :mark),
	$$ values (null::jsonb, 'X') $$, 'a new row has an after and no before');

-- With the work or not at all
select t.mark() as mark \gset
select is(t.run('a', format('select api.visit_change(%s, %L, %L), 1/0', :visit, '{*}', '{"purpose": "other"}')), '22012', 'work fails');
select is(t.since(:mark), null, 'and has no entry');
select is(t.run('a', format('delete from data.visit_pupil where visit_id = %s', :visit)), 'DS422', 'work fails as it commits');
select is(t.since(:mark), null, 'and has no entry either');
select is(t.run('a', format('select * from api.visit_read(%s)', :visit)), '1 rows', 'a visit is read');
select is(t.since(:mark), null, 'which changes nothing and has no entry');
savepoint no_trail;
drop policy appended on audit.entry;
select is(t.run('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "note", "note": "x"}')), '42501', 'work whose entry cannot be written fails');
select is((select count(*) from data.event where kind = 'note' and visit_id = :visit), 0::bigint, 'and is not there');
rollback to savepoint no_trail;

-- Secrets
select t.mark() as mark \gset
update auth.client set secret_hash = decode(t.hash('another secret'), 'hex') where client_id = 'a';
select is(t.since(:mark), 'update auth.client, update auth.token', 'a change of a secret alone is audited, and that its token is revoked');
select t.mark() as mark \gset
select is(t.run(null, format('select auth.token_issue(%L, %L, %L, null, 60)', 'a', t.hash('another secret'), t.hash('a token')), 'doorstep_auth'), '1 rows', 'a token is issued');
select is(t.run(null, format('select auth.token_revoke(%L, %L, %L)', 'a', t.hash('another secret'), t.hash('a token')), 'doorstep_auth'), '1 rows', 'and revoked');
select is(t.since(:mark), 'insert auth.token, update auth.token', 'both are audited');
select is((select client_id from audit.entry where entry_id > :mark and record = 'auth.token' and action = 'insert'), 'a', 'the issue with its client');
select is((select client_id from audit.entry where entry_id > :mark and record = 'auth.token' and action = 'update'), 'a', 'and the revocation with its');
select is_empty(format($$ select entry_id, secret from audit.entry e,
	unnest(array[t.hash('secret of a'), t.hash('another secret'), t.hash('token of a'), t.hash('a token'), '2a2a', 'the body', 'of the hook', %L]) as secret
	where strpos(concat(e.before, e.after, e.key), secret) > 0 $$, :'secret'), 'no entry has a secret, a token, or the answer of a request');
select is_empty($$ select entry_id from audit.entry where concat(before, after) ~ '"([a-z]+_)?(hash|salt|secret|duress)"' $$,
	'nor a hash of one, nor whether a code word was said');
update data.code_word set salt = repeat('t', 16)::bytea;
update data.webhook set secret = 'another' where url like '%all';
select is(t.since(:mark) like '%update data.code_word, update data.webhook', true, 'a new code word and a new secret are audited as changes');

-- History is only ever appended to, by whomever
insert into audit.leaf (leaf_index, entry_id, hash) values (0, 1, sha256(''));
insert into audit.checkpoint (size, root, note) values (1, sha256(''), 'x');
create function t.refused(query text) returns text
language plpgsql
as $$
begin
	execute query;
	return 'done';
exception when others then
	return sqlstate;
end;
$$;
select is_empty($$ select record, query from (select c.oid::regclass as record, (select a.attname from pg_attribute a
		where a.attrelid = c.oid and a.attnum = 1) as key from pg_class c
	where relkind = 'r' and obj_description(c.oid, 'pg_class') like '%only ever appended to%') as history,
	unnest(array[format('update %s set %I = %2$I', record, key), format('delete from %s', record),
	             format('truncate %s cascade', record)]) as query
	where t.refused(query) <> 'DS409' $$, 'not even a superuser changes history');
select is(count(*), 24::bigint, 'of so many kinds') from pg_class c
 where relkind = 'r' and obj_description(c.oid, 'pg_class') like '%only ever appended to%';

-- By hand
select t.mark() as mark \gset
update data.pupil set address = 'x';
select results_eq(format('select client_id, request_id, db_role from audit.entry where entry_id > %s', :mark),
	$$ select null::text, null::text, session_user::text collate "default" $$, 'what is done by hand is audited with the role, and without client');
select lives_ok($$ delete from auth.client where client_id = 'a' $$, 'a client is removed');
select is((select count(*) from audit.entry where entry_id > :mark and action = 'delete'
	and record in ('auth.client', 'auth.client_school', 'auth.token')), 5::bigint, 'each row that goes with it is audited');

-- Exports
select t.client('b', '{900001}') \gset
select is(t.get('b', $$ select audit.access_append('/api/v1/visits', '{"state": "planned"}', 'csv', 7) $$), data.day_of(now())::text,
	'an export is noted, which answers the day in the United Kingdom');
select results_eq('select client_id, request_id, resource, filters, format, row_count from audit.access',
	$$ values ('b', 'req-42', '/api/v1/visits', '{"state": "planned"}'::jsonb, 'csv', 7::bigint) $$, 'who, by which request, what, how, and how many rows');
select is(t.run(null, $$ select audit.access_append('/api/v1/visits', '{}', 'csv', 7) $$), '23502', 'nobody exports without a token');
select throws_ok($$ insert into audit.entry (action, record, key, before) values ('insert', 'x', '{}', '{}') $$, '23514', null, 'an impossible entry cannot be');

select * from finish();
rollback;
