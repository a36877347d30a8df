-- Gathers everything that is held about a person, in words, and freezes it:
-- what was reviewed is what goes out.  A definer, for the package must not
-- depend on what the client may read; who may read which item is row-level
-- security's to say.

-- A value in plain words: lists with semicolons, members with their names.
create or replace function data.subject_text(value jsonb) returns text
language plpgsql immutable
as $$
begin
	return nullif(case jsonb_typeof(value)
		when 'array' then (select string_agg(data.subject_text(i), '; ' order by n)
		                     from jsonb_array_elements(value) with ordinality as e (i, n))
		when 'object' then (select string_agg(replace(m.key, '_', ' ') || ': ' || data.subject_text(m.value), ', ')
		                      from jsonb_each(value) as m)
		else normalize(value #>> '{}', NFC) end, '');
end;
$$;
comment on function data.subject_text(jsonb) is 'A value in plain words; null for nothing';

-- Whether one of these names, in small letters, stands in what a record says, whatever
-- blanks or ends of lines (as JSON writes them) stand between.
-- Asked last, of the rows for which all else holds.
create or replace function data.says_name(said jsonb, names text[]) returns boolean
language sql immutable cost 10000
return exists (select from unnest(names) as n
	where position(n in lower(regexp_replace(said::text, '(\\[nrt]|\s)+', ' ', 'g'))) > 0);
comment on function data.says_name(jsonb, text[]) is 'Whether one of these names stands in a record';

-- The fields of a row r as a list of (position, field, title, value).  Left out is
-- what only a program reads, what is held as text as well, and whether an event
-- held the code word, which nobody reads.
create or replace function data.subject_fields(record regclass, brief boolean) returns text
language sql stable
return (select string_agg(format('(%s, %L, %L, %s)', a.attnum, a.attname, col_description(a.attrelid, a.attnum),
		case when s.name is not null
		     then format('(select x.given_name || '' '' || x.family_name from data.staff x where x.staff_id = r.%I)',
		                 a.attname)
		     when t.typcategory = 'A' or t.typname = 'jsonb' then format('data.subject_text(to_jsonb(r.%I))', a.attname)
		     else format('nullif(normalize(to_jsonb(r.%I) #>> ''{}'', NFC), '''')', a.attname) end), ', ' order by a.attnum)
	  from pg_attribute a join pg_type t on t.oid = a.atttypid
	       left join data.subject_staff_columns() s on s.record = subject_fields.record::text and s.name = a.attname
	 where a.attrelid = subject_fields.record and a.attnum > 0 and not a.attisdropped
	   and a.attname <> all ('{version,duress,page,page_sha256,content,sha256,manifest_sha256,place_key,person_key}')
	   and (a.attname <> 'client_id' or a.attrelid = 'audit.access'::regclass)
	   and (not brief or s.name is not null or a.attname in ('at', 'recorded_at', 'created_at', 'kind', 'visit_id')));
comment on function data.subject_fields(regclass, boolean) is 'The fields of a row in words, as SQL';

-- The columns of the key of a row r.
create or replace function data.subject_key(record regclass) returns text
language sql stable
return (select string_agg(format('r.%I', a.attname), ', ' order by a.attnum)
	  from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
	 where i.indrelid = subject_key.record and i.indisprimary);
comment on function data.subject_key(regclass) is 'The columns of the key of a row, as SQL';

-- Everything about a person, without its place; request_id and item_no are 0.
create or replace function data.subject_gathered(subject data.subject_kind, id bigint) returns setof data.subject_item
language plpgsql stable
as $$
declare
	source   record;
	contacts bigint[];
	names    text[];
begin
	if subject = 'contact' then -- rows of one person about several pupils are told by name and number
		contacts := array(select c.contact_id from data.contact c join data.contact o on o.contact_id = id
			and (c.contact_id = id or data.person_key(c.given_name, c.family_name, c.phone)
				= data.person_key(o.given_name, o.family_name, o.phone)));
		names := array(select lower(c.given_name || ' ' || c.family_name) from data.contact c
		                where c.contact_id = any (contacts));
	end if;
	for source in select s.*, c.relname, exists (select from pg_attribute a where a.attrelid = c.oid
	                     and a.attname = 'school_urn') as has_school, exists (select from pg_attribute a
	                     where a.attrelid = c.oid and a.attname = 'scope') as has_scope
	                from data.subject_sources(subject) s join pg_class c on c.oid = s.record::regclass
	               order by s.place, s.record loop
		return query execute format('select 0::bigint, 0, %1$L::text, %1$L || '' '' || concat_ws('', '', %2$s), %3$s::int,
			(%4$s)::timestamptz, %5$s::text,
			coalesce((select jsonb_agg(jsonb_build_object(''field'', f.field, ''title'', f.title, ''value'', f.value)
			          order by f.place) from (values %6$s) as f (place, field, title, value)
			           where f.value is not null), ''[]'')
			  from %7$s r where (%8$s) order by 6, %2$s',
			replace(source.relname, '_', ' '), data.subject_key(source.record::regclass),
			case when source.has_school then 'r.school_urn' else 'null' end, source.at,
			-- a row that takes a scope of its own is read with that: a duty that tells of a concern
			case when source.has_scope then format('coalesce(r.scope, %L)', source.scope)
			     when source.record = 'data.deviation' and not source.brief
			     then format('case when r.agreement_id is null then %L else ''agreements'' end', source.scope)
			     else format('%L', source.scope) end,
			data.subject_fields(source.record::regclass, source.brief), source.record, source.holds)
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
language plpgsql volatile security definer set search_path = pg_catalog
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
		raise exception 'A school that this client does not see holds records of the person: the package would lack them.'
			using errcode = 'DS409', hint = 'Use a client that sees all schools.';
	end if;
	insert into data.subject_request (subject, subject_id, schools, received_on, requester, note, by_staff_id, client_id)
	values (who, id, schools, (body ->> 'received_on')::date, body ->> 'requester', body ->> 'note',
	        (body ->> 'by')::bigint, auth.client_id())
	returning request_id into made;
	insert into data.subject_item (request_id, item_no, kind, record, school_urn, at, scope, content)
	select made, i.n, i.kind, i.record, i.school_urn, i.at, i.scope, i.content
	  from unnest(items) with ordinality as i (request_id, item_no, kind, record, school_urn, at, scope, content, n);
	return made;
end;
$$;
comment on function data.subject_gather(jsonb) is 'Makes a request for subject access and freezes everything that is held';

-- The scopes that items of a request need and the client lacks.
create or replace function data.subject_scopes_missing(request bigint) returns text[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return array(select distinct i.scope || ':read' from data.subject_item i join data.subject_request q using (request_id)
	              where i.request_id = request and i.scope is not null and q.schools <@ auth.schools()
	                and auth.has_scope('subject:read', 'subject:write')
	                and not auth.has_scope(i.scope || ':read', i.scope || ':write') order by 1);
end;
$$;
comment on function data.subject_scopes_missing(bigint) is 'The scopes that items of a request need and the client lacks';
