-- Subject access: everything is gathered, what is marked stands nowhere in what goes
-- out, and neither the records nor what was frozen change by it.
begin;
\ir helpers.sql
\ir fill.sql
select plan(48);

\set scopes {subject:read,subject:write,visits:read,pupils:read,contacts:read,records:read,concerns:read,incidents:read,risk:read,checks:read,alarms:read,attendance:read,agreements:read,referrals:read,audit:read}
select t.school(900001), t.school(900002), t.client('all', null, :'scopes'), t.client('a', '{900001}', :'scopes'),
       t.client('b', '{900002}', :'scopes'), t.client('part', '{900001}', '{visits:read,subject:read,subject:write}'),
       t.client('reader', '{900001}', '{visits:read,subject:read}'), t.client('audit', null, '{visits:read}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as other, t.staff('A1', 900001) as staff \gset
select t.contact(:pupil) as contact, t.visit(900001, :pupil, :staff) as visit \gset
select t.fill(:visit) \gset
insert into data.event (visit_id, school_urn, kind, at, note, by_staff_id, client_id)
values (:visit, 900001, 'note', '2026-01-13T09:10Z', 'Zuleika Quorn of <no. 9> rang; ZULEIKA  QUORN, (Quorn & son) [sic] and Parent Example.', :staff, 'a');
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, spoke_to, kept_in, client_id)
values (:visit, 900001, :staff, '2026-01-13T10:10Z', 'seen_family', 'Zuleika Quorn said so.', 'Parent Example', 'cpoms', 'a');
insert into data.risk_assessment (school_urn, kind, visit_id, by_staff_id, level, proceed, at, client_id)
values (900001, 'visit', :visit, :staff, 'low', true, now(), 'a') returning assessment_id as assessment \gset
insert into data.risk_hazard (assessment_id, school_urn, position, kind, level) values (:assessment, 900001, 1, 'animal', 'low');

-- Everything
select is_empty($$ select c.oid::regclass::text from pg_class c
	 where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'data'::regnamespace
	except select s.record from unnest(enum_range(null::data.subject_kind)) k, data.subject_sources(k) s
	except select e.record from data.subject_exceptions() e $$,
	'every table of data is a source of subject access, or an exception with its reason');
select is_empty($$ select e.record from data.subject_exceptions() e
	intersect select s.record from unnest(enum_range(null::data.subject_kind)) k, data.subject_sources(k) s $$,
	'no table is both');
select is_empty($$ select a.attrelid::regclass::text from pg_attribute a join pg_class c on c.oid = a.attrelid
	 where a.attname = 'pupil_id' and c.relkind in ('r', 'p') and not c.relispartition
	except select s.record from data.subject_sources('pupil') s $$, 'every table that names a pupil is a source of a pupil');
select is_empty($$ select s.record from data.subject_staff_columns() s
	except select s.record from data.subject_sources('staff') s $$, 'every table that names one of the staff is a source of staff');
select is_empty($$ select a.attrelid::regclass::text from pg_attribute a join pg_class c on c.oid = a.attrelid
	 where a.attname = 'visit_id' and c.relkind = 'r' and c.relnamespace = 'data'::regnamespace
	except select s.record from data.subject_sources('pupil') s
	except select e.record from data.subject_exceptions() e $$, 'every table that names a visit is a source of a pupil');
select is_empty($$ select s.record, s.scopes from data.subject_sources('staff') s
	 where s.brief and s.record in (select p.record from data.subject_sources('pupil') p)
	except select p.record, p.scopes from data.subject_sources('pupil') p $$,
	'what one of the staff wrote takes the scope that what it is about takes');
select is(t.get('audit', format('select count(*) from audit.paths_of(%s) p where p like %L', :pupil, '%subject%'), 'postgres'), '1',
	'who looked at a request about a pupil saw the pupil''s records');

-- The time that there is
select is(data.subject_due(r::date, 1)::text, d, r || ' is due on ' || d) from (values ('2026-09-03', '2026-10-05'),
	('2026-01-31', '2026-03-02'), ('2027-03-31', '2027-04-30'), ('2024-01-31', '2024-02-29')) as v (r, d);
select is(data.subject_due('2026-09-03', 3)::text, '2026-12-03', 'extended, it is two months more');

