-- Disposal.  One person asks for it, another approves it, and then it is done batch by
-- batch, each in a transaction of its own: what a batch does is done as a whole, or not at all.

-- As SQL: the key of a row p of a table, as the trail has it; null where the trail has none.
create or replace function data.retention_trail_key(record text) returns text
language sql stable
return case record
	when 'data.register_week' then 'jsonb_build_object(''school_urn'', p.school_urn, ''week'', p.week)'
	when 'data.mark_note' then 'jsonb_build_object(''school_urn'', p.school_urn, ''day'', p.day)'
	else (select 'jsonb_build_object(' || string_agg(format('%L, p.%I', k, k), ', ' order by n) || ')'
	        from pg_trigger g
	             cross join lateral unnest(string_to_array(split_part(encode(g.tgargs, 'escape'), '\000', 1), ','))
	             with ordinality as u (k, n)
	       where g.tgrelid = retention_trail_key.record::regclass and g.tgname = 'audit') end;
comment on function data.retention_trail_key(text) is 'The key of a row as the trail has it, as SQL';

-- The keys under which the trail speaks of what goes with these records: of rows that
-- are there, and of those that had gone before, or had another key.
create or replace function data.retention_trail_keys(kind data.retention_kind, part text, holds text, ids text[])
returns jsonb[]
language plpgsql stable
as $$
declare
	its   record;
	found jsonb[];
begin
	select k.*, data.retention_trail_key(part) as trail, data.retention_one_of(k.key) as one_of
	  into its from data.retention_kinds() k where k.kind = retention_trail_keys.kind;
	if its.trail is null then
		return '{}';
	end if;
	execute format('select array(select distinct %s from %s r join %s p on (%s) where %s)', its.trail, its.record, part,
		holds,
		its.one_of) into found using ids;
	if part = 'data.enrolment' then -- whose day of admission may have been mended
		return array(with recursive k as (
			select key from unnest(found) as key
			union select jsonb_build_object('pupil_id', e.before -> 'pupil_id', 'school_urn', e.before -> 'school_urn',
			             'admitted_on', e.before -> 'admitted_on')
			        from k join audit.entry e on e.record = part and e.key = k.key and e.action = 'update'
			       where e.before is not null)
			select k.key from k);
	elsif part = 'data.mark_note' then
		return array(select jsonb_build_object('school_urn', split_part(x, ':', 1)::int, 'day',
			split_part(x, ':', 2)::date + n)
			from unnest(ids) as x, generate_series(0, 6) as n);
	elsif kind in ('visit', 'agreement') and part <> its.record then
		execute format('select $2 || array(select e.key from audit.entry e where e.record = %L and e.action = ''delete''
			and (e.before ->> %L)::bigint = any ($1::bigint[])%s)', part, its.key,
			case kind when 'agreement' then ' and e.before ->> ''agreement_id'' is not null' else '' end)
			into found using ids, found;
	end if;
	return found;
end;
$$;
comment on function data.retention_trail_keys(data.retention_kind, text, text, text[])
	is 'The keys under which the trail speaks of what goes with records';

-- The entries on looks at these records, whose parameters, a reason among them, may tell of them.
create or replace function data.retention_looks(kind data.retention_kind, ids text[]) returns bigint[]
language plpgsql stable set plan_cache_mode = force_custom_plan
as $$
declare
	paths text[] := array(select format('/api/v1/%s/%s', case kind when 'staff' then 'staff' when 'improvement_notice'
		then 'notices-to-improve' else audit.segment_of(kind::text) end, id) from unnest(ids) as id
		where kind not in ('register', 'staff_facts'));
begin
	return array(select a.access_id from audit.access a where a.salt is not null
	             and (audit.path_named(a.resource, a.filters) = any (paths)
	                  or a.filters ->> 'pupil' = any (case when kind = 'pupil' then ids end)));
end;
$$;
comment on function data.retention_looks(data.retention_kind, text[]) is 'The entries on looks at records';

-- Takes records of a kind out of the tables, with all that goes with them, and out of
-- what the trail and the feed of changes say.  Within a disposal alone.
create or replace function data.retention_take_out(kind data.retention_kind, ids text[], authority text,
	out counts jsonb, out erased bigint)
language plpgsql volatile
as $$
declare
	its    data.retention_kind := kind;
	one    record;
	part   record;
	keys   jsonb[];
	spoken jsonb := '{}';
	gone   bigint;
begin
	counts := '{}';
	erased := 0;
	select k.record, k.key, data.retention_one_of(k.key) as one_of into one
	  from data.retention_kinds() k where k.kind = its;
	for part in select p.* from data.retention_parts() p where p.kind = its order by p.place loop
		spoken := spoken || jsonb_build_object(part.record,
			to_jsonb(data.retention_trail_keys(its, part.record, part.holds, ids)));
	end loop;
	for part in select l.* from data.retention_let_go() l where l.kind = its loop
		execute format('update %s c set %I = null from %s r where (%s) and %s', part.record, part."column", one.record,
			part.holds, one.one_of) using ids;
	end loop;
	for part in select p.* from data.retention_parts() p where p.kind = its order by p.place loop
		execute case when part.record = one.record then format('delete from %s r where %s', part.record, one.one_of)
			else format('delete from %s p using %s r where (%s) and %s', part.record, one.record, part.holds, one.one_of) end
			using ids;
		get diagnostics gone = row_count;
		counts := counts || case when gone > 0 then jsonb_build_object(part.record, gone) else '{}' end;
	end loop;
	if its in ('pupil', 'staff') then
		perform data.change_forget(its, ids::bigint[]);
	end if;
	for part in select s.key as record, array(select jsonb_array_elements(s.value)) as keys from jsonb_each(spoken) s loop
		erased := erased + audit.erase(part.record, part.keys, authority);
	end loop;
	erased := erased + audit.erase_access(data.retention_looks(its, ids), authority);
end;
$$;
comment on function data.retention_take_out(data.retention_kind, text[], text) is 'Takes records out of the tables, the trail and the feed';

-- The feed tells of who has gone by number: what it told before, with their keys, goes.
create or replace function data.change_forget(kind data.retention_kind, ids bigint[]) returns void
language sql volatile
begin atomic
	delete from data.change c where c.record::text = kind::text and c.record_id = any (ids)
	   and c.made_in <> data.change_begins() + pg_current_xact_id()::text::bigint;
	update data.change c set key = '{}', previous_key = null where c.record::text = kind::text and c.record_id = any (ids);
end;
comment on function data.change_forget(data.retention_kind, bigint[]) is 'The feed of changes forgets the keys of pupils or staff';

-- Copies of answers, which may name who has gone: files of exports with records of
-- these schools, and answers that had to be kept seven days.
create or replace function data.copies_forget(schools int[]) returns void
language sql volatile
begin atomic
	delete from data.export_piece p using data.export e
	 where e.export_id = p.export_id and e.state = 'done' and coalesce(e.schools && copies_forget.schools, true);
	update data.export e set state = 'expired', link_hash = null, link_until = null
	 where e.state = 'done' and coalesce(e.schools && copies_forget.schools, true);
	delete from data.idempotency i where i.created_at < now() - interval '7 days';
end;
comment on function data.copies_forget(int[]) is 'Forgets copies of answers';
