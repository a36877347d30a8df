-- People who sign in: guesses, sessions, places, passwords, codes, links, single sign-on.
begin;
\ir helpers.sql
select plan(190);

select t.school(900001), t.school(900002), t.school(900003) \gset
select t.staff('S1', 900001, 'Head', '{headteacher}') as head, t.staff('S2', 900001, 'Two', '{visitor}') as two,
       t.staff('S3', 900003, 'Other', '{headteacher}') as other, t.staff('S4', 900001, 'Officer', '{compliance_officer}') as officer,
       t.staff('S5', 900001, 'Mute', '{office}') as mute \gset
insert into data.post (staff_id, school_urn, roles) values (:two, 900002, '{headteacher}');
update data.staff set email = initcap(family_name) || '@School.test' where family_name <> 'Mute';
select auth.account_create(s) from unnest(array[:head, :two, :other, :officer]::bigint[]) as s \g /dev/null
\set H '$argon2id$v=19$m=8,t=1,p=1$head'
update auth.account set password_hash = :'H' || staff_id;

create function t.auth(query text, token text default null) returns text
language sql
return t.get(null, case when token is null then query
	else format('select (%s) from auth.begin(%L, %L, %L)', query, t.hash(token), 'session', 'r') end, 'doorstep_auth');
create function t.why_auth(query text, token text) returns text
language sql
return t.why(null, format('select (%s) from auth.begin(%L, %L, %L)', query, t.hash(token), 'session', 'r'), 'doorstep_auth');
-- Seconds to wait, and the hash that is told.
create function t.try(login text, source text default '192.0.2.1', device text default null) returns text
language sql
return t.auth(format('select concat_ws(%L, wait, coalesce(password_hash, %L), totp_secret) from auth.sign_in_try(%L, %L, %L)',
	' ', 'none', login, source, t.hash(device)));
create function t.done(login text, token text, device text default null, new_device text default 'd', step bigint default null,
	school int default null, trust boolean default null, was text default null, hash text default null) returns text
language sql
return t.auth(format('select auth.sign_in_done(%L, %L, %L, %L, %L, %s, null, %L, 3600, %s, %s, %L)', login, '192.0.2.1',
	t.hash(device), t.hash(new_device || token), coalesce(hash, (select password_hash from auth.account a where a.login = lower(done.login))),
	coalesce(step::text, 'null'), t.hash(token), coalesce(school::text, 'null'), coalesce(trust::text, 'null'), t.hash(was)));
create function t.holds(token text) returns boolean
language sql
return t.get(null, format('select auth.begin(%L, %L, %L)', t.hash(token), 'session', 'r'), 'doorstep_auth') ~ '^person\.';
create function t.later(span interval) returns void
language sql
begin atomic
	update auth.attempt set next_at = next_at - span, last_at = last_at - span;
	update auth.device set next_at = next_at - span;
end;

-- Trying
select is(t.try('head@school.test'), '0 ' || :'H' || :head, 'a sign-in is told the hash that the password is compared with');
select is(t.try('  HEAD@School.test '), '0 ' || :'H' || :head, 'however the login is written');
select is(t.try('nobody@school.test'), '0 none', 'somebody who does not exist has none');
select is(array(select t.try('head@school.test') from generate_series(1, 3))::text[], array_fill('0 ' || :'H' || :head, '{3}'),
	'five are let through at once');
select is(t.try('head@school.test'), '0 ' || :'H' || :head, 'and a sixth, after which one waits');
select matches(t.try('head@school.test'), '^[12] none$', 'then one is told to wait, and nothing else');
select is((select failures from auth.attempt where attempt_key = auth.attempt_key('login', 'head@school.test', '192.0.2.1')), 6,
	'what is not let through is not counted');
