-- The feed of changes: what each kind of change gives, and to whom.  Run by
-- changes.sh; each statement is a transaction of its own, since what is told is
-- what was committed.
\ir helpers.sql
select plan(56);

\set scopes {changes:read,visits:read,visits:write,pupils:read,staff:read}
select t.school(900001, null), t.school(900002, null), t.client('a', '{900001}', :'scopes'),
       t.client('b', '{900002}', :'scopes'), t.client('all', null, :'scopes'), t.client('none', '{}', :'scopes'),
       t.client('visits', '{900001}', '{changes:read,visits:read,visits:write}'),
       t.client('staff', '{900001}', '{changes:read,visits:read,staff:read}'),
       t.client('writes', '{900001}', '{changes:read,visits:read,visits:write,pupils:write,staff:write}') \gset

-- What a client is told since the mark: "action record key was previous schools version".
create table t.at (token text);
create function t.mark() returns void language sql
begin atomic
	delete from t.at;
	insert into t.at select api.change_token(h.mark, h.newest) from data.change_head() as h;
end;
create function t.short(key jsonb) returns text language sql
return coalesce(key ->> 'upn', key ->> 'staff_code', (key ->> 'school_urn') || ' ' || (key ->> 'planned_start'));
create function t.told(client text, more text default '') returns text language sql
return (select t.get(client, format($$ select coalesce(string_agg(concat_ws(' ', c.action, c.record, t.short(c.key),
		'was ' || t.short(c.previous_key), translate(c.school_urns::text, '[] ', '{}'), 'v' || c.version), '; '), '')
	from api.change_read(after => %L %s) as page, json_to_recordset(page.data) as c (action text, record text, key jsonb,
		previous_key jsonb, school_urns json, version int) $$, token, more), 'doorstep_register') from t.at);
grant usage on schema t to doorstep_register;
grant execute on function t.short(jsonb) to doorstep_register;

-- What each kind of change gives
select t.mark() \gset
begin;
select t.pupil(1, 900001) as pupil, t.staff('S1', 900001) as staff \gset
select is(t.told('all'), '', 'what is not committed is not told');
commit;
select is(t.told('all'), format('created pupil %s {900001} v1; created staff S1 {900001} v1', t.upn(1)), 'who is new is told, once');
select t.mark(), t.visit(900001, :pupil, :staff) as visit \gset
select is(t.told('all'), 'created visit 900001 2026-01-13T09:30:00Z {900001} v1', 'a visit that is planned, with school and start');
select is((select record_id from data.change where record = 'visit'), :visit::bigint, 'and its number');
select t.mark(), t.run('a', format('select api.visit_change(%s, %L, %L)', :visit, '{*}', '{"planned_start": "2026-01-13T09:15:00.5Z"}')) \gset
select is(t.told('all'), 'updated visit 900001 2026-01-13T09:15:00.5Z was 900001 2026-01-13T09:30:00Z {900001} v2',
	'a visit that is put off, with its key before');
select is((select key from data.change order by position desc, change_id desc limit 1), (select jsonb_build_object('school_urn', 900001,
	'planned_start', '2026-01-13T09:15:00.5Z')), 'a time is as the API writes it');
select t.mark(), t.run('a', format('select api.visit_change(%s, %L, %L)', :visit, '{*}', '{"team": [{"name": "X", "lead": true}]}')) \gset
select is(t.told('all'), 'updated visit 900001 2026-01-13T09:15:00.5Z {900001} v3', 'a team that changes, without');
select t.mark(), t.run('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "departed", "at": "2026-01-13T09:10:00Z"}')) \gset
select is(t.told('all'), 'updated visit 900001 2026-01-13T09:15:00.5Z {900001} v4', 'a departure');

select t.mark() \gset
update data.pupil set family_name = 'Other' where pupil_id = :pupil;
update data.staff set family_name = 'Other' where staff_id = :staff;
select is(t.told('all'), format('updated pupil %s {900001} v2; updated staff S1 {900001} v2', t.upn(1)), 'particulars that change');
select t.mark() \gset
update data.pupil set upn = t.upn(2) where pupil_id = :pupil;
update data.staff set staff_code = 'S2' where staff_id = :staff;
select is(t.told('all'), format('updated pupil %s was %s {900001} v3; updated staff S2 was S1 {900001} v3', t.upn(2), t.upn(1)),
	'keys that change, each with the one before');
