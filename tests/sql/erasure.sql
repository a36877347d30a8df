-- What the trail commits to, and what of it can be erased.
begin;
\ir helpers.sql
select plan(36);

select t.school(900001), t.school(900002), t.client('a', '{900001}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as other, t.staff('S1', 900001) as staff \gset
select t.visit(900001, :pupil, :staff) as visit \gset
update data.pupil set address = '2 Example Street' where pupil_id = :pupil;
select t.run('a', $$ select audit.access_append('/api/v1/visits.csv', '{"pupil": "1"}', 'csv', 7) $$, 'doorstep_records') \gset

-- Each entry is committed to
select is_empty($$ select entry_id from audit.entry where salt is null or octet_length(salt) <> 32
	or commitment <> sha256(salt || audit.field(before::text) || audit.field(after::text)) $$, 'every change is committed to by what it says');
select is_empty($$ select access_id from audit.access where salt is null or octet_length(salt) <> 32
	or commitment <> sha256(salt || audit.field(filters::text)) or xid <> pg_current_xact_id() $$, 'and so is every read');
select is((select count(*) from (select salt from audit.entry union select salt from audit.access) as s),
	(select count(*) from audit.entry) + (select count(*) from audit.access), 'each with a salt of its own');
select is(audit.field('a') || audit.field(null) || audit.field('') || audit.field('é'), '\x0000000161ffffffff0000000000000002c3a9'::bytea, 'a field has its length before it; nothing is no empty field');

-- Only ever appended to: by nobody, whoever it is
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
select is(t.refused(query), 'DS409', query) from unnest(array['update audit.entry set client_id = $$x$$', 'update audit.entry set before = null, after = null, salt = null',
	'update audit.access set filters = null, salt = null', 'delete from audit.entry', 'delete from audit.access', 'truncate audit.entry', 'truncate audit.access']) as query;
select is(t.run(null, query, 'doorstep_definer'), '42501', 'nor by the definer: ' || query) from unnest(array['update audit.entry set client_id = $$x$$',
	'delete from audit.entry', 'truncate audit.access', 'update audit.leaf set hash = hash', 'delete from audit.checkpoint']) as query;
select is(t.run(null, 'update audit.entry set after = $${"x": 1}$$', 'doorstep_definer'), 'DS409', 'who erases may not rewrite');
select is(t.run(null, 'update audit.entry set salt = null', 'doorstep_definer'), 'DS409', 'nor erase but the whole');
select is(t.run(null, 'update audit.entry set client_id = $$x$$', 'doorstep_owner'), '0 rows', 'row-level security shows the owner no entry');
select is(t.run(null, 'truncate audit.entry', 'doorstep_owner'), 'DS409', 'and it empties no trail either');
create function t.impossible(words text) returns text language sql return t.refused(format('insert into audit.entry (action, record, key, before, after, salt, commitment) values %s', words));
select is(t.impossible($$ ('update', 'x', '{}', '{}', null, '\x00', sha256('')) $$), '23514', 'an entry that was not erased says what its action needs');
select is(t.impossible($$ ('update', 'x', '{}', '{}', null, null, sha256('')) $$), '23514', 'one that was erased says nothing');

-- Erasure
create temporary table kept as select * from audit.entry;
create temporary table kept_access as select * from audit.access;
select is(audit.erase('data.pupil', array[jsonb_build_object('pupil_id', :pupil), jsonb_build_object('pupil_id', :other)], 'retention: six years'),
	3::bigint, 'what the trail said of two pupils is erased');
select results_eq(format($$ select before, after, salt from audit.entry where record = 'data.pupil' and key = '{"pupil_id": %s}' $$, :pupil),
	$$ values (null::jsonb, null::jsonb, null::bytea), (null, null, null) $$, 'each of its entries is there, and says nothing');
select is_empty($$ select entry_id from kept k where not exists (select from audit.entry e where to_jsonb(e) = to_jsonb(k)
	|| case when k.record = 'data.pupil' then '{"before": null, "after": null, "salt": null}' else '{}' end::jsonb) $$, 'all else stays as it was');
select results_eq($$ select school_urn, key, after ->> 'authority', after -> 'entries' from audit.entry e where record = 'audit.erasure' order by entry_id $$,
	$$ select null::int, '{"record": "data.pupil"}'::jsonb, 'retention: six years', jsonb_agg(entry_id order by entry_id)
	from audit.entry where record = 'data.pupil' $$, 'the erasure is an entry: of what, by which authority, which entries');
select is(audit.erase('data.visit', array[jsonb_build_object('visit_id', :visit)], 'x') > 0, true, 'what it said of a visit, too');
select is((select max(school_urn) from audit.entry where record = 'audit.erasure'), 900001, 'as an entry of its school');
select is(audit.erase('data.pupil', array[jsonb_build_object('pupil_id', :pupil)], 'again'), 0::bigint, 'what is erased is not erased again');
select is((select count(*) from audit.entry where record = 'audit.erasure'), 2::bigint, 'and nothing is noted of that');
select is(audit.erase_access(array(select access_id from audit.access), 'request 12'), 1::bigint, 'parameters of a read are erased');
select results_eq($$ select resource, filters, salt, row_count from audit.access $$, $$ values ('/api/v1/visits.csv', null::jsonb, null::bytea, 7::bigint) $$,
	'that it was read is still there');
select is((select commitment from audit.access), (select commitment from kept_access), 'with its commitment');
select results_eq($$ select after from audit.entry where record = 'audit.erasure' and key ->> 'record' = 'audit.access' $$,
	format($$ select jsonb_build_object('authority', 'request 12', 'accesses', array[access_id]) from audit.access $$), 'and the erasure is an entry');
select throws_ok($$ select audit.erase('data.pupil', '{}', '') $$, '23502', null, 'an erasure says by which authority');
select is_empty($$ select rolname, f from pg_roles, unnest(array['audit.erase(text, jsonb[], text)', 'audit.erase_access(bigint[], text)']) as f
	where rolname ~ '^doorstep_' and rolname <> 'doorstep_definer' and rolname <> 'doorstep_owner' and has_function_privilege(rolname, f, 'execute') $$, 'no program can erase anything');
select * from finish();
rollback;
