-- Tokens: issuing, what they allow, their end.
begin;
\ir helpers.sql
select plan(56);

select t.school(900001), t.school(900002), t.client('a', '{900001}', '{visits:read,visits:write}'), t.client('b', '{900002}', '{visits:read}') \gset

create function t.issue(client text, token text, scope text default null, secret text default null, seconds int default 3600) returns text
language sql return t.get(null, format('select concat_ws(%L, token_type, expires_in, granted) from auth.token_issue(%L, %L, %L, %L, %s)', ' ',
	client, t.hash(coalesce(secret, 'secret of ' || client)), t.hash(token), scope, seconds), 'doorstep_auth');
create function t.revoke(client text, token text, secret text default null) returns text
language sql return t.run(null, format('select auth.token_revoke(%L, %L, %L)',
	client, t.hash(coalesce(secret, 'secret of ' || client)), t.hash(token)), 'doorstep_auth');
-- The client whom the token opens a request for, or the SQLSTATE.
create function t.open(token text, scope text default 'visits:read', role text default 'doorstep_records') returns text
language sql return t.get(null, format('select auth.begin(%L, %L, %L)', t.hash(token), scope, 'r1'), role);

-- Issuing
select is(t.issue('a', 'one'), 'Bearer 3600 visits:read visits:write', 'a client gets a token with all its scopes');
select is(t.issue('a', 'two', 'visits:read', seconds => 60), 'Bearer 60 visits:read', 'or with those it asks for, for the time that is set');
select is(t.issue('a', 'three', '  visits:write   visits:read '), 'Bearer 3600 visits:write visits:read', 'however many blanks there are');
select is(t.issue('a', 'four', ''), 'Bearer 3600 visits:read visits:write', 'asking for nothing is asking for all');
select is(t.issue('a', 'five', 'visits:read admin'), 'DS002', 'a scope that the client lacks is refused');
select matches(t.why(null, format('select auth.token_issue(%L, %L, %L, %L, 60)', 'a', t.hash('secret of a'), t.hash('five'), 'visits:read admin x'),
	'doorstep_auth'), 'scope admin x\.', 'by name');
select is(t.issue('a', 'six', secret => 'wrong'), 'DS001', 'a wrong secret is refused');
select is(t.why(null, format('select auth.token_issue(%L, %L, %L, null, 60)', 'a', t.hash('wrong'), t.hash('six')), 'doorstep_auth'),
	t.why(null, format('select auth.token_issue(%L, %L, %L, null, 60)', 'nobody', t.hash('wrong'), t.hash('six')), 'doorstep_auth'),
	'an unknown client is refused in the same words');
select is(t.issue('a', 'one'), '23505', 'the same token is not given twice');
select is(t.issue('b', 'one'), '23505', 'nor to another client');
select is((select client_id from auth.token where token_hash = decode(t.hash('one'), 'hex')), 'a', 'whose it is not then');

-- Opening a request
select is(t.open('one'), 'a', 'a token opens a request of its client');
select is(t.open('one', 'visits:write'), 'a', 'with each of its scopes');
select is(t.open('two', 'visits:write'), 'DS403', 'a scope that the token lacks is refused, though the client has it');
select matches(t.why(null, format('select auth.begin(%L, %L, %L)', t.hash('two'), 'visits:write', 'r')), 'visits:write', 'by name');
select is(t.open('unknown'), 'DS401', 'an unknown token is refused');
select is(t.open('one', role => 'doorstep_register'), 'a', 'register opens requests, too');
select is(t.open('one', role => 'doorstep_reports'), 'a', 'and so does reports');
select is(t.open('one', role => 'doorstep_auth'), 'a', 'and auth');
select is(t.open('one', role => 'doorstep_sso'), '42501', 'sso does not');
select is(t.get('a', 'select auth.client_id()'), 'a', 'in a request it is known who asks');
select is(t.get('a', 'select auth.schools()::text'), '{900001}', 'and for which schools');
select is(t.get('a', $$ select current_setting('doorstep.request_id') $$), 'request-1', 'and by which request');
select is(t.get(null, 'select auth.client_id()'), null, 'without a token nobody asks');
select is(t.get(null, 'select auth.schools()::text'), '{}', 'for no school');
select is(t.get(null, 'select auth.sees_all_schools()::text'), 'false', 'and not for all');

