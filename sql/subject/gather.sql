-- Gathers everything that is held about a person, in words, and freezes it:
-- what was reviewed is what goes out.  A definer, for the package must not
-- depend on what the client may read; who may read which item is row-level
-- security's to say.

-- A value in plain words: lists with semicolons, members with their names.
create or replace function data.subject_text(value jsonb) returns text
language plpgsql immutable
as $$
begin
	if value is null or value in ('{}', '[]') then
		return null;
	elsif jsonb_typeof(value) = 'array' then
		return (select string_agg(data.subject_text(i), '; ' order by n)
		          from jsonb_array_elements(value) with ordinality as e (i, n));
	elsif jsonb_typeof(value) = 'object' then
		return (select string_agg(data.words_clean(replace(m.key, '_', ' ')) || ': ' || data.subject_text(m.value), ', ')
		          from jsonb_each(value) as m);
	end if;
	return nullif(data.words_clean(value #>> '{}'), '');
end;
$$;
comment on function data.subject_text(jsonb) is 'A value in plain words; null for nothing';

-- The columns of a table that are gathered.  Left out is what only a program reads, what
-- is held as text as well, and whether an event held the code word, which nobody reads.
create or replace function data.subject_columns(record regclass) returns table (place int, name text, type oid)
language sql stable rows 20
begin atomic
	select a.attnum, a.attname, a.atttypid from pg_attribute a
	 where a.attrelid = subject_columns.record and a.attnum > 0 and not a.attisdropped
	   and a.attname <> all ('{version,duress,page,page_sha256,content,sha256,manifest_sha256,place_key,person_key,xid,
		salt,commitment,db_role,password_hash,totp_secret,totp_step}')
	   and (a.attname <> 'client_id' or a.attrelid in ('audit.access'::regclass, 'auth.account'::regclass));
end;
comment on function data.subject_columns(regclass) is 'The columns of a table that are gathered';

-- The fields of a row r, as an SQL expression of the list that an item has.  It is put together
-- as text, for there are many: of a type whose text needs no care it is taken as it is.
-- staff: the columns that name one of the staff, as "data.event.by_staff_id".
create or replace function data.subject_fields(record regclass, brief boolean, staff text[]) returns text
language sql stable
return (select format('(''['' || concat_ws('','', %s) || '']'')::jsonb', string_agg(format('%L || %s || ''}''',
		rtrim(jsonb_build_object('field', c.name, 'title', col_description(subject_fields.record, c.place))::text, '}')
		|| ', "value": ',
		case when c.of_staff
		     then format('to_json((select data.words_clean(x.given_name || '' '' || x.family_name) from data.staff x
				where x.staff_id = r.%I))::text', c.name)
		     when subject_fields.record = 'audit.entry'::regclass and c.name in ('before', 'after')
		     then format('to_json(data.subject_text(data.trail_earlier(r.%I, r.%I, $1)))::text', c.name,
		                 case c.name when 'before' then 'after' else 'before' end)
		     when t.typcategory in ('N', 'B') then format('''"'' || r.%I::text || ''"''', c.name)
		     when t.typcategory in ('D', 'E') then format('to_json(r.%I)::text', c.name)
		     when t.typcategory = 'A'
		     then format('to_json(nullif(data.words_clean(array_to_string(r.%I, ''; '')), ''''))::text', c.name)
		     when t.typcategory = 'S' then format('to_json(nullif(data.words_clean(r.%I), ''''))::text', c.name)
		     when t.typname = 'jsonb' then format('to_json(data.subject_text(r.%I))::text', c.name)
		     else format('to_json(nullif(data.words_clean(to_jsonb(r.%I) #>> ''{}''), ''''))::text', c.name) end),
		', ' order by c.place))
	  from (select n.*, format('%s.%s', subject_fields.record, n.name) = any (staff) as of_staff
	          from data.subject_columns(subject_fields.record) n) c join pg_type t on t.oid = c.type
	 where not brief or c.of_staff or c.name in ('at', 'recorded_at', 'created_at', 'kind', 'visit_id'));
comment on function data.subject_fields(regclass, boolean, text[]) is 'The fields of a row in words, as SQL';

-- The columns of the key of a row r.
create or replace function data.subject_key(record regclass) returns text
language sql stable
return (select string_agg(format('r.%I', a.attname), ', ' order by a.attnum)
	  from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
	 where i.indrelid = subject_key.record and i.indisprimary);
comment on function data.subject_key(regclass) is 'The columns of the key of a row, as SQL';

-- The school of a rejected row of an import: the one that it names, or else of the client that sent
-- it.  null when it names none of ours, and the client sees all.
create or replace function data.rejection_school(import_id bigint, said jsonb) returns int
language sql stable
begin atomic
	select coalesce(
		(select s.urn from data.school s where s.urn::text = btrim(coalesce(said ->> 'school_urn', said ->> 'urn'))),
		(select min(c.school_urn) from data.import i join auth.client_school c using (client_id)
		        join auth.client k using (client_id)
		  where i.import_id = rejection_school.import_id and not k.all_schools));
end;
comment on function data.rejection_school(bigint, jsonb) is 'The school of a rejected row of an import';

-- What a source has of a person, as a query ($1 to $3 as in data.subject_sources).
create or replace function data.subject_query(source record, staff text[]) returns text
language plpgsql stable
as $$
declare
	name    text := replace(split_part(source.record, '.', 2), '_', ' ');
	key     text := data.subject_key(source.record::regclass);
	columns text[] := array(select c.name from data.subject_columns(source.record::regclass) c);
	-- A row that takes a scope of its own is read with that, too: a duty that tells of a
	-- concern, and what was done, or let be, about one.
	own     text := case when 'scope' = any (columns) then 'select r.scope where r.scope is not null'
	                     when source.record = any ('{data.event,data.deviation}')
	                     then 'select c.scope from duty.clauses_scoped() c where c.clause = r.clause' end;
begin
	return format('select %1$L::text, %1$L || '' '' || concat_ws('', '', %2$s), %3$s::int, r.subject_at, %4$s, %5$s
		  from (select %6$s, (%7$s)::timestamptz as subject_at from %8$s r where %9$s order by subject_at, %2$s) as r',
		name, key,
		case when source.record = 'data.import_rejection' then 'data.rejection_school(r.import_id, r.said)'
		     when 'school_urn' = any (columns) then 'r.school_urn' else 'null' end,
		case when own is null then format('%L::text[]', source.scopes)
		     else format('array(select unnest(%L::text[]) union %s order by 1)', source.scopes, own) end,
		data.subject_fields(source.record::regclass, source.brief, staff),
		(select string_agg(format('r.%I', c), ', ') from unnest(columns) as c), source.at, source.record, source.holds);
end;
$$;
comment on function data.subject_query(record, text[]) is 'What a source has of a person, as SQL';

-- Everything about a person, without its place; request_id and item_no are 0.
create or replace function data.subject_gathered(subject data.subject_kind, id bigint) returns setof data.subject_item
language plpgsql stable set jit = off
as $$
declare
	source   record;
	contacts bigint[];
	names    text[];
	staff    text[] := array(select format('%s.%s', c.record, c.name) from data.subject_staff_columns() c);
begin
	if subject = 'contact' then -- rows of one person about several pupils are told by name and number
		contacts := array(select c.contact_id from data.contact c join data.contact o on o.contact_id = id
			and (c.contact_id = id or data.person_key(c.given_name, c.family_name, c.phone)
				= data.person_key(o.given_name, o.family_name, o.phone)));
		names := array(select data.words_pattern(c.given_name || ' ' || c.family_name) from data.contact c
		                where c.contact_id = any (contacts));
	end if;
	for source in select s.* from data.subject_sources(subject) s order by s.place, s.record, s.holds loop
		return query execute 'select 0::bigint, 0, i.* from (' || data.subject_query(source, staff) || ') as i'
			using id, contacts, names;
	end loop;
end;
$$;
comment on function data.subject_gathered(data.subject_kind, bigint) is 'Everything that is held about a person';

-- The schools that a person belongs to.
create or replace function data.subject_schools(subject data.subject_kind, id bigint) returns setof int
language sql stable
begin atomic
	select e.school_urn from data.enrolment e where subject = 'pupil' and e.pupil_id = id
	union select e.school_urn from data.contact o join data.contact c on c.contact_id = o.contact_id
	           or data.person_key(c.given_name, c.family_name, c.phone)
	              = data.person_key(o.given_name, o.family_name, o.phone)
	       join data.enrolment e on e.pupil_id = c.pupil_id
	       where subject = 'contact' and o.contact_id = id -- those of whom records are gathered
	union select p.school_urn from data.post p where subject = 'staff' and p.staff_id = id;
end;
comment on function data.subject_schools(data.subject_kind, bigint) is 'The schools that a person belongs to';

-- Freezes it for a request, which is made here.  body: {subject, id, received_on,
-- requester, by, note}.  Fails with DS409 when a school that the client does not
-- see holds something about the person: the package would lack it.
create or replace function data.subject_gather(body jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog set jit = off
as $$
declare
	who     data.subject_kind := body ->> 'subject';
	id      bigint := (body ->> 'id')::bigint;
	items   data.subject_item[] := array(select i from data.subject_gathered(who, id) i);
	schools int[] := array(select s from data.subject_schools(who, id) s
	                       union select i.school_urn from unnest(items) i where i.school_urn is not null order by 1);
	made    bigint;
begin
	if not auth.has_scope('subject:write') or cardinality(schools) = 0 or not schools && auth.schools() then
		raise exception 'There is no such person, or this client may not see them.' using errcode = 'DS404';
	elsif not schools <@ auth.schools() then
		raise exception 'This client does not see all that the package needs: ask the trust, whose client sees all schools.'
			using errcode = 'DS409';
	end if;
	insert into data.subject_request (subject, subject_id, schools, scopes, received_on, requester, note, by_staff_id,
	                                  client_id)
	values (who, id, schools,
	        array(select distinct s from unnest(items) i cross join lateral unnest(i.scopes) s order by s),
	        (body ->> 'received_on')::date, body ->> 'requester', body ->> 'note', (body ->> 'by')::bigint,
	        auth.client_id())
	returning request_id into made;
	insert into data.subject_item (request_id, item_no, kind, record, school_urn, at, scopes, content)
	select made, i.n, i.kind, i.record, i.school_urn, i.at, i.scopes, i.content
	  from unnest(items) with ordinality as i (request_id, item_no, kind, record, school_urn, at, scopes, content, n);
	return made;
end;
$$;
comment on function data.subject_gather(jsonb) is 'Makes a request for subject access and freezes everything that is held';

-- The scopes that items of a request need and the client lacks.
create or replace function data.subject_scopes_missing(request bigint) returns text[]
language sql stable
begin atomic
	select array(select s || ':read' from data.subject_request r cross join lateral unnest(r.scopes) as s
	              where r.request_id = request and s <> all (auth.kinds_opened()) order by s);
end;
comment on function data.subject_scopes_missing(bigint) is 'The scopes that items of a request need and the client lacks';

-- The item of a redaction, for row-level security of the one that lifts it; null where it is of all items.
create or replace function data.redaction_item(redaction bigint) returns int
language sql stable security definer set search_path = pg_catalog
begin atomic
	select r.item_no from data.redaction r where r.redaction_id = redaction;
end;
comment on function data.redaction_item(bigint) is 'The item that a redaction is of';
