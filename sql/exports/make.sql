-- Making the exports that wait: what the program exports calls, and no other.

-- The token that an export is made with ends with its making, however that ends.
create or replace function data.export_token_ends() returns trigger
language plpgsql volatile
as $$
begin
	if new.state <> 'running' then
		new.token_hash := null;
	end if;
	if new.token_hash is distinct from old.token_hash then
		update auth.token t set revoked_at = clock_timestamp()
		 where t.token_hash = old.token_hash and t.revoked_at is null;
	end if;
	return new;
end;
$$;
comment on function data.export_token_ends() is 'Trigger: revokes the token of an export that is not being made any more, or is begun anew';
create or replace trigger token_ends before update on data.export
	for each row execute function data.export_token_ends();

-- Who could not be told keeps no export from ending.
create or replace function data.export_end(export bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.export_tell(export);
exception when others then
	raise warning 'export %: nobody was told: % (%)', export, sqlerrm, sqlstate;
end;
$$;
comment on function data.export_end(bigint) is 'Tells whom it concerns that an export has ended';

create or replace function data.export_fail(export bigint, problem text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.export e set state = 'failed', problem = export_fail.problem, ended_at = clock_timestamp()
	 where e.export_id = export and e.state in ('waiting', 'running');
	if found then
		perform data.export_end(export);
	end if;
end;
$$;
comment on function data.export_fail(bigint, text) is 'Notes that an export failed for good, and why';

-- Back among those that wait.  why: what went badly with this try, a sentence; null: what
-- made it was only told to stop, which is no try.  The next try comes after 1 min, 2 min,
-- 4 min … 1 h.  Who asked for one waits for it, and is told after four tries; what a
-- schedule makes is tried nine times in three hours, in which a disk can be mended.
create or replace function data.export_again(export bigint, why text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
begin
	select e.* into its from data.export e
	 where e.export_id = export and e.state = 'running' for no key update;
	if why is not null and its.tries >= (case when its.schedule_id is null then 4 else 9 end) then
		perform data.export_fail(export, format('%s It was tried %s times: ask for less, or tell who runs Doorstep.',
			why, its.tries));
		return;
	end if;
	update data.export e
	   set state = 'waiting', problem = coalesce(why, e.problem), tries = e.tries - (why is null)::int,
	       next_try_at = clock_timestamp() + case when why is null then interval '0'
	           else watch.pause(its.tries, '1 minute', '1 hour') end
	 where e.export_id = its.export_id;
end;
$$;
comment on function data.export_again(bigint, text) is 'Puts an export back that was broken off; it is tried again after a pause';

create or replace function data.exports_expire() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
begin
	for its in select e.* from data.export e where e.state = 'done' and e.expires_at <= clock_timestamp()
	            order by e.expires_at for update skip locked loop
		begin
			update data.export e set state = 'expired', link_hash = null, link_until = null
			 where e.export_id = its.export_id;
			perform data.export_throw_away(its.export_id), data.export_settle(its.export_id, 'It has expired.');
		exception when others then -- one that cannot be thrown away keeps no other
			raise warning 'export %: % (%)', its.export_id, sqlerrm, sqlstate;
		end;
	end loop;
end;
$$;
comment on function data.exports_expire() is 'Throws away the files whose time is over';

-- What a crash took with its unlogged table is made again, of what there is now.
create or replace function data.exports_lost() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
begin
	for its in select e.* from data.export e
	            where e.state = 'done' and e.expires_at > clock_timestamp() and e.byte_count > 0
	              and not exists (select from data.export_piece p where p.export_id = e.export_id)
	            order by e.export_id for update skip locked loop
		begin
			update data.export e
			   set state = 'waiting', tries = 0, next_try_at = clock_timestamp(), media_type = null, file_name = null,
			       row_count = null, byte_count = null, sha256 = null, ended_at = null, expires_at = null,
			       link_hash = null, link_until = null
			 where e.export_id = its.export_id;
		exception when others then
			raise warning 'export %: % (%)', its.export_id, sqlerrm, sqlstate;
		end;
	end loop;
end;
$$;
comment on function data.exports_lost() is 'Has the files made again that the end of the database took';

-- The name of a session says who works on what.
create or replace function data.exports_broken_off() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
begin
	for its in select e.* from data.export e
	            where e.state = 'running' and e.started_at < clock_timestamp() - interval '30 seconds'
	              and data.session_step('export ' || e.export_id, session_user) is null loop
		begin
			perform data.export_again(its.export_id, 'It was broken off.');
		exception when others then
			raise warning 'export %: % (%)', its.export_id, sqlerrm, sqlstate;
		end;
	end loop;
end;
$$;
comment on function data.exports_broken_off() is 'Puts back what nobody works on any more';

create or replace function data.exports_tidy() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.exports_expire(), data.exports_lost(), data.exports_broken_off(), data.schedules_due();
end;
$$;
comment on function data.exports_tidy() is 'Throws away what has expired, takes up what was lost or broken off, asks for what is due';

-- Says what this session does, as it is seen at once.  False when nobody wants it any more.
create or replace function data.export_working(export bigint, words text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform set_config('application_name', format('export %s: %s', export, words), false);
	return exists (select from data.export e where e.export_id = export and e.state = 'running');
end;
$$;
comment on function data.export_working(bigint, text) is 'Says how far an export is; answers whether it is still wanted';

-- Null when it may; the scope to have exports made may have gone, or that of the report,
-- or whom it is for.
create or replace function data.export_why_not(its data.export) returns text
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	asker auth.client;
	lost  text;
begin
	select c.* into asker from auth.client c where c.client_id = its.client_id and c.disabled_at is null;
	if not found then
		return 'The client was shut out.';
	end if;
	select string_agg(w.scope, ' and ' order by w.n) into lost
	  from unnest(array[case when its.schedule_id is null then 'exports:write' else 'schedules:write' end,
	                    its.scopes[1]]) with ordinality as w (scope, n)
	 where w.scope <> all (asker.scopes);
	return case when lost is not null
	            then format('The client may not export this any more: it has lost the scope %s.', lost)
	            when not exists (select from data.export_holder(its))
	            then 'Whom it is for may not read it any more, or not in this format.' end;
end;
$$;
comment on function data.export_why_not(data.export) is 'Why an export may not be made; null when it may';

-- The next that waits, each client in its turn: first who was served least lately.
create or replace function data.export_next() returns data.export
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
begin
	select e.* into its from data.export e
	 where e.state = 'waiting' and e.next_try_at <= clock_timestamp()
	 order by (select max(o.started_at) from data.export o where o.client_id = e.client_id) nulls first, e.export_id
	 limit 1 for no key update skip locked;
	return its;
end;
$$;
comment on function data.export_next() is 'The export that is to be made next, locked; null when none waits';

-- The next, with a token for as long as it may take.  client_id: who asked; schedule:
-- its number; null of one that was asked for.  No row when none waits.
create or replace function data.export_claim()
returns table (export_id bigint, path text, token text, request_id text, folder text, client_id text, schedule bigint)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its    data.export;
	holder record;
	why    text;
	made   text := auth.random_secret();
	hash   bytea := sha256(convert_to(made, 'UTF8'));
begin
	loop
		its := data.export_next();
		if its.export_id is null then
			return;
		end if;
		perform auth.posts_hold(s.staff_id) from data.schedule s
		  where s.schedule_id = its.schedule_id and s.staff_id is not null;
		why := data.export_why_not(its);
		exit when why is null;
		perform data.export_fail(its.export_id, why);
	end loop;
	select h.* into holder from data.export_holder(its) h;
	insert into auth.token (token_hash, client_id, scopes, own_scopes, reasoned_scopes, formats, acting_at, whole_trust,
	                        expires_at)
	values (hash, holder.client_id, holder.scopes, holder.own_scopes, holder.reasoned_scopes, holder.formats,
	        holder.school, holder.whole_trust, clock_timestamp() + interval '2 hours');
	update data.export e
	   set state = 'running', tries = e.tries + 1, started_at = clock_timestamp(), schools = holder.schools,
	       scopes = case when holder.client_id = e.client_id then e.scopes else holder.scopes end,
	       made_as = holder.client_id, token_hash = hash
	 where e.export_id = its.export_id;
	perform data.export_working(its.export_id, 'beginning');
	return query select its.export_id, its.path, made, its.request_id, (select s.folder from data.schedule s
		where s.schedule_id = its.schedule_id), its.client_id, its.schedule_id;
end;
$$;
comment on function data.export_claim() is 'The next export to be made, with a token';

create or replace function data.export_add_piece(export bigint, piece int, content bytea) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	insert into data.export_piece (export_id, position, content) values (export, piece, content);
end;
comment on function data.export_add_piece(bigint, int, bytea) is 'Keeps a piece of the file of an export';

-- In the transaction that kept the pieces.  stays: whether the file stays here, an
-- hour, or three days where somebody is told by e-mail; otherwise it is in its folder.
-- False when the export was called off meanwhile: then nothing is to be kept.
create or replace function data.export_done(export bigint, media_type text, file_name text, row_count bigint,
	byte_count bigint, sha256 text, stays boolean) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.export e
	   set state = 'done', problem = null, media_type = export_done.media_type, file_name = export_done.file_name,
	       row_count = export_done.row_count, byte_count = export_done.byte_count,
	       sha256 = decode(export_done.sha256, 'hex'),
	       ended_at = clock_timestamp(),
	       expires_at = case when stays then clock_timestamp()
	           + case when e.schedule_id is null then interval '1 hour' else interval '3 days' end end
	 where e.export_id = export and e.state = 'running';
	if not found then
		return false;
	end if;
	perform data.export_end(export);
	return true;
end;
$$;
comment on function data.export_done(bigint, text, text, bigint, bigint, text, boolean) is 'Notes that an export is there';
