-- Exports that are made later, and schedules: who may fetch what, until when, how
-- often; when a schedule comes, and for which window.
begin;
\ir helpers.sql
select plan(144);

select t.school(900001), t.school(900002),
       t.client('a', '{900001,900002}', '{visits:read,records:read,exports:read,exports:write,schedules:read,schedules:write}'),
       t.client('b', '{900001}', '{visits:read,exports:read,exports:write,schedules:read,schedules:write}') \gset
select t.staff('S1', 900001, 'Head', '{headteacher}') as head, t.staff('S2', 900001) as silent,
       t.school(900003), t.staff('S3', 900003) as elsewhere \gset
update data.staff set email = 'head@school.test' where staff_id in (:head, :elsewhere);
select t.person('head', :head, 900001), t.person('elsewhere', :elsewhere, 900003) \g /dev/null

create function t.asks(client text, path text default '/api/v1/visits.csv', scope text default 'visits:read') returns text
language sql
return t.get(client, format('select data.export_ask(%L, %L)', path, scope), 'doorstep_reports');
-- What the program exports is answered; it is refused nothing.
create function t.makes(query text) returns text
language plpgsql
as $$
declare
	o t.outcome := t.act(null, query, 'doorstep_exports');
begin
	if o.state is not null then
		raise exception '%', o.message;
	end if;
	return o.value;
end;
$$;
-- Claims, stores two pieces, ends: the token that it was made with.
create function t.made(stays boolean default true) returns text
language plpgsql
as $$
declare
	claimed record;
begin
	perform set_config('session_authorization', 'doorstep_exports', true);
	select * into claimed from data.export_claim();
	perform data.export_add_piece(claimed.export_id, 0, 'one, '), data.export_add_piece(claimed.export_id, 1, 'two'),
	        data.export_done(claimed.export_id, 'text/csv', 'visits.csv', 2, 8, encode(sha256('one, two'), 'hex'), stays);
	set local session authorization default;
	return claimed.token;
