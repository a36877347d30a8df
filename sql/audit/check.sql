-- What the program audit holds the database against itself with: the tree, whose root
-- the program computes, and each entry against its leaf.

-- The leaves up to one, with the checkpoint of the tree that ends with each, where there
-- is one.  From look_from on also how each entry stands: state; problem, null when there
-- is none; at, in seconds since 1970.
create or replace function audit.check_leaves(look_from bigint, until bigint)
returns table (leaf bigint, hash text, note text, state text, problem text, kind text, id bigint, at text)
language plpgsql stable rows 1000 security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan
as $$
begin
	if not auth.has_scope('audit:read') then
		return;
	end if;
	return query
	select l.leaf_index, encode(l.hash, 'hex'), c.note, null::text, null::text, null::text, null::bigint, null::text
	  from audit.leaf l left join audit.checkpoint c on c.size = l.leaf_index + 1
	 where l.leaf_index < least(look_from, until + 1) order by l.leaf_index;
	return query
	with erased as materialized (
		select x.name = 'entries' as of_change, i.id::bigint as id
		  from audit.entry e
		       cross join lateral jsonb_each(e.after) as x (name, list)
		       cross join lateral jsonb_array_elements_text(x.list) as i (id)
		 where e.record = 'audit.erasure' and x.name in ('entries', 'accesses'))
	select l.leaf_index, encode(l.hash, 'hex'), c.note,
	       case when coalesce(e.salt, a.salt) is null then 'erased' else 'present' end,
	       case when coalesce(e.entry_id, a.access_id) is null then 'was removed'
	            when l.hash <> case when e.entry_id is null then audit.access_leaf(a) else audit.entry_leaf(e) end
	            then 'was changed'
	            when e.salt is not null and e.commitment <> sha256(e.salt || audit.field(e.before::text)
	                                                            || audit.field(e.after::text))
	              or a.salt is not null and a.commitment <> sha256(a.salt || audit.field(a.filters::text))
	            then 'was changed in what it says'
	            when coalesce(e.salt, a.salt) is null and not exists (select from erased r
	                    where r.of_change = (e.entry_id is not null) and r.id = coalesce(e.entry_id, a.access_id))
	            then 'was erased without an entry that says so' end,
	       case when l.entry_id is null then 'access' else 'entry' end, coalesce(l.entry_id, l.access_id),
	       floor(extract(epoch from coalesce(e.at, a.at)))::bigint::text
	  from audit.leaf l
	       left join audit.checkpoint c on c.size = l.leaf_index + 1
	       left join audit.entry e on e.entry_id = l.entry_id
	       left join audit.access a on a.access_id = l.access_id
	 where l.leaf_index between look_from and until order by l.leaf_index;
end;
$$;
comment on function audit.check_leaves(bigint, bigint) is 'Leaves, the checkpoints that end with them, and how their entries stand';

-- Entries that have no leaf yet: how many, since when; and one that should have had one
-- for an hour by now, since others that are as old have.
create or replace function audit.check_unsealed()
returns table (size bigint, unsealed bigint, since timestamptz, kind text, id bigint)
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	with waits as materialized (
		select 'entry' as kind, e.entry_id as id, e.at from audit.entry e
		 where not exists (select from audit.leaf l where l.entry_id = e.entry_id)
		union all
		select 'access', a.access_id, a.at from audit.access a
		 where not exists (select from audit.leaf l where l.access_id = a.access_id)
	), late as (
		select w.kind, w.id from waits w
		 where w.at < (select max(c.at) from audit.checkpoint c) - interval '1 hour' order by w.at, w.kind, w.id limit 1
	)
	select (select coalesce(max(l.leaf_index) + 1, 0) from audit.leaf l), (select count(*) from waits),
	       (select min(w.at) from waits w), (select l.kind from late l), (select l.id from late l)
	 where auth.has_scope('audit:read');
end;
comment on function audit.check_unsealed() is 'How many entries have no leaf yet, since when, and one that is late';

-- The note that was signed last; no row while there is none.
create or replace function audit.checkpoint_read() returns table (size bigint, note text, at timestamptz)
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	select c.size, c.note, c.at from audit.checkpoint c where auth.has_scope('audit:read') order by c.size desc limit 1;
end;
comment on function audit.checkpoint_read() is 'The checkpoint that was signed last';
