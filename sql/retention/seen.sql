-- What is due, and why a record is there, for a client with the scope for retention.
-- Definers, for what holds a record back may be hidden from it: it is told by number alone.

-- Whether the token opens what records of a kind say.
create or replace function data.retention_opens(kind data.retention_kind) returns boolean
language sql stable
return (select k.scope is null or k.scope = any (auth.kinds_opened())
	  from data.retention_kinds() k where k.kind = retention_opens.kind);
comment on function data.retention_opens(data.retention_kind) is 'Whether the token opens what records of a kind say';

-- What holds a record, as far as the token opens it: a concern is not everybody's to know of.
create or replace function data.held_words(held_by text[]) returns text[]
language sql stable
return array(select distinct on (w.words) w.words from (
		select case when exists (select from data.retention_scopes() s
		                          where h.word ~ ('\m' || replace(s.record, '_', ' ') || '\M')
		                            and s.scope <> all (auth.kinds_opened()))
		            then 'something that this client may not read' else h.word end as words
		  from unnest(held_by) as h (word)) as w order by w.words);
comment on function data.held_words(text[]) is 'What holds a record, as far as the token opens it';

-- Records whose time is over, of schools that the client sees whole, kind by kind.
-- place: of the kind in its type, and of the record in the kind; after: such a place.
create or replace function data.retention_due_seen(kind data.retention_kind, school int, after bigint, max_rows int)
returns table (place bigint, record data.retention_kind, record_id text, schools int[], rule_id bigint, start_on date,
	kept_until date, what_then data.retention_then, held_by text[])
language plpgsql stable rows 100 security definer set search_path = pg_catalog
as $$
declare
	one   record;
	found int := 0;
	given int;
begin
	if not auth.has_scope('retention:read', 'retention:write') then
		return;
	end if;
	for one in select k.kind, k.n * 10000000000000 as base
	             from unnest(enum_range(null::data.retention_kind)) with ordinality as k (kind, n)
	            where k.kind = coalesce(retention_due_seen.kind, k.kind) and data.retention_opens(k.kind)
	              and k.n >= coalesce(after / 10000000000000, 0)
	            order by k.n loop
		return query
		select one.base + w.record_no, one.kind, w.record_id, w.schools, w.rule_id, w.start_on, w.kept_until, w.what_then,
		       data.held_words(w.held_by)
		  from data.retention_weighed(one.kind, data.day_of(now()), null, auth.schools(), school, true,
		           greatest(after - one.base, 0), max_rows - found) w;
		get diagnostics given = row_count;
		found := found + given;
		exit when found >= max_rows;
	end loop;
end;
$$;
comment on function data.retention_due_seen(data.retention_kind, int, bigint, int) is 'Records whose time is over';

-- The record that a row of a table goes with; null when there is none.
create or replace function data.retention_goes_with(part text, id bigint, out kind data.retention_kind,
	out record_id text)
language plpgsql stable
as $$
declare
	way record;
begin
	for way in select p.kind, k.record, k.own, p.holds, coalesce('r.' || k.key || '::text',
	                  'r.school_urn || '':'' || r.week') as number,
	                  a.attname
	             from data.retention_parts() p join data.retention_kinds() k using (kind)
	                  join pg_index i on i.indrelid = p.record::regclass and i.indisprimary and i.indnatts = 1
	                  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
	            where p.record = 'data.' || part and p.record not in (k.record, 'data.code_word')
	              and not exists (select from data.retention_scopes() s where 'data.' || s.record = p.record
	                                 and s.scope <> all (auth.kinds_opened()))
	            order by p.kind loop
		execute format('select %s from %s r join %s p on (%s) where (%s) and p.%I = $1 limit 1', way.number, way.record,
			'data.' || part, way.holds, coalesce(way.own, 'true'), way.attname) into record_id using id;
		kind := case when record_id is not null then way.kind end;
		exit when record_id is not null;
	end loop;
end;
$$;
comment on function data.retention_goes_with(text, bigint) is 'The record that a row goes with';

-- One record, or the one that a row goes with, of which the client sees a school; no row
-- when there is none.  disposal: by which one it has gone.
create or replace function data.retention_why_seen(record text, id text)
returns table (kind data.retention_kind, record_id text, schools int[], rule_id bigint, start_on date, kept_until date,
	what_then data.retention_then, held_by text[], disposal bigint)
language plpgsql stable rows 1 security definer set search_path = pg_catalog
as $$
declare
	its   data.retention_kind := (select k from unnest(enum_range(null::data.retention_kind)) k where k::text = record);
	number text := case when id ~ '^[0-9]{1,15}$' = (its is distinct from 'register') then id end;
	goes  record;
	told  boolean := false;
begin
	if number is null or not auth.has_scope('retention:read', 'retention:write') then
		return;
	end if;
	for goes in select its as kind, number as record_id where its is not null
	            union all select g.* from data.retention_goes_with(record, case when its is distinct from 'register'
	                                      then number::bigint end) g where g.kind is not null loop
		return query select goes.kind, w.record_id, w.schools, w.rule_id, w.start_on, w.kept_until, w.what_then,
		                    data.held_words(w.held_by), null::bigint
		               from data.retention_weighed(goes.kind, data.day_of(now()), array[goes.record_id]) w
		              where w.schools && auth.schools() and data.retention_opens(goes.kind);
		told := found;
		exit when told;
	end loop;
	if not told then
		return query select i.kind, i.record_id, i.schools, i.rule_id, null::date, i.kept_until, r.what_then, '{}'::text[],
		                    i.disposal_id
		               from data.disposal_item i join data.retention_rule r using (rule_id)
		              where i.kind = its and i.record_id = number and i.state = 'disposed' and i.schools && auth.schools()
		                and data.retention_opens(its);
	end if;
end;
$$;
comment on function data.retention_why_seen(text, text) is 'Why a record is there';
