-- Idempotency-Key: the same answer for the same request, once.
begin;
\ir helpers.sql
select plan(27);

select t.school(900001), t.client('a', '{900001}'), t.client('b', '{900001}') \gset
create function t.claim(key text, request text default 'request', client text default 'a', role text default 'doorstep_records') returns text
language sql return t.get(client, format('select concat_ws(%L, status, location, etag, body) from api.idempotency_claim(%L, %L)',
	' ', key, t.hash(request)), role);
create function t.keep(key text, request text default 'request', client text default 'a', role text default 'doorstep_records') returns text
language sql return t.run(client, format('select api.idempotency_keep(%L, %L, 201, %L, %L, %L)', key, t.hash(request),
	'/api/v1/visits/1', '"1"', '{"id": 1, "name": "Zoë"}'), role);

select is(t.claim('k'), null, 'an unused key has no answer');
select is(t.keep('k'), '1 rows', 'an answer is kept');
select is(t.claim('k'), '201 /api/v1/visits/1 "1" {"id": 1, "name": "Zoë"}', 'and given again to the same request, word for word');
select is(t.claim('k', 'other'), 'DS423', 'another request may not use the key');
select is(t.claim('k', 'other', 'b'), null, 'another client may, for it is another key');
select is(t.keep('k', 'other', 'b'), '1 rows', 'and keeps its own answer');
select is(t.claim('k'), '201 /api/v1/visits/1 "1" {"id": 1, "name": "Zoë"}', 'which is not the first client''s');
select is(t.claim('k', role => role), '201 /api/v1/visits/1 "1" {"id": 1, "name": "Zoë"}', 'a key is good for all programs that write: ' || role)
  from unnest('{doorstep_register,doorstep_reports}'::text[]) as role;
select is(t.claim('k', role => 'doorstep_watch'), '42501', 'and not for one that does not');
select is(t.keep('k'), '23505', 'a key is kept once');
select is(t.run(null, format('select api.idempotency_keep(%L, %L, 201, null, null, %L)', 'k', t.hash('x'), '{}')), '42501',
	'without a token nothing is kept');
select is(t.run('a', format('select api.idempotency_keep(%L, %L, 200, null, null, %L), 1/0', 'gone', t.hash('x'), '{}')), '22012', 'work fails');
select is(t.claim('gone', 'x'), null, 'and its answer with it');

select is((select request_hash from data.idempotency where client_id = 'a'), decode(t.hash('request'), 'hex'), 'of the request there is a hash only');
update data.idempotency set created_at = now() - interval '6 days 23 hours' where client_id = 'a';
select is(t.claim('k', 'other'), 'DS423', 'an answer is kept nearly seven days');
update data.idempotency set created_at = now() - interval '7 days 1 second';
select is(t.claim('k', 'other'), null, 'after seven days the key is free');
select is((select count(*) from data.idempotency where client_id = 'a'), 0::bigint, 'as the old answer is gone');
select is((select count(*) from data.idempotency where client_id = 'b'), 1::bigint, 'but another client''s stays until that one asks');

-- Cleaning up, a bit at a time
create function t.old(client text) returns bigint
language sql return (select count(*) from data.idempotency where client_id = client and created_at < now() - interval '7 days');
insert into data.idempotency (client_id, key, request_hash, status, body, created_at)
select 'a', 'old ' || n, '\x00', 200, '{}', now() - interval '8 days' - n * interval '1 second' from generate_series(1, 250) as n;
select is(t.claim('old 1'), null, 'an old answer among many is not given');
select is(t.old('a'), 149::bigint, 'a hundred others go with it, no more');
select is(t.keep('old 1'), '1 rows', 'and its key is free');
select is(t.claim('new', role => 'doorstep_register'), null, 'another key is asked for');
select is(t.old('a'), 49::bigint, 'and another hundred go');
select is(t.claim('new'), null, 'and again');
select is(t.old('a') || ' ' || t.old('b'), '0 1', 'until all of this client''s are gone');

-- While another session holds the key; it is this one here, by another way in.
select is((select count(*) from pg_locks where locktype = 'advisory' and granted and pid = pg_backend_pid()) > 0, true,
	'a claimed key is locked until the transaction ends');

select * from finish();
rollback;