select t.mark() \gset
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:pupil, 900002, '2025-09-01');
insert into data.post (staff_id, school_urn, roles) values (:staff, 900002, '{visitor}');
select is(t.told('b'), format('updated pupil %s {900002} v4; updated staff S2 {900002} v4', t.upn(2)), 'who comes to a school is told to it');
select is(t.told('a'), format('updated pupil %s {900001} v4; updated staff S2 {900001} v4', t.upn(2)), 'each client with the schools that it sees');
select is(t.told('all'), format('updated pupil %s {900001,900002} v4; updated staff S2 {900001,900002} v4', t.upn(2)), 'who sees both, with both');
select t.mark() \gset
delete from data.enrolment where pupil_id = :pupil and school_urn = 900002;
delete from data.post where staff_id = :staff and school_urn = 900002;
select is(t.told('b'), format('updated pupil %s {900002} v5; updated staff S2 {900002} v5', t.upn(2)), 'who leaves a school is told to it once more');
select t.mark() \gset
update data.post set school_urn = 900002 where staff_id = :staff;
select is(t.told('a') || '; ' || t.told('b'), 'updated staff S2 {900001} v6; updated staff S2 {900002} v6', 'also who is moved');
update data.post set school_urn = 900001 where staff_id = :staff;
select t.mark() \gset
update data.pupil set family_name = 'Third' where pupil_id = :pupil;
select is(t.told('b'), '', 'and then no longer');
select is(t.told('a'), format('updated pupil %s {900001} v6', t.upn(2)), 'but where they still are');

-- Once a transaction
select t.mark() \gset
begin;
update data.pupil set family_name = 'A' where pupil_id = :pupil;
update data.pupil set upn = t.upn(3) where pupil_id = :pupil;
update data.enrolment set year_group = '5' where pupil_id = :pupil;
commit;
select is(t.told('a'), format('updated pupil %s was %s {900001} v9', t.upn(3), t.upn(2)), 'what one transaction changes is one change');
select t.mark() \gset
begin;
update data.pupil set upn = t.upn(4) where pupil_id = :pupil;
update data.pupil set upn = t.upn(3) where pupil_id = :pupil;
commit;
select is(t.told('a'), format('updated pupil %s {900001} v11', t.upn(3)), 'a key that is as it was is none that changed');
select t.mark() \gset
begin;
select t.pupil(5, 900001) as other \gset
update data.pupil set upn = t.upn(6) where pupil_id = :other;
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:other, 900002, '2025-09-01');
commit;
select is(t.told('all'), format('created pupil %s {900001,900002} v3', t.upn(6)), 'what is made and changed was made');
select t.mark() \gset
begin;
delete from data.enrolment where pupil_id = :other;
delete from data.pupil where pupil_id = :other;
commit;
select is(t.told('a'), format('deleted pupil %s {900001} v5', t.upn(6)), 'what is deleted is told with its key to who saw it');
select is(t.told('b'), format('deleted pupil %s {900002} v5', t.upn(6)), 'to each of its schools');
select t.mark() \gset
begin;
select t.staff('S7', 900001) as brief \gset
delete from data.post where staff_id = :brief;
delete from data.staff where staff_id = :brief;
commit;
select is(t.told('a'), 'deleted staff S7 {900001} v2', 'what is made and deleted in one is told as deleted');
select t.mark() \gset
begin;
create temporary table again on commit drop as select * from data.staff where staff_id = :staff;
create temporary table posts on commit drop as select * from data.post where staff_id = :staff;
delete from data.post where staff_id = :staff;
delete from data.staff where staff_id = :staff;
insert into data.post select * from posts;
insert into data.staff select * from again;
commit;
select is(t.told('a'), 'updated staff S2 {900001} v7', 'what is deleted and made again is told as changed');

-- Nothing
select t.mark() \gset
begin;
update data.pupil set family_name = 'Undone' where pupil_id = :pupil;
savepoint s;
update data.staff set family_name = 'Undone' where staff_id = :staff;
rollback to s;
rollback;
select is(t.told('all'), '', 'what is rolled back is not told');
begin;
savepoint s;
update data.staff set family_name = 'Undone' where staff_id = :staff;
rollback to s;
update data.pupil set family_name = 'Done' where pupil_id = :pupil;
commit;
select is(t.told('all'), format('updated pupil %s {900001} v12', t.upn(3)), 'not even of a part');
select t.mark(), t.visit(900001, :pupil, :staff) as plan \gset
select t.mark(), t.run('a', format('select api.visit_change(%s, %L, %L)', :plan, '{*}', '{"purpose": "attendance"}')) as changed \gset
select is(:'changed' || ' ' || t.told('all'), '1 rows ', 'a change of nothing is none');
select is((select version from data.visit where visit_id = :plan), 1::bigint, 'and makes no version');
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility) values (:pupil, 'A', 'B', 'aunt', true);
select is(t.told('all'), '', 'nor is what is not in the feed');