-- Gathering
create function t.make(subject text, id bigint, by bigint) returns text
language sql immutable
return format('select id from api.subject_make(%L)', jsonb_build_object('subject', subject, 'id', id,
	'received_on', '2026-01-20', 'requester', 'The person', 'by', by));
create function t.act_of(client text, query text) returns text -- like t.get, and what it did stays
language plpgsql
as $$
declare
	it   text;
	path text := current_setting('search_path');
begin
	perform set_config('search_path', 'pg_catalog', true), set_config('session_authorization', 'doorstep_records', true);
	perform auth.begin(t.hash('token of ' || client), 'subject:write', 'request-1');
	execute query into it;
	perform set_config('session_authorization', 'postgres', true), set_config('doorstep.token', '', true),
	        set_config('search_path', path, true);
	return it;
end;
$$;
grant usage on schema t to doorstep_records;
grant execute on all functions in schema t to doorstep_records;
create table t.before as select * from data.event;
update data.duty set scope = 'concerns' where duty_id = (select min(duty_id) from data.duty);
update data.notification set scope = 'concerns';
select t.act_of('a', t.make('pupil', :pupil, :staff)) as request \gset
select is(t.get('a', format('select state from api.subject_read(%s)', :request)), 'gathered', 'it is gathered at once');
select set_has($$ select distinct kind from data.subject_item $$,
	$$ select unnest('{pupil,enrolment,contact,social worker,visit,team member,event,duty,deviation,risk assessment,risk hazard,visit record,concern,external referral,incident,accident,intervention,debrief,agreement,promise,promise test,letter,referral,evidence part,penalty notice,improvement notice,register week,mark note,mark amendment,escalation,rung,notification}'::text[]) $$,
	'with what every source has');
select is_empty($$ select item_no from data.subject_item where content::text ~ '"field": "(duress|page|sha256|version|person_key)"' $$,
	'and without what only programs read');
select is(t.run('a', t.make('pupil', :other, :staff)), 'DS422', 'whom the client does not see it cannot ask for');
select is(t.problems('a', t.make('pupil', :other, :staff)), t.problems('a', t.make('pupil', 999999, :staff)), 'which is as nobody');
select is(t.run('reader', t.make('pupil', :pupil, :staff)), 'DS404', 'nor without the scope');
select isnt(t.get('a', t.make('contact', :contact, :staff)), null, 'a contact can be asked for');
select matches(t.get('a', t.make('staff', :staff, :staff)), '^[0-9]+$', 'and staff');
select is(t.get('a', format('select count(*) from api.subject_item_list(%s) where mentions like %L', :request, '%Staff Example%')) >= '1',
	true, 'who else is named is shown');
update data.contact set phone = '07700900111' where contact_id = :contact;
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility, phone)
select :other, given_name, family_name, 'aunt', false, phone from data.contact where contact_id = :contact;
select is(t.run('a', t.make('contact', :contact, :staff)), 'DS409', 'of a contact who is one at another school, too, its rows are not handed over');
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:pupil, 900002, '4', '2026-01-01');
select is(t.run('a', t.make('pupil', :pupil, :staff)), 'DS409', 'a package that would lack another school is refused');
select is(t.run('all', t.make('pupil', :pupil, :staff)), '1 rows', 'who sees them all gets it');

-- Who sees it
select is(t.get('b', 'select count(*) from data.subject_request'), '0', 'another school''s client sees no request');
select is(t.get('b', 'select count(*) from data.subject_item'), '0', 'and no item');
select is(t.get('audit', 'select count(*) from data.subject_item'), '0', 'without the scope there is none');
select is(t.get('part', $$ select count(*) from data.subject_item where scopes <> '{}' and not scopes <@ '{visits}' $$), '0',
	'items of a source that takes scopes are not seen without them');
select cmp_ok(t.get('part', 'select count(*) from data.subject_item')::int, '>', 0, 'the others are');
select set_eq($$ select distinct kind, i.scopes::text from data.subject_item i, jsonb_array_elements(i.content) as f where f ->> 'field' = 'scope' $$,
	$$ values ('duty', '{concerns,visits}'), ('duty', '{incidents,visits}'), ('notification', '{alarms,concerns}') $$, 'what tells of a concern is an item with the scope of concerns besides that of its source, and so on');
select is(data.says_words(jsonb_build_object('note', E'Seen: Ann\n\tLee'), array[data.words_pattern('ann lee')]), true, 'a name is found whatever stands between');
select is(t.run('part', format('select api.subject_review(%s, %L)', :request, jsonb_build_object('by', :staff))), 'DS430',
	'and nobody finishes a review without having read it');
