-- What is withheld stands nowhere in what goes out: whatever stands between words and
-- within them, and whichever value of whichever item it is.
begin;
\ir helpers.sql
\ir fill.sql
select plan(35);

create function t.withheld(value text, words text) returns text
language sql
return (data.withhold(value, array[data.words_pattern(words)], array[data.words_core(words)], '{crime}')).shown;
create table t.unseen (c text, n text, is_blank boolean);
insert into t.unseen values (E'\t', 'a tab', true), (U&'\00a0', 'a no-break space', true), (U&'\202f', 'a narrow no-break space', true),
	(U&'\2007', 'a figure space', true), (U&'\3000', 'an ideographic space', true), (U&'\0085', 'a next line', true),
	(E'\x01', 'a control character', false), (U&'\00ad', 'a soft hyphen', false), (U&'\200b', 'a zero-width space', false),
	(U&'\200c', 'a zero-width non-joiner', false), (U&'\200d', 'a zero-width joiner', false), (U&'\2060', 'a word joiner', false),
	(U&'\feff', 'a byte order mark', false), (U&'\fffd', 'what stands for a control character', false);
select is(t.withheld(format('saw Zuleika%sQuorn twice', c), 'Zuleika Quorn'), 'saw [withheld: prevention or detection of crime] twice',
	'between words may stand ' || n) from t.unseen;
select is(t.withheld(format('saw Zul%seika Quorn%s twice', c, c), 'zuleika quorn'), 'saw [withheld: prevention or detection of crime] twice',
	'within words may stand ' || n) from t.unseen where not is_blank;
select is(t.withheld(v, w), r, n) from (values
	(U&'Zoe\0308 came', U&'Zo\00eb', '[withheld: prevention or detection of crime] came', 'accents as two characters or one'),
	(U&'Zo\00eb came', 'zoe', '[withheld: prevention or detection of crime] came', 'accents or none'),
	(U&'O\2019Neill-Smith', 'O''Neill' || U&'\2011' || 'Smith', '[withheld: prevention or detection of crime]', 'any apostrophe and hyphen'),
	('therapist', 'the rapist', 'therapist', 'but a blank is a blank'),
	(U&'\00ef and \4e16 x', 'x', U&'\00ef and \4e16 [withheld: prevention or detection of crime]', 'what else stands there stays as it was'),
	('a.b*(c', 'a.b*(c', '[withheld: prevention or detection of crime]', 'words are no pattern')) as c (v, w, r, n);
select is(data.words_pattern(U&'\200b \00ad'), null, 'words of which nothing is seen are none');
select is(length(data.words_plain(c)), length(normalize(c, NFD)), 'the form in which words are looked for has a character for each')
  from (select string_agg(chr(n), '' order by n) as c from generate_series(1, 65535) n where n not between 55296 and 57343) s;

-- Every value of every item
\set scopes {subject:read,subject:write,visits:read,pupils:read,contacts:read,records:read,concerns:read,incidents:read,risk:read,checks:read,alarms:read,attendance:read,agreements:read,referrals:read,audit:read}
select t.school(900001), t.client('a', '{900001}', :'scopes') \gset
select t.pupil(1, 900001) as pupil, t.staff('A1', 900001) as staff \gset
select t.contact(:pupil) as contact, t.visit(900001, :pupil, :staff) as visit \gset
select t.fill(:visit) \gset
insert into data.event (visit_id, school_urn, kind, at, note, by_staff_id, client_id)
values (:visit, 900001, 'note', '2026-01-13T09:10Z', U&'Zulei\00adka\00a0Quorn' || E'\x02' || ' <b>&"No. 9" (her son) rang', :staff, 'a');
update data.pupil set address = '7 Earlier Road' where pupil_id = :pupil;
update data.pupil set address = '8 Later Road' where pupil_id = :pupil;
update data.visit set address = '9 Visit Road' where visit_id = :visit;
insert into data.import_rejection (import_id, position, line, detail, said)
select max(import_id), 77, 7, 'has no such school', jsonb_build_object('upn', t.upn(1), 'family_name', 'Ypres', 'school_urn', '900001') from data.import;
insert into audit.access (client_id, request_id, resource, filters, format, row_count)
values ('a', 'looked-1', '/api/v1/pupils/' || :pupil, '{}', 'json', 1);
select set_config('timezone', 'UTC', true) \g /dev/null

