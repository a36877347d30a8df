-- Notifications on their way: who is told, one lease at a time, until it arrived.
begin;
\ir helpers.sql
select plan(34);

create function t.notify(school int, roles data.staff_role[], due timestamptz default clock_timestamp()) returns bigint
language sql
begin atomic
	insert into data.notification (school_urn, cause, subject, words, roles, due_at)
	values (school, 'duty', gen_random_uuid()::text, 'Ring them', roles, due) returning notification_id;
end;
-- What doorstep_watch is answered.
create function t.ask(query text) returns text
language sql
return (select coalesce(o.state, o.value) from t.act(null, query, 'doorstep_watch') as o);
create function t.claim(channel text, most int default 10, busy text default '{}') returns text
language sql
return t.ask(format('select string_agg(delivery::text, '','' order by delivery) from watch.claim(%L, %s, %L)', channel, most, busy));
create function t.waiting(id bigint) returns numeric
language sql
return (select extract(epoch from next_try_at - clock_timestamp()) from data.delivery where delivery_id = id);

select t.school(900001), t.school(900002) \gset
select t.staff('S1', 900001, 'Head', '{headteacher,dsl}') as head, t.staff('S2', 900001, 'Lead', '{dsl}') as lead,
       t.staff('S3', 900001, 'Visitor', '{visitor}') as visitor, t.staff('S4', 900002, 'Other', '{dsl}') as other,
       t.staff('S5', 900001, 'Silent', '{office}') as silent \gset
update data.staff set email = lower(family_name) || '@school.test' where family_name <> 'Silent';

-- Who is told
select t.notify(900001, '{dsl}') as n \gset
select set_eq(format('select address from data.delivery where notification_id = %s', :n),
	array['head@school.test', 'lead@school.test'], 'everybody at the school with the role is told, and nobody else');
select t.notify(900001, '{headteacher,dsl}') as n \gset
select is((select count(*) from data.delivery where notification_id = :n), 2::bigint, 'who holds two of the roles is told once');
update data.staff set email = 'LEAD@school.test' where family_name = 'Head';
select t.notify(900001, '{dsl}') as n \gset
select is((select count(*) from data.delivery where notification_id = :n), 1::bigint, 'a mailbox that two share is told once');
update data.staff set email = 'head@school.test' where family_name = 'Head';
select t.notify(900001, '{office}') as n \gset
select set_eq(format('select address from data.delivery where notification_id = %s', :n),
	array['head@school.test', 'lead@school.test'], 'where nobody with the role has an address, who leads the school is told');
select t.school(900003), t.notify(900003, '{governor}') as nobody \gset
select is(t.ask('select untold::text from watch.delay()'), '1', 'where nobody at all has one, nobody is told, which is counted');
update data.post set roles = '{}' where staff_id = :lead;
select t.notify(900001, '{dsl}') as n \gset
select set_eq(format('select address from data.delivery where notification_id = %s', :n), array['head@school.test'],
	'who holds the role no more is told no more');
select data.webhook_create('https://all.test/') as secret \gset
select data.webhook_create('https://one.test/', 900001), data.webhook_create('https://two.test/', 900002),
       data.webhook_create('https://shut.test/') \gset
update data.webhook set disabled_at = now() where url = 'https://shut.test/';
select t.notify(900001, '{governor}') as n \gset
select set_eq(format('select address from data.delivery where notification_id = %s', :n),
	array['head@school.test', 'https://all.test/', 'https://one.test/'], 'webhooks of the school and of all are told, but for those shut off');
select matches(:'secret'::text, '^[A-Za-z0-9_-]{43}$', 'the secret of a webhook is as long as a token');
select is_empty($$ select from audit.entry where record = 'data.webhook' and after ? 'secret' $$,
	'the secret of a webhook is not in the trail');
select throws_ok($$ select data.webhook_create('ftp://x') $$, '23514', null, 'a webhook is reached by HTTP');

-- A lease
delete from data.delivery;
select t.notify(900001, '{dsl}') as n \gset
select min(delivery_id) filter (where channel = 'email') as mail,
       min(delivery_id) filter (where address = 'https://all.test/') as hook from data.delivery \gset