select is(t.try('head@school.test', '192.0.2.2'), '0 ' || :'H' || :head, 'from elsewhere it is let through');
select is(t.auth($$ select auth.attempt_wait('{}', '{}') $$), '42501', 'the program cannot count as it likes');
select count(t.try('nobody@school.test')) from generate_series(1, 5) \g /dev/null
select matches(t.try('nobody@school.test'), '^[12] none$', 'who does not exist waits alike');
select t.later('1 minute') \g /dev/null
select is(t.try('nobody@school.test'), '0 none', 'and no longer than that');
select matches(t.try('nobody@school.test'), '^[1234] none$', 'but twice as long the next time');
select is(auth.wait_after(n, 5), w, 'after ' || n || ' failures it is ' || w)
from (values (5, interval '0'), (6, interval '2 s'), (9, interval '16 s'), (1000, interval '10 min')) as w (n, w);
select t.later('1 day') \g /dev/null
select t.try('nobody@school.test') \g /dev/null
select is((select failures from auth.attempt where attempt_key = auth.attempt_key('login', 'nobody@school.test', '192.0.2.1')), 1,
	'after a day it is forgotten');
select is(auth.source_of('2001:db8:1:2:3:4:5:6'), auth.source_of('2001:db8:1:2::9'), 'a household of IPv6 is one source');
select isnt(auth.source_of('2001:db8:1:2:3:4:5:6'), auth.source_of('2001:db8:1:3:3:4:5:6'), 'another is another');
select is(auth.source_of('192.0.2.1'), '192.0.2.1', 'an address of IPv4 is one') union all
select is(auth.source_of('unix:'), 'unix:', 'what is no address is taken as it is');
delete from auth.attempt;

