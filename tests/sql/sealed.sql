-- Leaves, checkpoints, and what the program audit is told of the trail.
begin;
\ir helpers.sql
select plan(47);

select t.school(900001), t.school(900002), t.client('a', '{900001}', '{audit:read,visits:read}'), t.client('b', '{900002}', '{audit:read,visits:read}'),
       t.client('trust', null, '{audit:read,visits:read,pupils:read}'), t.client('few', null, '{visits:read}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as other, t.staff('S1', 900001) as staff \gset
select t.visit(900001, :pupil, :staff) as visit \gset
update data.visit set address = '2 Example Street' where visit_id = :visit;
select t.run('a', $$ select audit.access_append('/api/v1/visits.csv', '{"school": "900001"}', 'csv', 7) $$, 'doorstep_records') \gset

-- Which scopes open what
select set_eq('select record from audit.areas()', $$ select tgrelid::regclass::text from pg_trigger where tgname ~ '^audit' union select 'audit.erasure' $$,
	'of every table that is audited it is said which scopes open what the trail says of it');
select is_empty('select record from audit.kinds() except select record from audit.areas()', 'of those whose own trail can be asked for, too');
select is_empty($$ select p.tablename, m[1] from pg_policies p, regexp_matches(p.qual, '([a-z]+):read', 'g') as m join audit.areas() a on true
	where p.schemaname = 'data' and p.cmd = 'SELECT' and p.roles && '{doorstep_records,doorstep_reports}' and a.record = 'data.' || p.tablename
	  and m[1] <> all (a.areas) $$, 'and no fewer than row-level security');

-- Sealing
select is((select more from audit.seal(10)), false, 'the first time all that there is gets its leaf');
select is((select xid from audit.horizon where cluster = (select system_identifier from pg_control_system())), pg_snapshot_xmin(pg_current_snapshot()),
	'and up to where that is, is kept');
select is((select count(*) from audit.leaf), (select count(*) from audit.entry) + (select count(*) from audit.access), 'each entry has a leaf');
select is_empty('select leaf_index from audit.leaf where leaf_index not in (select generate_series(0, (select count(*) from audit.leaf) - 1))', 'they are counted without gaps');
select is_empty($$ select l.leaf_index from audit.leaf l left join audit.entry e using (entry_id) left join audit.access a using (access_id)
	where l.hash <> case when l.entry_id is null then audit.access_leaf(a) else audit.entry_leaf(e) end $$, 'each has the hash of its entry');
select is_empty($$ select from (select l.leaf_index, coalesce(e.at, a.at) as at, lag(coalesce(e.at, a.at)) over (order by l.leaf_index) as before
	from audit.leaf l left join audit.entry e using (entry_id) left join audit.access a using (access_id) where l.leaf_index > 20) as s where at < before $$, 'the oldest come first');
select is((select audit.entry_leaf(e) from audit.entry e where e.entry_id = 1), (select sha256('\x00'::bytea || string_agg(audit.field(f), '' order by n) || audit.field(null) || '\x00000020' || commitment)
	from audit.entry, unnest(array['entry', '1', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), xid::text, null, null, db_role, 'insert', record, key::text])
	with ordinality as u (f, n) where entry_id = 1 group by commitment), 'a leaf is made of these fields, in this order');
update data.visit set address = '3 Example Street' where visit_id = :visit;
select is((select size from audit.seal(100000)), (select count(*) from audit.entry) + 1, 'what was written since is sealed next');
select is((select count(*) from audit.leaf), (select count(*) from audit.entry) + 1, 'and nothing twice');
savepoint batches;
update audit.horizon set xid = '0';
insert into audit.access (client_id, request_id, resource, filters, format, row_count) select 'a', 'r', '/api/v1/x', '{}', 'csv', n from generate_series(1, 25) as n;
select results_eq('select more from audit.seal(10)', 'values (true)', 'then a batch is as large as one likes');
select is((select xid from audit.horizon), '0', 'while there is more, it goes on from where it was');
select is((select array_agg(more) from generate_series(1, 2), lateral audit.seal(10 + generate_series * 0)), '{t,f}', 'until there is none');
select isnt((select xid from audit.horizon), '0', 'which is kept, too');
update audit.horizon set xid = '18446744073709551615'; -- what is below it has its leaf, so it is not looked at
insert into audit.access (client_id, request_id, resource, filters, format, row_count) values ('a', 'r', '/api/v1/x', '{}', 'csv', 1);
select is((select array[size, (select count(*) from audit.leaf)] from audit.seal(10)), (select array[count(*), count(*)] from audit.leaf), 'it looks from there on');
update audit.horizon set cluster = 1;
select is((select size from audit.seal(10)), (select count(*) + 1 from audit.leaf), 'in a copy elsewhere, whose transactions are others, everywhere again');
select is((select count(*) from audit.access a where not exists (select from audit.leaf l where l.access_id = a.access_id)), 0::bigint, 'so nothing is without its leaf');
rollback to savepoint batches;

