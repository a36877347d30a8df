-- What entries of the trail said is erased, where the law asks for that: the entry, its
-- commitment and so its leaf stay, and without the salt nothing follows from the
-- commitment.  What an entry is about stays, too (table, key, school, path): these are
-- numbers of ours, whose rows are gone by then.  Each erasure is an entry itself.

-- Refuses whatever else is done to an entry, to whomever.
create or replace function audit.refuse_change() returns trigger
language plpgsql volatile
as $$
begin
	if tg_op = 'UPDATE' and current_user = 'doorstep_definer' and to_jsonb(new)
	       = to_jsonb(old) || (case tg_table_name when 'entry' then '{"before": null, "after": null, "salt": null}'
	                           else '{"filters": null, "salt": null}' end)::jsonb then
		return new;
	end if;
	raise exception 'Entries of the trail are only ever appended.' using errcode = 'DS409';
end;
$$;
comment on function audit.refuse_change() is 'Trigger: refuses updates of the trail, but for erasure, and deletes and truncation';

do $$
declare
	trail regclass;
begin
	foreach trail in array array['audit.entry', 'audit.access']::regclass[] loop
		execute format('create or replace trigger append_only before update or delete on %s
			for each row execute function audit.refuse_change()', trail);
		execute format('create or replace trigger never_emptied before truncate on %s
			for each statement execute function audit.refuse_change()', trail);
	end loop;
end;
$$;

-- Erases what the trail said of rows with these keys, of a table with its schema (for
-- example data.visit, {"visit_id": 1}).  authority: by which rule or decision, in words
-- that name nobody.  Answers how many entries were erased.  For functions of the
-- database alone: no program may call it.
create or replace function audit.erase(record text, keys jsonb[], authority text) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	erased bigint;
begin
	if coalesce(authority, '') = '' then
		raise exception 'An erasure says by which authority.' using errcode = '23502';
	end if;
	with gone as (
		update audit.entry e set before = null, after = null, salt = null
		 where e.record = erase.record and e.key = any (keys) and e.salt is not null
		returning e.entry_id, e.school_urn
	), noted as (
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, after)
		select auth.client_id(), nullif(current_setting('doorstep.request_id', true), ''), 'insert', 'audit.erasure',
		       jsonb_build_object('record', erase.record), g.school_urn,
		       jsonb_build_object('authority', authority, 'entries', jsonb_agg(g.entry_id order by g.entry_id))
		  from gone g group by g.school_urn order by g.school_urn
	)
	select count(*) into erased from gone;
	return erased;
end;
$$;
comment on function audit.erase(text, jsonb[], text) is 'Erases what the trail said of rows, by their keys; the entries stay';

-- The same of entries on what was read: with which parameters it was asked for.
create or replace function audit.erase_access(accesses bigint[], authority text) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	erased bigint;
begin
	if coalesce(authority, '') = '' then
		raise exception 'An erasure says by which authority.' using errcode = '23502';
	end if;
	with gone as (
		update audit.access a set filters = null, salt = null
		 where a.access_id = any (accesses) and a.salt is not null
		returning a.access_id
	), noted as (
		insert into audit.entry (client_id, request_id, action, record, key, after)
		select auth.client_id(), nullif(current_setting('doorstep.request_id', true), ''), 'insert', 'audit.erasure',
		       jsonb_build_object('record', 'audit.access'),
		       jsonb_build_object('authority', authority, 'accesses', jsonb_agg(g.access_id order by g.access_id))
		  from gone g having count(*) > 0
	)
	select count(*) into erased from gone;
	return erased;
end;
$$;
comment on function audit.erase_access(bigint[], text) is 'Erases what entries on reads said of the parameters; the entries stay';