-- Signing in
select is(t.done('head@school.test', 'one')::jsonb #>> '{school}', '900001', 'who has one place acts there');
select is(t.done('head@school.test', 'x', hash => 'another'), 'DS003', 'a hash that is another by now opens nothing');
select is(t.done('nobody@school.test', 'x', hash => :'H'), 'DS003', 'nor does a login that is none');
select is((select (scopes, own_scopes, reasoned_scopes, formats)::text from auth.token where token_hash = decode(t.hash('one'), 'hex')),
	(select (scopes || '{session}'::text[], own_scopes, reasoned_scopes, formats)::text from auth.rights_of(:head, 900001)),
	'with what their roles give there, and the session itself');
select is((select client_id || ' ' || action from audit.entry where record = 'auth.token' order by entry_id desc limit 1),
	'person.' || :head || ' insert', 'the trail says who signed in');
select is((select count(*) from audit.entry where concat(before, after) ~ (t.hash('one') || '|argon2id|' || t.hash('done'))), 0::bigint,
	'and neither token nor hash');
select is(t.done('two@school.test', 'two')::jsonb - '{login,given_name,family_name,staff,places,expires_at}'::text[],
	'{"school": null, "whole_trust": false, "scopes": ["session"], "own_scopes": [], "reasoned_scopes": [], "formats": [], "totp": false}',
	'who has two acts nowhere until they say where');
select is(t.auth('select auth.session_seen()', 'two')::jsonb -> 'places', format('[{"school": 900001, "name": "School 900001", "roles": ["visitor"]},
	{"school": 900002, "name": "School 900002", "roles": ["headteacher"]}]')::jsonb, 'and is told the places');
select is(t.get(null, format('select auth.begin(%L, %L, %L)', t.hash('two'), 'pupils:read', 'r')), 'DS403', 'such a session opens nothing');
select is(t.done('two@school.test', 'two-b', school => 900002)::jsonb #>> '{school}', '900002', 'a place may be said at once');
select is(t.done('two@school.test', 'x', school => 900003), 'DS422', 'one''s own only');
select is(t.done('two@school.test', 'x', trust => true), 'DS422', 'the trust is not theirs');
select is(t.done('officer@school.test', 'officer')::jsonb ->> 'whole_trust', 'true', 'who may something for the trust alone acts for it');
select is(t.done('head@school.test', 'again', was => 'one')::jsonb ->> 'school', '900001', 'who signs in again');
select is(t.holds('one'), false, 'has the earlier session of the browser no longer');
select is(t.holds('again'), true, 'but the new one');

-- Places
select is(t.auth(format('select auth.session_move(900001, null, %L)', t.hash('two-c')), 'two-b')::jsonb ->> 'school', '900001',
	'a person goes on at another of their places');
select is(t.holds('two-b'), false, 'with another token');
select is((select (scopes, own_scopes)::text from auth.token where token_hash = decode(t.hash('two-c'), 'hex')),
	(select (scopes || '{session}'::text[], own_scopes)::text from auth.rights_of(:two, 900001)), 'and what their roles give there alone');
select is((select expires_at from auth.token where token_hash = decode(t.hash('two-c'), 'hex')),
	(select expires_at from auth.token where token_hash = decode(t.hash('two-b'), 'hex')), 'that lasts no longer');
select is(t.auth(format('select auth.session_move(900003, null, %L)', t.hash('x')), 'two-c'), 'DS422', 'not at that of others');
select is(t.holds('two-c'), true, 'and stays where they are then');
update data.post set roles = '{visitor,office}' where staff_id = :two and school_urn = 900001;
select is(t.holds('two-c'), false, 'whose roles change is signed out there');
select is(t.holds('two'), true, 'and nowhere else');
select t.done('two@school.test', 'two-i', school => 900002), t.done('two@school.test', 'two-j', school => 900001) \g /dev/null
update data.post set left_on = data.day_of(now()) - 1 where staff_id = :two and school_urn = 900002;
select is(t.holds('two-i'), false, 'so is whose post ends');
select is(t.holds('two-j'), true, 'there alone');
update data.post set left_on = null where staff_id = :two and school_urn = 900002;

-- Signing out
select t.done('head@school.test', 'more') \g /dev/null
select is(t.auth('select auth.session_end()', 'again'), '', 'a person signs out');
select is(t.holds('again') or not t.holds('more'), false, 'of this session alone');
select t.done('head@school.test', 'third') \g /dev/null
select is(t.auth('select auth.sessions_end()', 'third'), '', 'or everywhere');
select is(t.holds('third') or t.holds('more'), false, 'of all');
select is(t.holds('two'), true, 'of theirs');
select is((select count(*) from auth.device join auth.account using (client_id) where staff_id = :head), 0::bigint,
	'and the browsers are known no longer');

-- Browsers that are known
select t.done('head@school.test', 'known', new_device => 'of head ') \g /dev/null
select is((select device_hash from auth.device join auth.account using (client_id) where staff_id = :head),
	decode(t.hash('of head known'), 'hex'), 'where a person signed in is known, by a hash');
select count(t.try('head@school.test', '198.51.100.' || n)) from generate_series(1, 40) as n \g /dev/null
select matches(t.try('head@school.test', '192.0.2.9'), '^[0-9]+ none$', 'who guesses from everywhere makes others wait');
select is(t.try('head@school.test', '192.0.2.9', 'of head known'), '0 ' || :'H' || :head, 'but not one who is known');
select matches(t.try('two@school.test', '192.0.2.9', 'of head known'), '^0 ', 'nor another person');
select count(t.try('head@school.test', '192.0.2.9', 'of head known')) from generate_series(1, 5) \g /dev/null
select matches(t.try('head@school.test', '192.0.2.9', 'of head known'), '^[12] none$', 'a known one has guesses of its own');
select t.later('1 minute') \g /dev/null
select t.done('head@school.test', 'known-b', 'of head known', 'of head ') \g /dev/null
select is((select array_agg(device_hash) from auth.device join auth.account using (client_id) where staff_id = :head),
	array[decode(t.hash('of head known-b'), 'hex')], 'and another cookie the next time');
select is((select failures from auth.device join auth.account using (client_id) where staff_id = :head), 0, 'and none counted');
select matches(t.try('head@school.test', '192.0.2.9', 'of head known'), '^[0-9]+ ', 'the earlier one is worth nothing');
select count(t.done('head@school.test', 'many' || n)) from generate_series(1, 25) as n \g /dev/null
select is((select count(*) from auth.device join auth.account using (client_id) where staff_id = :head), 20::bigint, 'twenty are kept');

-- Passwords
select is(t.auth('select password_hash || login || name from auth.own_password()', 'known-b'), :'H' || :head || 'head@school.testStaff Head',
	'to change a password one is told with what the old one is compared');
select count(t.auth('select wait from auth.own_password()', 'known-b')) from generate_series(1, 5) \g /dev/null
select matches(t.auth('select concat(wait, password_hash) from auth.own_password()', 'known-b'), '^[12]$', 'a few times at once');
select is(t.auth(format('select auth.password_change(%L, %L, %L)', 'another', :'H' || 'new', t.hash('x')), 'known-b'), 'DS003',
	'not with another that it was compared with');
select is(t.auth(format('select auth.password_change(%L, %L, %L)', :'H' || :head, :'H' || 'new', t.hash('known-c')), 'known-b')::jsonb ->> 'school',
	'900001', 'it is changed');
select is(t.holds('known-b') or t.holds('many1') or not t.holds('known-c'), false, 'all others are signed out');
select is((select password_hash from auth.account where staff_id = :head), :'H' || 'new', 'and the hash is kept');
select is((select count(*) from audit.entry where concat(before, after) ~ 'argon2id'), 0::bigint, 'but not in the trail');
select is(t.get('two', 'select auth.begin(null, null, null)', 'doorstep_auth'), 'DS401', 'without a token nothing is opened');

-- Codes
\set S '3132333435363738393031323334353637383930'
select is(t.auth(format('select auth.totp_begin(%L, %L)', :'H' || 'new', :'S'), 'known-c'), 'head@school.test', 'a key of codes is kept');
select is(t.auth('select auth.totp_waiting()', 'known-c'), :'S', 'until a code is shown');
select is(t.try('head@school.test', '192.0.2.77'), '0 ' || :'H' || 'new', 'none is asked for before');
select is(t.auth(format('select auth.totp_confirm(%L, 100)', 'ff' || :'S'), 'known-c'), 'DS409', 'of another key it is none');
select is(t.auth(format('select auth.totp_confirm(%L, 100)', :'S'), 'known-c'), '', 'a code is shown');
select is(t.auth('select auth.totp_waiting()', 'known-c'), null, 'the key is told no more');
select is(t.auth(format('select auth.totp_begin(%L, %L)', :'H' || 'new', :'S'), 'known-c'), 'DS409', 'nor is there another');
select is(t.try('head@school.test', '192.0.2.78'), '0 ' || :'H' || 'new ' || :'S', 'a code is asked for');
select is(t.done('head@school.test', 'x'), 'DS003', 'without one there is no session');
select is(t.done('head@school.test', 'x', step => 100), 'DS003', 'nor with the one that was shown');
select is(t.done('head@school.test', 'code', step => 101)::jsonb ->> 'totp', 'true', 'a later one opens one');
select is(t.done('head@school.test', 'x', step => 101), 'DS003', 'once');
select is((select count(*) from audit.entry where concat(before, after) ~ :'S'), 0::bigint, 'the key is not in the trail');
select is(t.auth(format('select auth.totp_remove(%L)', :'H'), 'code'), 'DS003', 'with the password alone');
select is(t.auth(format('select auth.totp_remove(%L)', :'H' || 'new'), 'code'), '', 'codes are asked for no more');
select is((select totp_secret from auth.account where staff_id = :head), null::bytea, 'and the key is gone');

-- Links.  The watch makes what they say.
create function t.mailed(who text) returns text
language sql
return t.get(null, format('select split_part(link, %L, 2) from watch.claim(%L, 50, %L) where recipient = %L', '#', 'email', '{}', who), 'doorstep_watch');
select is((select count(*) from auth.link where token_hash is not null), 0::bigint, 'of a link that was not mailed yet nothing is kept');
select t.mailed('other@school.test') as link \gset
select matches(:'link'::text, '^[A-Za-z0-9_-]{43}', 'the mail says it');
select is((select token_hash from auth.link join auth.account using (client_id) where staff_id = :other), sha256(:'link'::bytea), 'and its hash is kept');
select is(t.auth(format('select login || name from auth.link_open(%L)', t.hash(:'link'))), 'other@school.testStaff Other', 'it opens the account');
select is(t.auth(format('select login from auth.link_open(%L)', t.hash('another'))), 'DS410', 'nothing else does');
select t.done('other@school.test', 'of other') \g /dev/null
select is(t.auth(format('select auth.link_use(%L, %L, %L)', t.hash(:'link'), :'H' || 'link', t.hash('browser'))), 'other@school.test', 'it sets the password');
select is(t.holds('of other'), false, 'and signs everybody out');
select is(t.auth(format('select auth.link_use(%L, %L, %L)', t.hash(:'link'), :'H' || 'x', t.hash('x'))), 'DS410', 'once');
select is(t.auth('select auth.reset_ask(''OTHER@school.test'')') || t.auth('select auth.reset_ask(''nobody@school.test'')'), '',
	'who forgot it asks for a link, and is not told whether there is an account');
select is(t.auth('select auth.reset_ask(''other@school.test'')'), '', 'nor whether one is on its way');
select is((select count(*) from auth.link join auth.account using (client_id) where staff_id = :other and purpose = 'reset'), 1::bigint, 'which is sent once');
select t.mailed('other@school.test') as link \gset
update auth.link set expires_at = now() - interval '1 second' where token_hash = sha256(:'link');
select is(t.auth(format('select login from auth.link_open(%L)', t.hash(:'link'))), 'DS410', 'a link ends');
select is((select count(*) from audit.entry where concat(before, after, key) ~ :'link'), 0::bigint, 'and is not in the trail');

-- What strangers ask for ends nothing; what a person does to be alone ends every link.
create function t.open(link text) returns boolean
language sql
return t.auth(format('select count(*) from auth.link_open(%L)', t.hash(link))) = '1';
-- What its mail says, however often it was tried.
create function t.mailed_now(who text) returns text
language sql
begin atomic
	update data.delivery set next_try_at = '-infinity' where address = who and delivered_at is null;
	select t.mailed(who);
end;
create function t.links(who text) returns text
language sql
return (select string_agg(l.purpose, ' ' order by l.link_id) from auth.link l join auth.account a using (client_id)
         where a.login = who and l.used_at is null and (l.expires_at is null or l.expires_at > now()));
select auth.reset_ask('two@school.test') \g /dev/null
select is(t.links('two@school.test'), 'invitation', 'a stranger who asks for a link sends none while an invitation waits to be mailed');
select t.mailed_now('two@school.test') as invited \gset
update data.delivery d set delivered_at = now() from auth.link l where l.link_id = d.link_id;
update auth.link set asked_at = asked_at - interval '6 days';
select auth.reset_ask('two@school.test') \g /dev/null
select is(t.links('two@school.test'), 'invitation', 'nor while it holds');
select is(t.open(:'invited'), true, 'which goes on');
update auth.link set expires_at = now() - interval '1 second' where token_hash = sha256(:'invited');
select auth.reset_ask('two@school.test') \g /dev/null
select is(t.links('two@school.test'), 'reset', 'once it has ended a link is sent');
update auth.link set asked_at = asked_at - interval '6 minutes';
select auth.reset_ask('two@school.test') \g /dev/null
select is(t.links('two@school.test'), 'reset', 'no second while its mail is on its way, however long that takes');
select is((select count(*) from data.delivery d join auth.link l using (link_id) join auth.account a using (client_id)
	where a.login = 'two@school.test' and d.delivered_at is null), 1::bigint, 'nor is the mail called off');
select t.mailed_now('two@school.test') as first \gset
update data.delivery d set delivered_at = now() from auth.link l where l.link_id = d.link_id;
select auth.reset_ask('two@school.test') \g /dev/null
select is(t.links('two@school.test'), 'reset reset', 'five minutes later another is sent');
select t.mailed_now('two@school.test') as second \gset
select is(t.open(:'first') and t.open(:'second'), true, 'and both hold');
select t.auth(format('select auth.link_use(%L, %L, %L)', t.hash(:'second'), :'H' || :two, t.hash('browser of two'))) \g /dev/null
select is(t.open(:'first') or t.open(:'second'), false, 'until one is used');
update data.delivery d set delivered_at = now() from auth.link l where l.link_id = d.link_id;
select t.done('two@school.test', 'two-e') \g /dev/null
select auth.reset_ask('two@school.test') \g /dev/null
select t.mailed_now('two@school.test') as third \gset
select is(t.open(:'third'), true, 'after that another may be asked for at once');
select t.auth(format('select auth.password_change(%L, %L, %L)', :'H' || :two, :'H' || :two, t.hash('two-d')), 'two-e') \g /dev/null
select is(t.open(:'third'), false, 'a changed password ends it');
select is((select count(*) from data.delivery d join auth.link l using (link_id) join auth.account a using (client_id)
	where a.login = 'two@school.test' and d.delivered_at is null), 0::bigint, 'and calls off its mail');
select auth.reset_ask('two@school.test') \g /dev/null
select t.mailed_now('two@school.test') as fourth \gset
select is(t.open(:'fourth'), true, 'another');
select t.auth('select auth.session_end()', 'two-d') \g /dev/null
select is(t.open(:'fourth'), true, 'outlasts a session');
select t.done('two@school.test', 'two-f') \g /dev/null
select t.auth('select auth.sessions_end()', 'two-f') \g /dev/null
select is(t.open(:'fourth'), false, 'but not all of them');
select auth.link_send('person.' || :two, 'reset'), auth.link_send('person.' || :two, 'invitation') \g /dev/null
select is(t.links('two@school.test'), 'invitation', 'an invitation takes the place of what was sent before');
select is((select count(*) from data.delivery d join auth.link l using (link_id) join auth.account a using (client_id)
	where a.login = 'two@school.test' and d.delivered_at is null), 1::bigint, 'and of its mail');
select t.done('two@school.test', 'two-g') \g /dev/null

-- Administration
create function t.as(who bigint, query text) returns text
language sql
return t.get('person.' || who, query);
select t.person('person.' || s, s, u) from (values (:head, 900001), (:other, 900003), (:officer, null), (:two, 900001)) as p (s, u) \g /dev/null
select t.client('directory', '{900001}', '{accounts:read,accounts:write}'), t.client('directory-of-all', null, '{accounts:read,accounts:write}') \g /dev/null
select is(t.as(:head, 'select string_agg(login, '' '') from api.account_list()'), 'head@school.test',
	'who has a post at another school, too, is none of a head''s to administer');
select is(t.as(:head, format('select id from api.account_%s(%s)', verb, :two)), 'DS404', verb || ' is not for them')
from unnest('{invite,disable,enable,remove_totp}'::text[]) as verb;
select is(t.get('directory', format('select id from api.account_disable(%s)', :two)), 'DS404', 'nor for a program that sees one of the two schools');
select is(t.get('directory-of-all', 'select string_agg(login, '' '' order by login) from api.account_list()'),
	'head@school.test officer@school.test other@school.test two@school.test', 'who sees every school administers all');
update data.post set left_on = data.day_of(now()) where staff_id = :two and school_urn = 900002;
select is(t.as(:head, format('select id from api.account_read(%s)', :two)), null, 'on the last day at the other school they are not yet');
update data.post set left_on = data.day_of(now()) - 1 where staff_id = :two;
select is(t.as(:head, format('select id from api.account_read(%s)', :two)), null, 'who has left is nobody''s');
select is(t.get('directory-of-all', format('select id from api.account_read(%s)', :two)), :two::text, 'but theirs who see every school');
select is(t.as(:other, format('select id from api.account_add(%L)', format('{"staff": %s}', :two))), 'DS422', 'nor can another make them one');
update data.post set left_on = null where staff_id = :two and school_urn = 900001;
select t.person('person.' || :two, :two, 900001) \g /dev/null
select is(t.as(:head, 'select string_agg(login, '' '' order by login) from api.account_list()'), 'head@school.test two@school.test',
	'a head sees the accounts of the staff of the school, but for who may something for the trust');
select is(t.as(:officer, 'select count(*) from api.account_list()'), '4', 'the compliance officer sees all');
select is(t.as(:two, 'select count(*) from api.account_list()'), '0', 'a visitor sees none');
select is(t.run(null, 'select * from auth.accounts_seen()'), '0 rows', 'nor does who is not signed in');
select is(t.as(:head, format('select id from api.account_add(%L)', format('{"staff": %s}', :mute))), 'DS422', 'who has no address cannot have an account');
update data.staff set email = ' Mute@school.test' where staff_id = :mute;
select is(t.as(:head, format('select login from api.account_add(%L)', format('{"staff": %s}', :mute))), 'mute@school.test', 'otherwise a head makes one');
select is((select purpose from auth.link join auth.account using (client_id) where staff_id = :mute), 'invitation', 'for which a link is mailed');
select is(t.as(:head, format('select id from api.account_add(%L)', format('{"staff": %s}', :mute))), 'DS409', 'once');
select is(t.as(:head, format('select id from api.account_add(%L)', format('{"staff": %s}', :other))), 'DS422', 'not for staff of another school');
select is(t.as(:two, format('select id from api.account_add(%L)', format('{"staff": %s}', :mute))), 'DS403', 'and no visitor does');
select is(t.as(:officer, format('select id from api.account_disable(%s)', :mute)), 'DS404', 'nor who only reads');
select is(t.as(:head, format('select id from api.account_%s(%s)', verb, who)), 'DS404', verb || ' is for one''s own school')
from unnest('{invite,disable,enable,remove_totp}'::text[]) as verb, (values (:other), (:officer)) as w (who);
select t.mailed_now('two@school.test') as before_shut \gset
select auth.link_send('person.' || :two, 'reset') \g /dev/null
select is(t.open(:'before_shut') and t.links('two@school.test') = 'invitation reset', true, 'a person who was sent links');
select is(t.as(:head, format('select disabled_at is not null from api.account_disable(%s)', :two)), 'true', 'a head shuts a person out');
select is(t.holds('two-g') or t.holds('token of person.' || :two), false, 'at once');
select matches(t.try('two@school.test', '203.0.113.1'), '^0 none$', 'who cannot sign in');
select is(t.done('two@school.test', 'x'), 'DS003', 'by no means');
select is(t.as(:head, format('select disabled_at is null from api.account_enable(%s)', :two)), 'true', 'and lets them in again');
select matches(t.try('two@school.test', '203.0.113.1'), '^0 .*argon2id', 'to sign in');
select is(t.holds('two-g'), false, 'anew');
select is(t.open(:'before_shut') or t.links('two@school.test') is not null, false, 'by no link of before');
select is((select count(*) from data.delivery d join auth.link l using (link_id) join auth.account a using (client_id)
	where a.login = 'two@school.test' and d.delivered_at is null), 0::bigint, 'nor by one whose mail was on its way');
update data.staff set email = 'married@school.test' where staff_id = :two;
select is(t.as(:head, format('select login from api.account_invite(%s)', :two)), 'married@school.test', 'a new link goes to the address of today');
update data.staff set email = 'head@school.test' where staff_id = :two;
select is(t.as(:head, format('select login from api.account_invite(%s)', :two)), 'DS409', 'which nobody else has');
update auth.account set totp_secret = decode(:'S', 'hex'), totp_since = now() where staff_id = :two;
select is(t.as(:head, format('select totp from api.account_remove_totp(%s)', :two)), 'false', 'who lost what makes the codes is asked for none');
delete from data.post where staff_id = :mute;
update auth.account set password_hash = :'H' || staff_id where staff_id = :mute;
select is(t.done('mute@school.test', 'x'), 'DS003', 'who left cannot sign in');
select is(t.as(:head, format('select count(*) from api.account_read(%s)', :mute)), '0', 'and is no longer the school''s');
select is(t.get('directory-of-all', format('select id from api.account_read(%s)', :mute)), :mute::text, 'but is still the trust''s');

-- Single sign-on
create function t.sso(query text) returns text
language sql
return t.get(null, query, 'doorstep_sso');
create function t.sent(state text, cookie text, provider text default 'p', seconds int default 600) returns text
language sql
return t.sso(format('select auth.sign_on_begin(%L, %L, %L, %s)', t.hash(state), t.hash(cookie), provider, seconds));
create function t.back(state text, cookie text, provider text default 'p') returns text
language sql
return t.sso(format('select auth.sign_on_take(%L, %L, %L)', t.hash(state), t.hash(cookie), provider));
create function t.vouched(subject text, email text, token text, issuer text default 'https://idp.test') returns text
language sql
return t.sso(format('select auth.sign_on_done(%L, %L, %L, %L, 3600, null)', issuer, subject, email, t.hash(token)));
select is(t.sent('s', 'c') || t.back('s', 'c'), 'true', 'who was sent to a provider comes back');
select is(t.back('s', 'c'), 'false', 'once');
select is(t.sent('s', 'c') || t.back('s', 'another'), 'false', 'in the same browser');
select is(t.back('s', 'c'), 'false', 'and who tries another has used it up');
select is(t.sent('s', 'c') || t.back('s', 'c', 'q'), 'false', 'from the same provider');
select is(t.sent('s', 'c', seconds => -1) || t.back('s', 'c'), 'false', 'and in time');
select is(t.back('unknown', 'c'), 'false', 'nobody else does');
select is(t.vouched('sub', null, 'v1'), 'DS003', 'whom nobody knows gets no session');
select is(t.vouched('sub', 'stranger@school.test', 'v1'), 'DS003', 'by no address either');
select is(t.vouched('sub', 'HEAD@school.test', 'v1')::jsonb ->> 'staff', :head::text, 'by the address of an account the first time');
select is(t.vouched('sub', null, 'v2')::jsonb ->> 'staff', :head::text, 'and by what the provider calls them from then on');
select is(t.vouched('sub', 'other@school.test', 'v3')::jsonb ->> 'staff', :head::text, 'whatever their address is by then');
select is(t.vouched('sub2', 'head@school.test', 'v4'), 'DS003', 'to one provider a person is one');
select is(t.vouched('sub', 'other@school.test', 'v5', 'https://other.test')::jsonb ->> 'staff', :other::text, 'what another provider calls so is another');
-- Whoever begins anew may have lost what the provider goes by, too.
create function t.known(who bigint) returns bigint
language sql
return (select count(*) from auth.identity i join auth.account a using (client_id) where a.staff_id = who);
select t.auth(format('select auth.password_change(%L, %L, %L)', :'H' || 'link', :'H' || 'chosen', t.hash('v5-b')), 'v5') \g /dev/null
select is(t.known(:other), 1::bigint, 'who changes their password is known by the provider still');
select auth.link_send('person.' || :other, 'reset') \g /dev/null
select t.auth(format('select auth.link_use(%L, %L, %L)', t.hash(t.mailed('other@school.test')), :'H' || 'link', t.hash('browser of other'))) \g /dev/null
select is(t.known(:other), 0::bigint, 'who sets it by a link is not');
select is(t.holds('v5-b'), false, 'nor in a session that came of it');
select is(t.vouched('sub', null, 'v8', 'https://other.test'), 'DS003', 'by what the provider called them');
select is(t.vouched('sub9', 'other@school.test', 'v9', 'https://other.test')::jsonb ->> 'staff', :other::text, 'by a verified address as the first time');
select is((select string_agg(action || ' ' || coalesce(client_id, ''), ', ' order by entry_id) from audit.entry where record = 'auth.identity'
	and coalesce(after, before) ->> 'issuer' = 'https://other.test' and coalesce(after, before) ->> 'subject' = 'sub'), 'insert , delete ', 'the trail has both');
insert into auth.identity (issuer, subject, client_id) values ('https://idp.test', 'two', 'person.' || :two);
update data.post set left_on = '2020-01-01' where staff_id = :two and school_urn <> 900001;
update data.staff set email = 'two@school.test' where staff_id = :two;
select t.person('person.' || :head, :head, 900001) \g /dev/null
select is(t.as(:head, format('select count(*) from api.account_invite(%s)', :two)) || t.known(:two), '10', 'an invitation drops them as well');
insert into auth.identity (issuer, subject, client_id) values ('https://idp.test', 'two', 'person.' || :two);
select t.vouched('two', null, 'v10') \g /dev/null
select is(t.holds('v10'), true, 'who signed in by a provider');
select is(t.as(:head, format('select count(*) from api.account_remove_totp(%s)', :two)) || t.known(:two), '10', 'is dropped with the codes that are asked for no more');
select is(t.holds('v10'), false, 'and signed out');
select is(t.known(:head), 1::bigint, 'all others are known as before');

update auth.client set disabled_at = now() where client_id = 'person.' || :head;
select is(t.vouched('sub', null, 'v6'), 'DS003', 'who is shut out stays out');
select is(t.sso(format('select password_hash from auth.sign_in_try(%L, null, null)', 'other@school.test')), '42501',
	'single sign-on knows no hash of a password');
select is(t.auth(format('select auth.sign_on_done(%L, %L, null, %L, 3600, null)', 'https://idp.test', 'sub', t.hash('v7'))), '42501',
	'nor does who knows those vouch for anybody');
select * from finish();
rollback;