select auth.begin(t.hash('token of a'), 'subject:write', 'request-1') \g /dev/null
select data.subject_gather(jsonb_build_object('subject', 'pupil', 'id', :pupil, 'received_on', '2026-01-20', 'requester', 'x', 'by', :staff)) as request \gset

-- All that goes out, but for words of the program's own: of what both formats are made,
-- and now and then of both as they are.
create function t.goes_out(request bigint, whole boolean) returns setof text
language plpgsql
as $$
declare
	document xml;
	spaces   text[] := array[array['s', 'https://doorstep.example/ns/v1/subject-access']];
begin
	if not whole then
		return query select unnest(array[s.record, s.school_urn::text, data.rfc3339(s.at), s.value]) from data.subject_shown(request) s;
		return;
	end if;
	document := (select p.document from api.subject_package(request) p);
	return query
	select replace(replace(replace(x::text, '&lt;', '<'), '&gt;', '>'), '&amp;', '&')
	  from unnest(xpath('//s:field/text() | //s:item/@record | //s:item/@school | //s:item/@at | /*/@subject-id', document, spaces)) as x
	union all select unnest(array[r.record, r.school_urn::text, r.at::text, data.rfc3339(r.at), r.value]) from api.subject_package_list(request) r
	 where r.item > 0;
end;
$$;
-- Where a value stands still when it is withheld as words; nothing of it stays.
create function t.leaks(request bigint, staff bigint, words text) returns text
language plpgsql
as $$
declare
	leak   text;
	vessel text := 'none';
begin
	insert into data.redaction (request_id, words, reason, by_staff_id, client_id) values (request, words, 'third_party', staff, 'a');
	update data.subject_request set reviewed_at = now(), reviewed_by = staff where request_id = request;
	leak := (select min(g) from t.goes_out(request, md5(words) < '2') g
	          where position(data.words_bare(words) in data.words_bare(regexp_replace(regexp_replace(g, '\[withheld: [a-z ]+\]', '|', 'g'),
	                '^[a-z ]+ [0-9]+$', '|'))) > 0);
	raise exception using errcode = 'XX999', message = coalesce(leak, vessel);
exception when sqlstate 'XX999' then
	return nullif(sqlerrm, vessel);
end;
$$;
create table t.value as select distinct f ->> 'value' as value from data.subject_item i, jsonb_array_elements(i.content) f where i.request_id = :request
   and f ->> 'value' ~ '[^[:space:]]';
select cmp_ok((select count(*) from t.value), '>', 100::bigint, 'there are many values');
select is_empty(format('select value, leak from t.value, t.leaks(%s, %s, value) leak where leak is not null', :request, :staff),
	'a value that is withheld as words stands nowhere, in no format, not in what an item tells besides');
select is_empty(format($$ select i.item_no, f ->> 'field' from data.subject_item i, jsonb_array_elements(i.content) f, t.value v
	where i.request_id = %s and v.value = f ->> 'value' and not data.words_plain(f ->> 'value') ~* data.words_pattern(v.value) $$, :request),
	'every value is found by itself');
update data.subject_request set reviewed_at = now(), reviewed_by = :staff where request_id = :request;
select is_empty(format($$ select record from api.subject_package_list(%s) where item > 0 and record <> kind || ' ' || item $$, :request),
	'a record has no number in the package but its place');
select is_empty(format($$ select f from data.subject_item i, jsonb_array_elements(i.content) f where i.request_id = %s
	and f ->> 'value' <> data.xml_text(normalize(f ->> 'value', NFC)) $$, :request), 'what is frozen is clean');

select * from finish();
rollback;