-- The end of a token
update auth.token set expires_at = now() where token_hash = decode(t.hash('two'), 'hex');
select is(t.open('two'), 'DS401', 'an expired token is refused, at the very moment');
select is(t.revoke('b', 'one'), '1 rows', 'revoking another client''s token seems to work');
select is(t.open('one'), 'a', 'but does nothing');
select is(t.revoke('b', 'unknown'), '1 rows', 'as does revoking one that is none');
select is(t.revoke('a', 'one', 'wrong'), 'DS001', 'a wrong secret revokes nothing');
select is(t.open('one'), 'a', 'the token still holds');
select is(t.revoke('a', 'one'), '1 rows', 'its own client revokes it');
select is(t.open('one'), 'DS401', 'and it is refused at once');
select is(t.revoke('a', 'one'), '1 rows', 'revoking it again is no failure');
update auth.client set disabled_at = now() where client_id = 'a';
select is(t.open('three'), 'DS401', 'a token of a disabled client is refused');
select is(t.issue('a', 'seven'), 'DS001', 'who gets no new one');
select is(t.why(null, format('select auth.token_revoke(%L, %L, %L)', 'a', t.hash('secret of a'), t.hash('three')), 'doorstep_auth'),
	'The client is unknown or its secret is wrong.', 'and is not told why');
update auth.client set disabled_at = null where client_id = 'a';
select is(t.open('three'), 'a', 'until it is enabled again');
update auth.token set expires_at = now() - interval '25 hours' where token_hash = decode(t.hash('two'), 'hex');
select is(t.issue('a', 'eight'), 'Bearer 3600 visits:read visits:write', 'another token is given');
select is((select count(*) from auth.token where token_hash = decode(t.hash('two'), 'hex')), 0::bigint, 'which sweeps out those long expired');
select is((select string_agg(client_id, ' ') from audit.entry where record = 'auth.token' and action = 'delete'), 'a', 'audited as done by the client');

-- What a client loses its tokens lose at once.
select t.issue('a', 'before'), t.issue('b', 'of b') \g /dev/null
update auth.client set title = 'Another', scopes = '{visits:write,visits:read,pupils:read}' where client_id = 'a';
select is(t.open('before'), 'a', 'a token holds when its client may more');
select is(t.open('before', 'pupils:read'), 'DS403', 'and has no more than before');
update auth.client set scopes = '{visits:read}' where client_id = 'a';
select is(t.open('before'), 'DS401', 'a client that loses a scope gets a new token');
select is(t.issue('a', 'narrow'), 'Bearer 3600 visits:read', 'with those that it has then');
update auth.client set secret_hash = decode(t.hash('secret of a'), 'hex') where client_id = 'a';
select is(t.open('narrow'), 'a', 'the same secret is no change');
update auth.client set secret_hash = decode(t.hash('new'), 'hex') where client_id = 'a';
select is(t.open('narrow'), 'DS401', 'another secret is');
select is(t.open('of b'), 'b', 'of another client all hold');
select is(t.get('b', 'select auth.schools()::text'), '{900002}', 'a client that sees one school');
update auth.client set all_schools = true where client_id = 'b';
select is(t.get('b', 'select cardinality(auth.schools())'), (select count(*)::text from data.school), 'sees all at once when it is to');
update auth.client set all_schools = false where client_id = 'b';
select is(t.get('b', 'select auth.schools()::text'), '{900002}', 'and at once no longer');

-- Secrets
select is_empty($$ select 1 from auth.client c, auth.token k, audit.entry e
	where concat(c, k, e) ~ 'secret of|token of' or concat(k) ~ '\mone\M' $$, 'no secret and no token is stored, just hashes');
select auth.client_create('c', 'C', '{visits:read}', '{900001}') as secret \gset
select matches(:'secret'::text, '^[A-Za-z0-9_-]{43}$', 'the secret of a new client is 256 bits written in 43 characters');
select is(t.issue('c', 'nine', secret => :'secret'), 'Bearer 3600 visits:read', 'it works');
select is((select secret_hash from auth.client where client_id = 'c'), sha256(convert_to(:'secret', 'UTF8')), 'and is kept as a hash only');

select * from finish();
rollback;