select is(t.claim('email'), :'mail', 'what is due is leased');
select is(t.claim('email'), null, 'once');
select cmp_ok(t.waiting(:mail), '>', 100::numeric, 'for two minutes');
select is((select tries from data.delivery where delivery_id = :mail), 1, 'and the try is counted');
update data.delivery set next_try_at = clock_timestamp() where delivery_id = :mail;
select is(t.claim('email'), :'mail', 'a lease that ran out makes it due again');
select is(t.claim('webhook', 0), null, 'no more are leased than asked for');
select is((select count(*) from t.act(null, 'select * from watch.claim(''webhook'', 1, ''{}'')', 'doorstep_watch') where rows = 1),
	1::bigint, 'one of two, where one is asked for');

-- The back-off
select t.ask(format('select watch.failed(%s, %L)', :mail, 'no such user')) \gset
select is((select last_error from data.delivery where delivery_id = :mail), 'no such user', 'a failure says why');
create function t.back_off(tries int) returns numeric
language plpgsql
as $$
begin
	update data.delivery d set tries = back_off.tries where d.channel = 'email';
	perform t.ask(format('select watch.failed(%s, %L)', d.delivery_id, 'x')) from data.delivery d where d.channel = 'email';
	return (select t.waiting(d.delivery_id) from data.delivery d where d.channel = 'email');
end;
$$;
select ok(t.back_off(tries) between wanted * 0.85 and wanted, tries || ' tries: the next comes after ' || wanted || ' s')
  from (values (1, 5), (2, 10), (3, 20), (8, 600), (1000, 600)) as v (tries, wanted);

-- Arrived
select t.ask(format('select watch.delivered(%s)', :mail)) \gset
select isnt((select delivered_at from data.delivery where delivery_id = :mail), null, 'what arrived is noted');
update data.delivery set next_try_at = clock_timestamp() where delivery_id = :mail;
select is(t.claim('email'), null, 'what arrived is never sent again');
select t.ask(format('select watch.failed(%s, %L)', :mail, 'too late')) \gset
select isnt((select last_error from data.delivery where delivery_id = :mail), 'too late', 'nor can it fail any more');

-- One at a time to an address
delete from data.delivery;
select t.notify(900001, '{dsl}'), t.notify(900001, '{dsl}') \gset
select min(delivery_id) as first, max(delivery_id) as second from data.delivery where channel = 'email' \gset
select is(t.claim('email'), :'first', 'of two to one address the first goes alone');
select is(t.claim('email', 10, '{' || :'first' || '}'), null, 'and the second waits while it is under way');
select is(t.claim('email', 10), :'second', 'and goes after it');
update data.delivery set next_try_at = clock_timestamp();
update data.webhook set disabled_at = now() where url = 'https://one.test/';
select is((select array_agg(address) from data.delivery where channel = 'webhook' and delivery_id::text =
	any (string_to_array(t.claim('webhook'), ','))), array['https://all.test/'], 'a webhook that was shut off is left alone');

-- What cannot be sent
update data.delivery set last_error = null;
select t.ask($$ select watch.hold('email', 'no mail server') $$) \gset
select is((select count(*) from data.delivery where last_error = 'no mail server'), 2::bigint, 'what cannot be sent says why');
select is((select count(*) from data.delivery where channel = 'email' and next_try_at <= clock_timestamp()), 2::bigint,
	'and stays due');

-- The beat
select t.ask($$ select watch.beat('host:1', '2027-01-12T09:00Z') $$) \gset
select beat_at as beat from data.watch_beat \gset
select t.ask($$ select watch.beat('host:1', '2027-01-12T09:00Z') $$) \gset
select is((select beat_at from data.watch_beat), :'beat'::timestamptz, 'a beat right after another is not written');
update data.watch_beat set beat_at = clock_timestamp() - interval '6 seconds';
select t.ask($$ select watch.beat('host:1', '2027-01-12T09:00Z') $$) \gset
select cmp_ok((select beat_at from data.watch_beat), '>', :'beat'::timestamptz, 'but one after five seconds is');

select * from finish();
rollback;
