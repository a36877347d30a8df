-- What the sealer calls: leaves for what was committed since, and the checkpoints that it
-- signs.  The tree itself is computed by the sealer, from the hashes of the leaves.

-- Gives leaves to entries that have none, the oldest first: the first time to all, then
-- at most to so many.  Entries come to be seen in another order than that of their
-- numbers: so it looks at all from the horizon on, below which nothing is without its
-- leaf and nothing comes any more.  session: of whom is asked; another is another
-- connection, to another database perhaps.
create or replace function audit.seal(most int) returns table (session int, size bigint, more boolean)
language plpgsql volatile security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	its    bigint := (select system_identifier from pg_control_system());
	since  xid8;
	until  xid8;
	first  bigint;
	sealed bigint;
begin
	perform pg_advisory_xact_lock(hashtext('doorstep seal: leaves'));
	until := pg_snapshot_xmin(pg_current_snapshot()); -- of a snapshot before that of what follows
	select h.xid into since from audit.horizon h where h.cluster = its;
	select coalesce(max(l.leaf_index) + 1, 0) into first from audit.leaf l;
	insert into audit.leaf (leaf_index, entry_id, access_id, hash)
	select first + row_number() over (order by f.at, f.entry_id, f.access_id) - 1, f.entry_id, f.access_id, f.hash
	  from (select u.at, u.entry_id, u.access_id, case when u.access_id is null then audit.entry_leaf(u.entry)
	                                                  else audit.access_leaf(u.access) end as hash
	          from ((select e.at, e.entry_id, null::bigint as access_id, e as entry, null::audit.access as access
	                   from audit.entry e
	                  where e.xid >= coalesce(since, '0')
	                    and not exists (select from audit.leaf l where l.entry_id = e.entry_id))
	                union all
	                (select a.at, null, a.access_id, null, a from audit.access a
	                  where a.xid >= coalesce(since, '0')
	                    and not exists (select from audit.leaf l where l.access_id = a.access_id))) as u
	         order by u.at, u.entry_id, u.access_id limit case when since is not null then most end) as f;
	get diagnostics sealed = row_count;
	if since is null or sealed between 1 and most - 1 then
		insert into audit.horizon (cluster, xid) values (its, until)
		on conflict (one) do update set cluster = excluded.cluster, xid = excluded.xid;
	end if;
	return query select pg_backend_pid(), first + sealed, since is not null and sealed = most;
end;
$$;
comment on function audit.seal(int) is 'Gives leaves to the entries of the trail that have none';

-- Takes the place of the sealer, as long as the session lasts: there is one.
create or replace function audit.seal_alone() returns boolean
language sql volatile security definer set search_path = pg_catalog
return pg_try_advisory_lock(hashtext('doorstep seal: sealer'));
comment on function audit.seal_alone() is 'Takes the place of the sealer for this session; false when another has it';

create or replace function audit.leaves("first" bigint, most int) returns table (leaf_index bigint, hash text)
language sql stable rows 1000 security definer set search_path = pg_catalog
begin atomic
	select l.leaf_index, encode(l.hash, 'hex') from audit.leaf l where l.leaf_index >= "first"
	 order by l.leaf_index limit most;
end;
comment on function audit.leaves(bigint, int) is 'The hashes of leaves, in hex, from one on';

-- Keeps what was signed.  Answers false when the checkpoint of that size is another.
create or replace function audit.checkpoint_add(size bigint, root text, note text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	insert into audit.checkpoint (size, root, note) values (size, decode(root, 'hex'), note) on conflict do nothing;
	return exists (select from audit.checkpoint c
	                where c.size = checkpoint_add.size and c.root = decode(checkpoint_add.root, 'hex'));
end;
$$;
comment on function audit.checkpoint_add(bigint, text, text) is 'Keeps a signed checkpoint';

create or replace function audit.checkpoint_last() returns table (size bigint, note text)
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	select c.size, c.note from audit.checkpoint c order by c.size desc limit 1;
end;
comment on function audit.checkpoint_last() is 'The signed checkpoint of the largest tree';
