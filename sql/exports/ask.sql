-- Exports that are made after they were asked for: asking, calling off, fetching.
-- The program reports can write no table, so these are definers; each holds to
-- what the client of the token may do.

-- The scopes of the token, that of the report or list first, but for those about
-- exports themselves: what is made with them is fetched with them.  Fails with
-- DS422 when the token lacks the first.
create or replace function data.export_scopes(first text) returns text[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	if not auth.has_scope(first) then
		raise exception 'Some of what was sent does not fit the records.' using errcode = 'DS422',
			detail = '[{"pointer": "/path", "detail": "is nothing that this client may read"}]';
	end if;
	return first || array(select s from unnest(auth.scopes()) as s
	                       where s <> first and s !~ '^(exports|schedules):' order by s);
end;
$$;
comment on function data.export_scopes(text) is 'The scopes of the token with which something is to be exported, that which it asks for first';

-- path: as it would be fetched, with its format and query; scope: what it asks for.
-- Fails with DS422; with DS409 when ten of the client's wait or run already.
create or replace function data.export_ask(path text, scope text) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	asking text := auth.client_id();
	made   bigint;
begin
	perform pg_advisory_xact_lock(hashtextextended('doorstep export ' || asking, 0));
	if (select count(*) from data.export e where e.client_id = asking and e.state in ('waiting', 'running')) >= 10 then
		raise exception 'Ten exports of this client wait or run already: wait for one to end, or call one off.'
			using errcode = 'DS409';
	end if;
	insert into data.export (client_id, scopes, path, request_id)
	values (asking, data.export_scopes(scope), path, current_setting('doorstep.request_id'))
	returning export_id into made;
	return made;
end;
$$;
comment on function data.export_ask(text, text) is 'Asks for an export that is made later, and answers its number';

-- An export of the client, or that was made for the member of staff who asks.  Locked:
-- against whoever else changes it; or, for one who only reads its file, as many do at once,
-- against being thrown away.  Fails with DS404.
create or replace function data.export_own(export bigint, reading boolean default false) returns data.export
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
begin
	if reading then
		select e.* into its from data.export e
		 where e.export_id = export and auth.client_id() in (e.client_id, e.made_as) for key share;
	else
		select e.* into its from data.export e
		 where e.export_id = export and e.client_id = auth.client_id() for no key update;
	end if;
	if its.export_id is null then
		raise exception 'There is no such export.' using errcode = 'DS404';
	end if;
	return its;
end;
$$;
comment on function data.export_own(bigint, boolean) is 'An export of the client that asks, locked; fails with DS404';

-- Its file, and who was let in to it.  The caller has locked it for update, so that nobody reads it meanwhile.
create or replace function data.export_throw_away(export bigint) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	delete from data.export_piece p where p.export_id = export;
	delete from data.export_opening o where o.export_id = export;
end;
comment on function data.export_throw_away(bigint) is 'Throws the file of an export away';

-- One that is there is thrown away.  Fails with DS404; with DS409 when nothing is left of it.
create or replace function data.export_call_off(export bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export := data.export_own(export);
begin
	if its.state = 'done' and its.expires_at is null then
		raise exception 'It was put into its folder: it can be thrown away there alone.' using errcode = 'DS409';
	elsif its.state not in ('waiting', 'running', 'done') then
		raise exception 'The export has ended: there is nothing to call off.' using errcode = 'DS409';
	end if;
	if its.state = 'done' then
		perform from data.export e where e.export_id = export for update; -- who reads it reads to the end
	end if;
	update data.export e set state = 'cancelled', problem = null, ended_at = coalesce(e.ended_at, clock_timestamp()),
	       link_hash = null, link_until = null
	 where e.export_id = export;
	perform data.export_throw_away(export), data.export_settle(export, 'It was called off.');
end;
$$;
comment on function data.export_call_off(bigint) is 'Calls an export off, or throws its file away';

-- Fails with DS409 when there is no file to be had.
create or replace function data.export_is_there(its data.export) returns void
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	why text := case when its.state in ('waiting', 'running') then 'It is not made yet: ask for its state.'
		when its.state = 'failed' then 'It could not be made: its problem says why.'
		when its.state = 'cancelled' then 'It was called off.'
		when its.state = 'done' and its.expires_at is null then 'It was put into its folder, and is not kept here.'
		when its.state = 'expired' or its.expires_at <= clock_timestamp() then 'It has expired: ask for it again.'
		when its.byte_count > 0 and not exists (select from data.export_piece p where p.export_id = its.export_id)
			then 'It was lost when the database ended unexpectedly, and is made again: ask for its state.' end;
begin
	if why is not null then
		raise exception '%', why using errcode = 'DS409';
	end if;
end;
$$;
comment on function data.export_is_there(data.export) is 'Fails with DS409, saying why, when the file of an export cannot be had';

-- Whether who asks may see all that it holds: another token may have fewer scopes, the
-- client fewer schools than then, and a person act elsewhere.  Of a link that of the
-- client alone.
create or replace function data.export_is_seen(its data.export, held text[], seen int[]) returns void
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	if not its.scopes <@ held then
		raise exception 'The export was made with more scopes than this token has: %.',
			(select string_agg(s, ' ') from unnest(its.scopes) as s where s <> all (held)) using errcode = 'DS403';
	elsif not its.schools <@ seen then
		raise exception 'The export holds records of schools that are not seen with this token.' using errcode = 'DS403';
	end if;
end;
$$;
comment on function data.export_is_seen(data.export, text[], int[]) is 'Fails with DS403 when an export holds more than may be seen';

-- An export of the client whose file it may have; locked as above.  Fails with DS404, DS409, DS403.
create or replace function data.export_to_give(export bigint, reading boolean default false) returns data.export
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export := data.export_own(export, reading);
begin
	perform data.export_is_there(its);
	if its.client_id <> auth.client_id() and not its.schools <@ auth.schools() then
		raise exception 'It was made for who acts %: choose that place, then fetch it.',
			case when cardinality(its.schools) = 1 then 'at school ' || its.schools[1] else 'for the whole trust' end
			using errcode = 'DS403';
	end if;
	perform data.export_is_seen(its, auth.scopes(), auth.schools());
	return its;
end;
$$;
comment on function data.export_to_give(bigint, boolean) is 'An export of the client that asks, whose file it may have, locked';

-- This transaction may read the pieces; who was told that they are there has them.
create or replace function data.export_let_in(export bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	insert into data.export_opening (export_id, opened_by) values (export, pg_current_xact_id()) on conflict do nothing;
	perform data.export_settle(export, 'It was fetched.');
end;
$$;
comment on function data.export_let_in(bigint) is 'Lets this transaction read the file of an export';

-- Who fetches a file reads what was read to make it: so it is noted, for whoever asks who
-- saw a record.
create or replace function data.export_read_as(its data.export)
returns table (resource text, filters jsonb, format text)
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	select p.resource, coalesce(made.filters - '{acting_at,reason,made}'::text[], '{}')
	                   || jsonb_strip_nulls(jsonb_build_object('export', (its).export_id::text,
	                          'made_at', data.rfc3339(made.at))),
	       substring(p.resource from '[a-z]+$')
	  from (select split_part((its).path, '?', 1) as resource) as p
	       left join lateral (select a.filters, a.at from audit.access a
	                           where a.at between (its).started_at and (its).ended_at
	                             and a.request_id = (its).request_id and a.resource = p.resource
	                             and a.client_id = (its).made_as
	                           order by a.access_id desc limit 1) as made on true;
end;
comment on function data.export_read_as(data.export) is 'What is read with the file of an export, as an access entry has it';

-- Lets the client in: this transaction may read the pieces, and an access entry says so.
-- Fails with DS404, DS409, DS403.
create or replace function data.export_open(export bigint)
returns table (export_id bigint, media_type text, file_name text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export := data.export_to_give(export, true);
begin
	perform data.export_let_in(export);
	perform audit.access_append(r.resource, r.filters, r.format, its.row_count) from data.export_read_as(its) r;
	return query select export, its.media_type, its.file_name;
end;
$$;
comment on function data.export_open(bigint) is 'Lets the client read the file of its export, in this transaction';

-- Makes the link anew: one that was made before holds no more.  Fails with DS404, DS409, DS403.
create or replace function data.export_link(export bigint) returns table (token text, until timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its   data.export := data.export_to_give(export);
	made  text := auth.random_secret();
	until timestamptz := least(its.expires_at, clock_timestamp() + interval '15 minutes');
begin
	update data.export e set link_hash = sha256(convert_to(made, 'UTF8')), link_until = until where e.export_id = export;
	return query select made, until;
end;
$$;
comment on function data.export_link(bigint) is 'Makes a link by which the file can be fetched once, without a token';

-- By the link, which is used up by it.  The client must still be one that could
-- fetch it itself.  Fails with DS404 for a link that is none, is over, or was used.
create or replace function data.export_open_by_link(link_hash text)
returns table (export_id bigint, media_type text, file_name text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its    data.export;
	holder auth.client;
begin
	select e.* into its from data.export e
	 where e.link_hash = decode(export_open_by_link.link_hash, 'hex') and e.link_until > clock_timestamp()
	   for no key update;
	select c.* into holder from auth.client c where c.client_id = its.client_id and c.disabled_at is null
	   and 'exports:read' = any (c.scopes);
	if not found then
		raise exception 'The link was used, or its time is over: ask for another.' using errcode = 'DS404';
	end if;
	perform data.export_is_there(its);
	perform data.export_is_seen(its, holder.scopes, auth.schools_of(holder));
	update data.export e set link_hash = null, link_until = null where e.export_id = its.export_id;
	perform data.export_let_in(its.export_id);
	insert into audit.access (client_id, request_id, resource, filters, format, row_count)
	select its.client_id, current_setting('doorstep.request_id'), r.resource, r.filters || '{"by": "link"}', r.format,
	       its.row_count
	  from data.export_read_as(its) r;
	return query select its.export_id, its.media_type, its.file_name;
end;
$$;
comment on function data.export_open_by_link(text) is 'Lets whoever has the one-time link read the file, in this transaction';

-- In a select list, so that they come one by one.
create or replace function data.export_pieces(export bigint) returns setof bytea
language sql stable security definer set search_path = pg_catalog
begin atomic
	select p.content
	  from data.export_piece p join data.export_opening o using (export_id)
	 where p.export_id = export and o.opened_by = pg_current_xact_id_if_assigned()
	 order by p.position;
end;
comment on function data.export_pieces(bigint) is 'The pieces of a file, for the transaction that was let in';