select matches(t.why('part', format('select api.subject_review(%s, %L)', :request, jsonb_build_object('by', :staff))), 'concerns:read',
	'the scope that is missing is named');

-- Withholding
select is((data.withhold(v, array(select data.words_pattern(x) from unnest(w) as x), array(select data.words_core(x) from unnest(w) as x), array_fill('crime'::data.withheld_reason, array[cardinality(w)]))).shown, r, n) from (values
	('Ann Lee Smith', '{Lee,"Ann Lee","Lee Smith"}'::text[], '[withheld: prevention or detection of crime]', 'overlapping words'),
	('a.b axb A.B', '{a.b}', '[withheld: prevention or detection of crime] axb [withheld: prevention or detection of crime]', 'words are no pattern'),
	(E'Ann\n  Lee', '{Ann Lee}', '[withheld: prevention or detection of crime]', 'whatever blanks are between them'),
	('aaa', '{aa}', '[withheld: prevention or detection of crime]', 'words that overlap themselves'),
	('none', '{x}', 'none', 'nothing where they do not stand')) as c (v, w, r, n);

create table t.frozen as select * from data.subject_item;
create function t.mark(request bigint, said jsonb, by bigint) returns text
language sql immutable
return format('select id from api.redaction_add(%s, %L)', request, said || jsonb_build_object('by', by));
select is(t.run('a', t.mark(:request, '{"words": "is nowhere", "reason": "crime"}', :staff)), 'DS422', 'words that stand nowhere are refused');
select t.act_of('a', t.mark(:request, jsonb_build_object('words', w, 'reason', 'third_party'), :staff))
  from unnest('{Zuleika Quorn,quorn,<no. 9>,Parent Example,& son) [sic]}'::text[]) as w \g /dev/null
select is(t.run('part', t.mark(:request, '{"words": "quorn", "reason": "third_party"}', :staff)), 'DS430',
	'who may not read all items marks no words for all of them');
select is(t.get('part', 'select count(*) from data.redaction where words is not null'), '0', 'and reads none, for they may be of any');
select t.act_of('a', t.mark(:request, jsonb_build_object('item', min(item_no), 'reason', 'child_abuse'), :staff))
  from data.subject_item where request_id = :request and kind = 'concern' \g /dev/null
select t.act_of('a', t.mark(:request, jsonb_build_object('item', min(item_no), 'field', 'at', 'reason', 'crime'), :staff))
  from data.subject_item where request_id = :request and kind = 'incident' \g /dev/null
select t.act_of('a', format('select state from api.subject_review(%s, %L)', :request, jsonb_build_object('by', :staff))) \g /dev/null
create table t.package as
select x.p as said from (select (xpath('string(/*)', document::xml))[1]::text || document as p
	from (select t.act_of('a', format('select document from api.subject_package(%s)', :request)) as document) as d) as x
union all select t.act_of('a', format('select string_agg(p::text, %L) from api.subject_package_list(%s) p', '|', :request));
select is_empty($$ select w from t.package, unnest('{zuleika,quorn,<no. 9>,&lt;no. 9&gt;,parent example,[sic]}'::text[]) as w
	where position(w in lower(said)) > 0 $$, 'what is withheld stands nowhere in the package');
select is((select count(*) from t.package where said like '%information about another person%'
	and said like '%Schedule 3, paragraph 21%'), 2::bigint, 'which tells why, with the source');
select is(t.get('a', format($$ select bool_or(at is not null) from api.subject_package_list(%s)
	where item = (select min(item_no) from data.subject_item where request_id = %1$s and kind = 'incident') $$, :request)), 'false',
	'of an item of which a field is withheld it is not told of when it is');
select is_empty($$ select * from t.frozen except select * from data.subject_item $$, 'what was frozen stays as it was');
select is_empty($$ select * from t.before except select * from data.event $$, 'and the records too');
select is(t.run('a', t.mark(:request, '{"words": "rang", "reason": "crime"}', :staff)), 'DS409', 'after the review nothing is marked');
select is((select count(*) from audit.entry where record = 'data.redaction' and after ? 'words' or record = 'data.subject_item' and after ? 'content'),
	0::bigint, 'the trail has no copy of it');

select * from finish();
rollback;