-- Checkpoints
select is(audit.checkpoint_add(5, repeat('ab', 32), 'note 5'), true, 'a checkpoint is kept');
select is(audit.checkpoint_add(5, repeat('ab', 32), 'note 5'), true, 'and may be said again');
select is(audit.checkpoint_add(5, repeat('cd', 32), 'other'), false, 'but there is no other of that size');
select is(audit.checkpoint_add(9, repeat('ef', 32), 'note 9'), true, 'the next one is larger');
select results_eq('select * from audit.checkpoint_last()', $$ values (9::bigint, 'note 9'::text) $$, 'the last is that of the largest tree');
select is(t.get('a', 'select note from audit.checkpoint_read()', 'doorstep_audit'), 'note 9', 'which is shown');
select is(t.run('few', 'select note from audit.checkpoint_read()', 'doorstep_audit'), '0 rows', 'to who may read the trail');

-- Lists
create function t.listed(client text, arguments text, what text default 'count(*)::text') returns text
language sql
return t.get(client, format('select %s from audit.entry_list(%s)', what, arguments), 'doorstep_audit');
select is(t.listed('trust', ''), (select count(*)::text from audit.entry), 'who sees every school reads every entry');
select is(t.listed('few', ''), '0', 'without the scope nobody reads any');
select is(t.listed('b', format('record => %L, id => %s', 'visit', :visit)), '0', 'another school reads nothing of a visit');
select is(t.listed('a', format('record => %L, id => %s', 'visit', :visit), 'string_agg(action, $$ $$ order by entry_id)'), 'insert update update', 'its own reads its changes');
select is(t.listed('a', format('record => %L, id => %s, kind => %L', 'visit', :visit, 'insert'), $$ is_now::jsonb ->> 'address' $$), '1 Example Street', 'with what it said');
select is(t.listed('a', format('pupil => %s, "table" => %L', :pupil, 'data.pupil'), 'state || coalesce(is_now, $$ nothing$$)'), 'withheld nothing', 'what takes another scope is withheld');
select is(t.listed('trust', format('pupil => %s, "table" => %L', :pupil, 'data.pupil'), 'state'), 'present', 'and told with it');
select is(t.listed('a', format('pupil => %s', :pupil), 'string_agg(distinct table_name, $$ $$ order by table_name)'), 'data.enrolment data.pupil data.visit data.visit_pupil', 'a pupil''s entries are found');
select is(t.listed('a', format('staff => %s', :staff), 'string_agg(distinct table_name, $$ $$ order by table_name)'), 'data.post data.staff data.team_member', 'those of one of the staff, too');
select is(t.listed('a', format('pupil => %s', :other)), '0', 'not those of a pupil of another school');
select is(t.listed('a', 'id => 1'), 'DS400', 'a number alone is of no record');
select is(t.listed('b', '', 'bool_or(school_urn = 900001)::text'), 'false', 'no entry of another school is listed');
select is(t.listed('trust', format('after => %s, max_rows => 2', (select min(entry_id) from audit.entry)), 'string_agg(entry_id::text, $$ $$)'),
	(select string_agg(entry_id::text, ' ') from (select entry_id from audit.entry order by 1 offset 1 limit 2) as e), 'a page begins where one says');

-- What was read: by whom it may be read
create function t.accesses(client text, arguments text default '') returns text
language sql
return t.get(client, format('select coalesce(string_agg(resource, $$ $$ order by access_id), $$$$) from audit.access_list(%s)', arguments), 'doorstep_audit');
insert into audit.access (client_id, request_id, resource, filters, format, row_count) select c, 'r', r, f::jsonb, 'json', 1 from (values
	('trust', '/api/v1/visits/' || :visit || '/concerns', '{}'), ('trust', '/api/v1/concerns', '{}'), ('b', '/api/v1/risk-assessments', '{}'), ('trust', '/api/v1/pupils.csv', '{"school": "900002"}')) as v (c, r, f);
select is(t.accesses('a'), format('/api/v1/visits.csv /api/v1/visits/%s/concerns', :visit), 'a school reads who saw records of its own, by path, filter or client');
select is(t.accesses('b'), '/api/v1/risk-assessments /api/v1/pupils.csv', 'and no other');
select is(t.accesses('trust', 'record => $$concern$$'), format('/api/v1/visits/%s/concerns /api/v1/concerns', :visit), 'by kind of record');
select is(t.accesses('trust', format('record => $$visit$$, id => %s', :visit)), format('/api/v1/visits/%s/concerns', :visit), 'by record');
select is(t.accesses('trust', format('pupil => %s', :pupil)), format('/api/v1/visits/%s/concerns', :visit), 'by pupil');
select is(t.accesses('few'), '', 'with the scope alone');

-- The proof: of what one may not read there is the hash alone
select size from audit.seal(100000) \gset
select is(t.get('b', 'select count(*) from audit.proof() p join audit.leaf l on l.leaf_index = p.leaf where p.hash = encode(l.hash, $$hex$$)', 'postgres'), :'size', 'every leaf is shown to everybody who may read the trail');
select is(t.get('b', 'select string_agg(distinct p::text, $$ $$) from audit.proof() p where p.kind is null and (p.id, p.at, p.key, p.salt, p.commitment, p.was, p.is_now, p.resource, p.filters) is distinct from
	(null::bigint, null::text, null::text, null::text, null::text, null::text, null::text, null::text, null::text)', 'doorstep_audit'), null, 'and of another school nothing but that');

select * from finish();
rollback;