-- To whom
select t.mark() \gset
select t.visit(900002, :pupil, :staff) as theirs, t.visit(900001, :pupil, :staff) as visit, t.pupil(8, 900001), t.staff('S8', 900001) \gset
select is(t.told('a'), format('created visit 900001 2026-01-13T09:30:00Z {900001} v1; created pupil %s {900001} v1; created staff S8 {900001} v1', t.upn(8)),
	'a client is told of its schools');
select is(t.told('b'), 'created visit 900002 2026-01-13T09:30:00Z {900002} v1', 'another of others');
select is(t.told('none'), '', 'one of no school of nothing');
select is(t.told('visits'), 'created visit 900001 2026-01-13T09:30:00Z {900001} v1', 'who may read visits is told of visits');
select is(t.told('staff'), 'created visit 900001 2026-01-13T09:30:00Z {900001} v1; created staff S8 {900001} v1', 'and who may read staff of staff, not of pupils');
select is(t.told('writes'), 'created visit 900001 2026-01-13T09:30:00Z {900001} v1', 'to write is not to read');
select is(t.run('a', 'select 1 from data.change where not schools && $${900001}$$', 'doorstep_register'), '0 rows', 'nor by hand');
select is(t.told('a', ', record => $$staff$$'), 'created staff S8 {900001} v1', 'one kind can be asked for');
select is(t.told('all', ', school => 900002'), 'created visit 900002 2026-01-13T09:30:00Z {900002} v1', 'one school');
select t.mark() \gset
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:pupil, 900002, '2024-09-01');
select is(t.told('a', ', school => 900002'), '', 'asking for a school that is not seen does not tell who is there');

-- Pages and tokens
select t.mark() \gset
select token as first from t.at \gset
select count(t.pupil(n, 900001)) from generate_series(11, 14) as n \gset
select t.pupil(15, 900001) as last \gset
create function t.page(client text, more text, what text) returns text language sql
return t.get(client, format('select %s from api.change_read(%s) as c', what, more), 'doorstep_register');
select is(t.page('all', format('after => %L, "limit" => 2', :'first'), 'json_array_length(data) || $$ $$ || more'), '2 true', 'a page is as long as asked for');
select t.page('all', format('after => %L, "limit" => 2', :'first'), 'token') as second \gset
select is(t.page('all', format('after => %L, "limit" => 2', :'first'), 'data -> 1 ->> $$token$$'), :'second', 'its token is that of its last change');
select is(t.page('all', format('after => %L, "limit" => 2', :'first'), 'next'), format('/api/v1/changes?after=%s&limit=2', :'second'), 'with which it goes on');
select is(t.page('all', format('after => %L', :'second'), 'json_array_length(data) || $$ $$ || more || $$ $$ || (token = ceiling)'), '3 false true',
	'then the rest, and the token is the ceiling');
select is(t.page('all', format('after => %L, until => %L', :'first', :'second'), 'json_array_length(data) || $$ $$ || more || $$ $$ || (token = $$' || :'second' || '$$)'),
	'2 false true', 'it can be told where to stop');
select is(t.page('all', format('after => %L, until => %L', :'second', :'first'), 'json_array_length(data) || $$ $$ || more || $$ $$ || (token = $$' || :'second' || '$$)'),
	'0 false true', 'and where that is before the start there is nothing');
select is(t.page('all', format('after => %L', token), 'count(*)'), state, format('%s is refused', what))
  from (values ('x', 'DS431', 'no token'), ('', 'DS431', 'an empty one'), (upper(:'first'), 'DS431', 'another spelling'), (:'first' || ' ', 'DS431', 'more than a token'),
	('0123456789ab-1-1', 'DS410', 'that of another database'),
	(data.change_mark() || '-999999999-1', 'DS410', 'one of a time to come')) as v (token, state, what);
select is(t.why('all', 'select api.change_read(until => $$x$$)', 'doorstep_register') like '%"until"%', true, 'with the parameter''s name');

-- Few among many: a page is short, and there is more.
select t.mark() \gset
insert into data.change (position, made_in, record, record_id, action, key, schools, version)
select data.change_begins() + pg_current_xact_id()::text::bigint, data.change_begins() + pg_current_xact_id()::text::bigint, 'pupil', 1000000 + n,
       'created', '{}', '{900002}', 1 from generate_series(1, 5000) as n;
select is(t.page('a', format('after => %L', token), 'json_array_length(data) || $$ $$ || more || $$ $$ || (token = ceiling)'), '0 true false',
	'who sees none of many is told how far to go on') from t.at;

-- Final
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
select is(t.refused(query), 'DS409', format('what was committed stays: %s', query))
  from (select 1) as one, unnest(array['update data.change set version = 9 where record = ''visit''', 'delete from data.change', 'truncate data.change']) as query;

select * from finish();