end;
$$;
-- In two statements, as a program does: a statement does not see what itself has changed.
create function t.fetch(client text, export bigint) returns text
language sql
return coalesce((t.act(client, format('select data.export_open(%s)', export), 'doorstep_reports')).state,
	t.get(client, format('select string_agg(convert_from(p, ''UTF8''), '''') from data.export_pieces(%s) as p', export),
		'doorstep_reports'));

-- Asking
select is(t.asks('b', '/api/v1/records.csv', 'records:read'), 'DS422', 'what the token may not read is not exported');
select t.asks('a') as one \gset
select is((select scopes from data.export where export_id = :one), '{visits:read,records:read}', 'it is made with the scopes of the token, but those about exports');
select is(t.get('a', format('select state from api.export_read(%s)', :one), 'doorstep_reports'), 'waiting', 'it waits');
select is(t.run('b', format('select * from api.export_read(%s)', :one), 'doorstep_reports'), '0 rows', 'another client does not see it');
select is(t.run('b', format('select * from api.export_call_off(%s)', :one), 'doorstep_reports'), 'DS404', 'nor calls it off');
select is(t.fetch('b', :one), 'DS404', 'nor fetches it');
select is(t.run('b', format('select * from api.export_link(%s)', :one), 'doorstep_reports'), 'DS404', 'nor makes a link to it');
select is(t.fetch('a', :one), 'DS409', 'before it is made there is nothing to fetch');
select is(t.get('a', 'select count(*) from data.export_piece', 'doorstep_reports'), '42501', 'the pieces are read by functions alone');
select is((select count(distinct t.asks('a')) from generate_series(1, 9)), 9::bigint, 'ten may wait');
select is(t.asks('a'), 'DS409', 'not eleven');
select is(t.run('a', format('select * from api.export_call_off(%s)', export_id), 'doorstep_reports'), '1 rows', 'one is called off')
  from data.export where client_id = 'a' and export_id > :one;
select is(t.run('a', format('select * from api.export_call_off(%s)', max(export_id)), 'doorstep_reports'), 'DS409', 'once')
  from data.export where client_id = 'a';

-- Making
select is(t.run('a', 'select * from data.export_claim()', 'doorstep_reports'), '42501', 'the program reports makes none, and gets no token');
select is(t.get('a', format('select %s from data.export', hash), 'doorstep_reports'), '42501', 'nor reads a ' || hash) from unnest('{token_hash,link_hash}'::text[]) as hash;
select is(t.run('a', 'select data.export_open(1)', 'doorstep_records'), '42501', 'records has nothing to do with them');
select t.made() as token \gset
select is((select revoked_at is not null from auth.token where token_hash = sha256(convert_to(:'token', 'UTF8'))), true,
	'the token that it was made with is of no more use');
select is((select scopes from auth.token where token_hash = sha256(convert_to(:'token', 'UTF8'))), '{visits:read,records:read}',
	'which had the scopes that were asked with');
select is(t.get('a', format('select state || '' '' || file from api.export_read(%s)', :one), 'doorstep_reports'),
	format('done /api/v1/exports/%s/file', :one), 'it is there');
select is((select schools from data.export where export_id = :one), '{900001,900002}', 'of the schools that its client sees');
select ok((select expires_at between now() and now() + interval '61 minutes' from data.export where export_id = :one), 'for an hour');

-- Fetching
select is(t.fetch('a', :one), 'one, two', 'its client fetches it, piece after piece');
select is(t.fetch('a', :one), 'one, two', 'as often as it likes');
select is((select count(*) from audit.access where client_id = 'a' and resource = '/api/v1/visits.csv' and format = 'csv'
	and row_count = 2 and filters = jsonb_build_object('export', :'one')), 2::bigint, 'each time leaves an access entry, as of what is in it');
update auth.token set scopes = '{visits:read,exports:read}' where client_id = 'a' and revoked_at is null;
select is(t.fetch('a', :one), 'DS403', 'with a token of fewer scopes than it was made with it is not');
update auth.token set scopes = '{visits:read,records:read,exports:read,exports:write}' where client_id = 'a' and revoked_at is null;
delete from auth.client_school where client_id = 'a' and school_urn = 900002;
select is(t.fetch('a', :one), 'DS403', 'nor by a client that sees a school less');
select is(t.get('a', format('select token from data.export_link(%s)', :one), 'doorstep_reports'), 'DS403', 'which makes no link, either');
insert into auth.client_school values ('a', 900002);

-- By link
create function t.link(export bigint) returns text
language sql return t.hash(t.get('a', format('select token from data.export_link(%s)', export), 'doorstep_reports'));
create function t.by_link(hash text) returns text
language plpgsql
as $$
declare
	content text;
	export  bigint;
begin
	perform set_config('session_authorization', 'doorstep_reports', true), set_config('doorstep.request_id', 'r', true);
	select o.export_id into export from data.export_open_by_link(hash) o;
	select string_agg(convert_from(p, 'UTF8'), '') into content from data.export_pieces(export) as p;
	set local session authorization default;
	return content;
exception when others then
	set local session authorization default;
	return sqlstate;
end;
$$;
select t.link(:one) as first, t.link(:one) as second \gset
select is(t.by_link(:'first'), 'DS404', 'another link takes the place of the first');
select is(t.by_link(:'second'), 'one, two', 'the link answers the file, without a token');
select is(t.by_link(:'second'), 'DS404', 'once');
select is((select count(*) from audit.access where client_id = 'a' and filters ->> 'by' = 'link'), 1::bigint, 'which leaves an access entry');
select t.link(:one) as third \gset
update data.export set link_until = now() where export_id = :one;
select is(t.by_link(:'third'), 'DS404', 'a link whose time is over is none');
select t.link(:one) as fourth \gset
update auth.client set disabled_at = now() where client_id = 'a';
select is(t.by_link(:'fourth'), 'DS404', 'nor is one of a client that was shut out');
update auth.client set disabled_at = null, scopes = '{exports:read}' where client_id = 'a';
select is(t.by_link(:'fourth'), 'DS403', 'or that has lost a scope');
update auth.client set scopes = '{visits:read,records:read,exports:read,exports:write,schedules:read,schedules:write}' where client_id = 'a';
update auth.token set revoked_at = null where client_id = 'a'; -- signed in again
select is_empty($$ select from audit.entry e where e.record = 'data.export' and (e.after ? 'link_hash' or e.before ? 'link_hash') $$,
	'the trail has no hash of a link');

-- In the transaction that was let in, and in no other
select is((select count(*) from data.export_opening where export_id = :one and opened_by = pg_current_xact_id()), 1::bigint, 'this one was');
update data.export_opening set opened_by = '1' where export_id = :one;
select is(t.get('a', format('select count(*) from data.export_pieces(%s)', :one), 'doorstep_reports'), '0', 'who was not let in reads no piece');

-- The end
update data.export set expires_at = now() where export_id = :one;
select is(t.fetch('a', :one), 'DS409', 'an expired file is not fetched, though nobody has tidied yet');
select t.makes('select data.exports_tidy()') \gset
select is((select count(*) from data.export_piece where export_id = :one), 0::bigint, 'its pieces are gone');
select is((select count(*) from data.export_opening where export_id = :one), 0::bigint, 'and who was let in');
select is((select state from data.export where export_id = :one), 'expired', 'and it says so');
select t.asks('a') as lost \gset
select t.made() \gset
delete from data.export_piece where export_id = :lost;
select is(t.fetch('a', :lost), 'DS409', 'what a crash took is not passed off as a file');
select t.link(:lost) \gset
select t.makes('select data.exports_tidy()') \gset
select is(t.get('a', format('select concat_ws('' '', state, file, rows, sha256, expires_at) from api.export_read(%s)', :lost), 'doorstep_reports'),
	'waiting', 'it waits again');
select t.made() \gset
select is(t.fetch('a', :lost), 'one, two', 'and is made again');

-- What goes wrong
select t.asks('a') as broken \gset
select t.makes('select export_id from data.export_claim()') \gset
select set_config('application_name', 'psql', false) \gset
select t.makes('select data.exports_tidy()') \gset
select is((select state from data.export where export_id = :broken), 'running', 'what was begun just now is left alone');
update data.export set started_at = now() - interval '1 minute' where export_id = :broken;
select t.makes('select data.exports_tidy()') \gset
select is((select state from data.export where export_id = :broken), 'waiting', 'what nobody works on any more waits again');
select is((select problem || ' ' || tries from data.export where export_id = :broken), 'It was broken off. 1', 'and says why');
select is(t.makes('select export_id from data.export_claim()'), null, 'but not at once');
select matches(t.get('a', format('select next_try_at from api.export_read(%s)', :broken), 'doorstep_reports'), '^20', 'which it says');
-- Whether it waits that many minutes after so many tries, less up to a tenth, or what has become of it.
create function t.pause_after(export bigint, tried int, minutes int, why text) returns text
language plpgsql
as $$
declare
	its data.export;
begin
	update data.export e set state = 'running', tries = tried where e.export_id = export;
	perform t.makes(format('select data.export_again(%s, %L)', export, why));
	select e.* into its from data.export e where e.export_id = export;
	return case when its.next_try_at between clock_timestamp() + 0.89 * minutes * interval '1 minute'
		and clock_timestamp() + minutes * interval '1 minute' then its.state || ' ' || minutes else its.state::text end;
end;
$$;
select is((select string_agg(t.pause_after(:broken, n::int, minutes, 'It was broken off.'), ' ' order by n)
             from unnest('{1,2,4,0}'::int[]) with ordinality as p (minutes, n)),
	'waiting 1 waiting 2 waiting 4 failed', 'the pauses grow; four tries, and no more');
select is((select problem from data.export where export_id = :broken),
	'It was broken off. It was tried 4 times: ask for less, or tell who runs Doorstep.', 'then it says so');
select t.asks('b') as denied \gset
update auth.client set scopes = '{exports:write}' where client_id = 'b';
select is(t.makes('select export_id from data.export_claim()'), null, 'what its client may not export any more is not made');
select is((select state || ': ' || problem from data.export where export_id = :denied), 'failed: The client may not export this any more: it has lost the scope visits:read.', 'and says so');
update auth.client set scopes = '{visits:read,exports:read,exports:write,schedules:read,schedules:write}' where client_id = 'b';
update auth.token set revoked_at = null where client_id = 'b'; -- signed in again
select t.asks('b') as gone \gset
select t.makes('select export_id from data.export_claim()') \gset
select is(t.makes(format('select data.export_working(%s, ''5 rows'')', :gone)), 'true', 'what runs is wanted');
select t.run('b', format('select * from api.export_call_off(%s)', :gone), 'doorstep_reports') \gset
select is(t.makes(format('select data.export_working(%s, ''6 rows'')', :gone)), 'false', 'until it is called off');
select is(t.makes(format('select data.export_done(%s, ''x'', ''x'', 0, 0, ''%s'', true)', :gone, t.hash('x'))), 'false', 'then it is not kept');

-- The scope to have exports made, and that for schedules
select t.asks('b') as asked \gset
insert into data.schedule (client_id, scopes, path, every, at_time, folder, next_at)
values ('b', '{visits:read}', '/api/v1/reports/visit-log.csv', 'day', '06:30', 'x', 'infinity') returning schedule_id as planned \gset
insert into data.export (client_id, schedule_id, scopes, path, request_id)
values ('b', :planned, '{visits:read}', '/api/v1/reports/visit-log.csv', 'r') returning export_id as planned_one \gset
update auth.client set scopes = '{visits:read,exports:read,schedules:write}' where client_id = 'b';
select is(t.makes('select export_id from data.export_claim()'), :'planned_one', 'who may have schedules only, has them made, and nothing else');
select is((select problem from data.export where export_id = :asked), 'The client may not export this any more: it has lost the scope exports:write.',
	'which says what is missing');
insert into data.export (client_id, schedule_id, scopes, path, request_id)
values ('b', :planned, '{visits:read}', '/api/v1/reports/visit-log.csv', 'r') returning export_id as planned_two \gset
update auth.client set scopes = '{visits:read,exports:read,exports:write}' where client_id = 'b';
select is(t.makes('select export_id from data.export_claim()'), null, 'and the other way round');
select is((select problem from data.export where export_id = :planned_two), 'The client may not export this any more: it has lost the scope schedules:write.',
	'which says so, too');
update auth.client set scopes = '{visits:read,exports:read,exports:write,schedules:read,schedules:write}' where client_id = 'b';
update auth.token set revoked_at = null where client_id = 'b'; -- signed in again

-- The token of what is made
create function t.token_of(export bigint) returns bytea
language sql return (select e.token_hash from data.export e where e.export_id = export);
create function t.holds(token bytea) returns boolean
language sql return (select k.revoked_at is null from auth.token k where k.token_hash = token);
select t.token_of(:planned_one) as token \gset
select is(t.holds(:'token'), true, 'while it is made its token holds');
select t.makes(format('select data.export_again(%s, null)', :planned_one)) \gset
select is(t.holds(:'token'), false, 'not when it was put back');
select t.makes('select export_id from data.export_claim()'), t.token_of(:planned_one) as token \gset
select t.makes(format('select data.export_fail(%s, ''x'')', :planned_one)) \gset
select is(t.holds(:'token'), false, 'nor when it has failed');
select t.asks('b') as asked, t.makes('select export_id from data.export_claim()') \gset
select t.token_of(:asked) as token, t.run('b', format('select * from api.export_call_off(%s)', :asked), 'doorstep_reports') \gset
select is(t.holds(:'token'), false, 'nor when it was called off');
insert into data.export (client_id, schedule_id, scopes, path, request_id)
values ('b', :planned, '{visits:read}', '/api/v1/reports/visit-log.csv', 'r') returning export_id as planned_two \gset
select t.makes('select export_id from data.export_claim()') \gset
select t.token_of(:planned_two) as token, t.run('b', format('select * from api.schedule_end(%s)', :planned), 'doorstep_reports') \gset
select is(t.holds(:'token'), false, 'nor when its schedule was ended');
select is((select count(*) from data.export where token_hash is not null), 0::bigint, 'and it is not kept');

-- Each client in its turn
select array_agg(t.asks('a')) as of_a, t.asks('b') as of_b from generate_series(1, 3) \gset
select is((select string_agg(t.makes('select client_id from data.export_claim()'), '' order by n) from generate_series(1, 4) as n),
	'abaa', 'who has many that wait keeps nobody else waiting');
select t.run(client_id, format('select * from api.export_call_off(%s)', export_id), 'doorstep_reports')
  from data.export where state in ('waiting', 'running') \g /dev/null

-- One that is in the way keeps no other from being tidied
select t.asks('a') as first, t.made() \gset
select t.asks('a') as second, t.made() \gset
update data.export set expires_at = now() - export_id * interval '1 second' where export_id in (:first, :second);
create function t.stand_in_the_way() returns trigger language plpgsql as 'begin raise ''no''; end';
select format('create trigger t before update on data.export for each row when (new.export_id = %s) execute function t.stand_in_the_way()', :second) \gexec
insert into data.schedule (client_id, scopes, path, every, at_time, folder, next_at)
values ('b', '{visits:read}', '/api/v1/reports/visit-log.csv', 'day', '06:30', 'x', now()) returning schedule_id as planned \gset
insert into data.schedule (client_id, scopes, path, every, at_time, folder, next_at)
values ('b', '{visits:read}', '/api/v1/reports/wrong.csv', 'day', '06:30', 'x', '-infinity') returning schedule_id as wrong \gset
create trigger wrong before insert on data.export for each row when (new.path ~ 'wrong') execute function t.stand_in_the_way();
update data.schedule set next_at = now() - interval '1 day' where schedule_id = :wrong;
set client_min_messages = error;
select t.makes('select data.exports_tidy()') \gset
reset client_min_messages;
select is((select state from data.export where export_id = :first), 'expired', 'what has expired is thrown away though another cannot be');
select is((select count(*) from data.export where schedule_id = :planned), 1::bigint, 'what is due is asked for though another cannot be');
drop trigger t on data.export;
drop trigger wrong on data.export;
select t.run('b', format('select * from api.schedule_end(%s)', schedule_id), 'doorstep_reports') from data.schedule where ended_at is null \g /dev/null

-- Schedules: when
select is(data.schedule_next('day', null, '06:30', '2026-01-12T06:30Z'), '2026-01-13T06:30Z'::timestamptz, 'every day at its time, not twice');
select is(data.schedule_next('day', null, '06:30', '2026-06-12T05:00Z'), '2026-06-12T05:30Z'::timestamptz, 'in the time of the United Kingdom');
select is(data.schedule_next('weekday', null, '06:30', '2026-01-16T12:00Z'), '2026-01-19T06:30Z'::timestamptz, 'after a Friday comes Monday');
select is(data.schedule_next('week', 7, '06:30', '2026-01-12T12:00Z'), '2026-01-18T06:30Z'::timestamptz, 'of a week its day');
select is(data.schedule_next('month', 31, '06:30', '2026-01-31T12:00Z'), '2026-02-28T06:30Z'::timestamptz, 'of a month its last day where it is short');
select is(data.schedule_next('day', null, '01:30', '2026-03-28T12:00Z'), '2026-03-29T01:30Z'::timestamptz, 'a time that the clocks leave out comes an hour later');
select is(data.schedule_next('day', null, '01:30', '2026-10-25T00:00Z'), '2026-10-25T01:30Z'::timestamptz, 'one that comes twice is taken once');

-- Schedules: for which days
select is((select string_agg(format('%s %s..%s', w, d."first", d."last"), ', ' order by w)
             from unnest(enum_range(null::data.schedule_window)) as w, data.schedule_days(w, '2026-03-04') d),
	'yesterday 2026-03-03..2026-03-03, last_7_days 2026-02-25..2026-03-03, last_week 2026-02-23..2026-03-01, '
	'last_month 2026-02-01..2026-02-28, school_year 2025-08-01..2026-03-03', 'each window is of whole days that are over');
select is((select d."first" from data.schedule_days('school_year', '2026-08-01') d), '2025-08-01'::date,
	'on the first day of a school year its window is the year before');

-- Schedules: by whom, and what becomes of them
create function t.schedule(client text, more jsonb) returns text
language sql
return t.get(client, format('select id from api.schedule_add(%L)', '{"path": "/api/v1/reports/visit-log.csv?school=900001",
	"scope": "visits:read", "every": "day", "at": "06:30"}'::jsonb || more), 'doorstep_reports');
select is(t.schedule('b', more::jsonb), 'DS422', 'is refused: ' || more)
  from unnest(array['{}', '{"folder": "x", "staff": 1}', '{"folder": "../x"}', '{"folder": "x", "at": "25:00"}',
	'{"folder": "x", "on_day": 1}', '{"folder": "x", "every": "week"}']) as more;
select is(t.schedule('b', jsonb_build_object('staff', :silent)), 'DS422', 'who has no address is not written to');
select is(t.schedule('b', jsonb_build_object('staff', :elsewhere)), 'DS422', 'nor is who is at a school that the client does not see');
select is(t.schedule('b', jsonb_build_object('staff', :head) || more::jsonb), 'DS422', 'nor who could not read it: ' || more)
  from unnest(array['{"path": "/api/v1/reports/visit-log.csv?school=900002"}', '{"path": "/api/v1/reports/visit-log.pdf"}']) as more;
select t.staff('S7', 900001, 'Visitor', '{visitor}') as visitor, t.staff('S8', 900001, 'Officer', '{compliance_officer}') as trusted \gset
update data.staff set email = staff_code || '@school.test' where staff_id in (:silent, :visitor, :trusted);
select is(t.schedule('b', jsonb_build_object('staff', :silent)), 'DS422', 'nor who cannot sign in');
select t.person('visitor', :visitor, 900001), t.person('trusted', :trusted, null), t.client('whole', null, '{visits:read,records:read,concerns:read,schedules:write}') \g /dev/null
select is(t.schedule('b', jsonb_build_object('staff', :visitor)), 'DS422', 'nor in a format that they may not take away');
select is(t.schedule('b', jsonb_build_object('staff', :trusted)), 'DS422', 'nor who reads the whole trust, for a client that sees less');
create function t.reader(staff bigint, path text, client text, scope text default 'visits:read') returns text
language sql return (select concat_ws(' ', coalesce(r.school::text, 'trust'), (select string_agg(s, ',') from unnest(r.own_scopes) as s where s = scope), cardinality(r.formats))
	from data.export_reader(staff, path, scope, client) r);
select is(t.reader(:trusted, '/api/v1/reports/visit-log.csv?school=900002', 'whole'), 'trust 5', 'who reads the whole trust reads of any school');
select is(t.reader(:trusted, '/api/v1/reports/visit-log.csv', 'whole', 'concerns:read'), null, 'but nothing that takes a reason, which nobody is there to say');
select is(t.reader(:visitor, '/api/v1/reports/visit-log.html', 'whole'), '900001 visits:read 1', 'a visitor their own visits');
update data.post set left_on = data.day_of(now()) - 1 where staff_id = :trusted;
insert into data.post (staff_id, school_urn, roles) values (:head, 900002, '{dsl}');
select is(t.reader(:head, '/api/v1/reports/visit-log.csv' || query, client), school, format('who is at two schools, asked by %s: "%s"', client, query))
  from (values ('', 'whole', '900001 5'), ('?school=900002', 'whole', '900002 5'), ('?school=900002', 'b', null), ('', 'b', '900001 5'), ('?from=2026-01-01&school=900002', 'a', '900002 5')) as v (query, client, school);
update auth.client set disabled_at = now() where client_id = 'head';
select is(t.reader(:head, '/api/v1/reports/visit-log.csv', 'b'), null, 'nobody who was shut out');
update auth.client set disabled_at = null where client_id = 'head';
select t.schedule('b', jsonb_build_object('staff', :head, 'window', 'yesterday')) as mail \gset
select is(t.run('a', format('select * from api.schedule_end(%s)', :mail), 'doorstep_reports'), 'DS404', 'another client does not end it');
update data.schedule set next_at = date_trunc('day', now()) - interval '10 days' + interval '6:30' where schedule_id = :mail;
select t.makes('select data.exports_tidy()') \gset
select is((select count(*) from data.export where schedule_id = :mail), 1::bigint, 'after a downtime it is made once');
select ok((select next_at > now() from data.schedule where schedule_id = :mail), 'and then at its time');
select matches((select path from data.export where schedule_id = :mail), '^/api/v1/reports/visit-log\.csv\?school=900001&from=(20\d\d-\d\d-\d\d)&to=\1$',
	'its path has the window');
select t.makes('select export_id from data.export_claim()') as mailed \gset
select is((select concat_ws(' ', k.client_id, k.acting_at, k.scopes = (select scopes from auth.rights_of(:head, 900001)), 'visits:read' = any (k.own_scopes), k.formats)
             from auth.token k join data.export e using (token_hash) where e.export_id = :mailed), 'head 900001 f f {csv,html,ndjson,xlsx,xml}', 'it is made with the rights of whom it is for');
select set_eq(format($$ select unnest(scopes) from data.export where export_id = %s $$, :mailed), format($$ select unnest(scopes) from auth.rights_of(%s, 900001) $$, :head), 'with all of them');
select t.makes(format('select data.export_again(%s, null)', :mailed)), t.made() \gset
select set_eq(format($$ select d.address, watch.link(n) = 'api/v1/exports/' || e.export_id as link,
	watch.words(n) ~ '^Sign in to fetch the report visit-log\.csv before' as words from data.export e join data.notification n using (export_id)
	join data.delivery d using (notification_id) where e.schedule_id = %s $$, :mail),
	$$ values ('head@school.test', true, true) $$, 'who is to be told is told where it is, and nobody else');
select ok((select expires_at > now() + interval '71 hours' from data.export where schedule_id = :mail), 'it waits for them three days');
create function t.told(export bigint) returns text
language sql return (select concat_ws(' ', n.school_urn, n.resolution) from data.notification n where n.export_id = export order by n.notification_id desc limit 1);
select is(t.told(:mailed), '900001', 'they are told until it is settled');
select is(t.fetch('b', :mailed), 'DS403', 'it is not for the client, which may not all that they may');
select is(t.get('b', format('select schedule from api.export_read(%s)', :mailed), 'doorstep_reports'), :'mail', 'but follows it');
select is(t.run('visitor', 'select from api.export_list()', 'doorstep_reports') || ', ' || t.fetch('visitor', :mailed), '0 rows, DS404', 'nor for anybody else');
select is(t.get('head', 'select id from api.export_list()', 'doorstep_reports'), :'mailed', 'whom it is for finds it');
select t.person('head', :head, 900002) \g /dev/null
select is(t.fetch('head', :mailed) || ' ' || t.why('head', format('select data.export_open(%s)', :mailed), 'doorstep_reports'),
	'DS403 It was made for who acts at school 900001: choose that place, then fetch it.', 'but has it where they acted alone');
select t.person('head', :head, 900001) \g /dev/null
select is(t.run('head', format('select data.export_call_off(%s)', :mailed), 'doorstep_reports'), 'DS404', 'does not call it off');
select is(t.get('head', $$ select count(*) from audit.entry_list("table" => 'data.schedule') where state = 'present' $$, 'doorstep_audit'), '0',
	'reads no schedule in the trail');
update data.export set made_as = 'b' where export_id = :mailed;
select is(t.fetch('head', :mailed), 'DS404', 'has none that was made with what the client may read');
update data.export set made_as = 'head' where export_id = :mailed;
select is(t.fetch('head', :mailed), 'one, two', 'and fetches it');
select is((select string_agg(client_id, ' ') from audit.access where filters ->> 'export' = :'mailed'), 'head', 'which leaves an access entry');
select is(t.told(:mailed), '900001 It was fetched.', 'which settles it');
update data.notification set resolved_at = null, resolution = null where export_id = :mailed;
update data.export set expires_at = now() where export_id = :mailed;
select t.makes('select data.exports_tidy()') \gset
select is(t.told(:mailed), '900001 It has expired.', 'or that it expires');
select is(t.run('b', format('select * from api.schedule_end(%s)', :mail), 'doorstep_reports'), '1 rows', 'a schedule is ended');
update data.schedule set next_at = now() - interval '1 day' where schedule_id = :mail;
select t.makes('select data.exports_tidy()') \gset
select is((select count(*) from data.export where schedule_id = :mail), 1::bigint, 'and asks for nothing any more');
select is(t.run('b', format('select * from api.schedule_end(%s)', :mail), 'doorstep_reports'), 'DS409', 'once');


-- Who may not read it any more
select t.schedule('b', jsonb_build_object('staff', :head)) as lost \gset
update data.schedule set next_at = now() - interval '1 minute' where schedule_id = :lost;
select t.makes('select data.exports_tidy()') \gset
update data.post set roles = '{governor}' where staff_id = :head and school_urn = 900001;
select is(t.makes('select export_id from data.export_claim()'), null, 'nothing is made for who has lost the right to it');
select is((select problem from data.export where schedule_id = :lost), 'Whom it is for may not read it any more, or not in this format.', 'and it is said why');
select is((select words from data.notification n join data.export e using (export_id) where e.schedule_id = :lost), format('The report visit-log.csv of schedule %s could not be made: the client b, whose it is, is told why.', :lost), 'not to them, who cannot mend it');
update data.post set roles = '{headteacher}' where staff_id = :head and school_urn = 900001;
delete from data.post where staff_id = :head and school_urn = 900002;
select t.run('b', format('select * from api.schedule_end(%s)', :lost), 'doorstep_reports') \g /dev/null

-- Who has no address any more stands in nobody's way
select t.schedule('b', jsonb_build_object('staff', :head)) as silenced \gset
update data.schedule set next_at = now() - interval '1 minute' where schedule_id = :silenced;
select t.makes('select data.exports_tidy()') \gset
update data.staff set email = null where staff_id = :head;
select t.made() \gset
select is((select state from data.export where schedule_id = :silenced), 'done', 'it is made, though nobody can be told');
select t.asks('b') as stopped \gset
select t.makes('select export_id from data.export_claim()') \gset
select t.makes(format('select data.export_again(%s, null)', :stopped)) \gset
select is((select state::text || tries from data.export where export_id = :stopped), 'waiting0', 'to be told to stop is no try');
select is(t.made() is not null, true, 'and it goes on at once');

-- What was to go into a folder, and cannot
select t.school(900004), t.school(900000), t.staff('S5', 900001, 'Officer', '{compliance_officer}') as officer \gset
update data.staff set email = 'officer@school.test' where staff_id = :officer;
insert into auth.client_school values ('a', 900004);
select t.schedule('a', '{"folder": "x", "path": "/api/v1/reports/visit-log.csv"}') as folder \gset
update data.schedule set next_at = now() - interval '1 minute' where schedule_id = :folder;
select t.makes('select data.exports_tidy()') \gset
select export_id as unwritable from data.export where schedule_id = :folder \gset
select is((select string_agg(t.pause_after(:unwritable, n::int, minutes, 'It could not be put into the folder x: No such file.'), ' ' order by n)
             from unnest('{1,2,4,8,16,32,60,60,0}'::int[]) with ordinality as p (minutes, n)),
	'waiting 1 waiting 2 waiting 4 waiting 8 waiting 16 waiting 32 waiting 60 waiting 60 failed', 'is tried for three hours');
select set_eq(format($$ select n.school_urn, n.words, d.address from data.notification n join data.delivery d using (notification_id)
	where n.export_id = %s $$, :unwritable), format($$ values (900001, 'The report visit-log.csv of schedule %s could not be made: the client a, whose it is, is told why.',
	'officer@school.test') $$, :folder), 'then the compliance officer is told, where the client sees one');
update data.schedule set next_at = now() - interval '1 minute' where schedule_id = :folder;
select t.makes('select data.exports_tidy()'), t.made(false) \gset
select is(t.told(:unwritable), '900001 It was made again.', 'until it goes well again');
select is((select count(*) from data.notification n join data.export e using (export_id) where e.schedule_id = :folder), 1::bigint,
	'of what is in its folder nobody is told');

-- Who is at several schools is told at one that the client sees
select t.staff('S6', 900000, 'Wide') as wide \gset
insert into data.post (staff_id, school_urn, roles) values (:wide, 900001, '{dsl}');
select t.person('wide', :wide, 900001) \g /dev/null
update data.staff set email = 'wide@school.test' where staff_id = :wide;
select t.schedule('b', jsonb_build_object('staff', :wide)) as wide_one \gset
update data.schedule set next_at = now() - interval '1 minute' where schedule_id = :wide_one;
select t.makes('select data.exports_tidy()'), t.made() \gset
select is(t.told(export_id), '900001', 'not at one that it does not') from data.export where schedule_id = :wide_one;

select * from finish();
rollback;
