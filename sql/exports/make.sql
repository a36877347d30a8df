-- Making the exports that wait: what the program exports calls, and no other.

-- Ended: its token is of no more use, and who is to be told is.
create or replace function data.export_end(export bigint, token text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update auth.token t set revoked_at = clock_timestamp()
	 where t.token_hash = sha256(convert_to(token, 'UTF8')) and t.revoked_at is null;
	perform data.export_tell(export);
end;
$$;
comment on function data.export_end(bigint, text) is 'Revokes the token of an export that has ended, and tells whom its schedule names';

create or replace function data.export_fail(export bigint, problem text, token text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.export e set state = 'failed', problem = export_fail.problem, ended_at = clock_timestamp()
	 where e.export_id = export and e.state in ('waiting', 'running');
	if found then
		perform data.export_end(export, token);
	end if;
end;
$$;
comment on function data.export_fail(bigint, text, text) is 'Notes that an export failed, and why';

-- Back among those that wait: what made it has ended.  At the third time it fails; one
-- that was only told to stop is no time.
create or replace function data.export_again(export bigint, counts boolean default true) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if counts and (select e.tries from data.export e where e.export_id = export) >= 3 then
		perform data.export_fail(export, 'It was broken off three times: ask for less, or tell who runs Doorstep.', null);
	else
		update data.export e set state = 'waiting', tries = e.tries - (not counts)::int
		 where e.export_id = export and e.state = 'running';
	end if;
end;
$$;
comment on function data.export_again(bigint, boolean) is 'Puts an export back that was broken off';

-- Throws away what has expired, takes up what was broken off (the name of a session
-- says who works on what), asks for what is due by a schedule.
create or replace function data.exports_tidy() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	with gone as (
		update data.export e set state = 'expired', link_hash = null, link_until = null
		 where e.state = 'done' and e.expires_at <= clock_timestamp() returning e.export_id)
	delete from data.export_piece p using gone where p.export_id = gone.export_id;
	perform data.export_again(e.export_id) from data.export e
	 where e.state = 'running' and e.started_at < clock_timestamp() - interval '30 seconds'
	   and data.session_step('export ' || e.export_id, session_user) is null;
	perform data.schedules_due();
end;
$$;
comment on function data.exports_tidy() is 'Throws away what has expired, takes up what was broken off, asks for what is due';

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

-- The next that waits, with a token of its client for as long as it may take: made
-- with the scopes that it was asked for with, as far as the client still has them.
-- No row when none waits.
create or replace function data.export_claim()
returns table (export_id bigint, path text, token text, request_id text, folder text, client_id text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its    data.export;
	holder auth.client;
	made   text := auth.random_secret();
begin
	loop
		select e.* into its from data.export e
		 where e.state = 'waiting' order by e.export_id limit 1 for update skip locked;
		if not found then
			return;
		end if;
		select c.* into holder from auth.client c
		 where c.client_id = its.client_id and c.disabled_at is null and its.scopes[1] = any (c.scopes)
		   and c.scopes && '{exports:write,schedules:write}';
		exit when found;
		perform data.export_fail(its.export_id, 'The client may not export this any more.', null);
	end loop;
	insert into auth.token (token_hash, client_id, scopes, expires_at)
	values (sha256(convert_to(made, 'UTF8')), its.client_id,
	        array(select s from unnest(its.scopes) as s where s = any (holder.scopes)),
	        clock_timestamp() + interval '2 hours');
	update data.export e
	   set state = 'running', tries = e.tries + 1, started_at = clock_timestamp(), schools = auth.schools_of(holder)
	 where e.export_id = its.export_id;
	perform data.export_working(its.export_id, 'beginning');
	return query select its.export_id, its.path, made, its.request_id, (select s.folder from data.schedule s
		where s.schedule_id = its.schedule_id), its.client_id;
end;
$$;
comment on function data.export_claim() is 'The next export to be made, with a token of its client';

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
	byte_count bigint, sha256 text, stays boolean, token text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.export e
	   set state = 'done', media_type = export_done.media_type, file_name = export_done.file_name,
	       row_count = export_done.row_count, byte_count = export_done.byte_count,
	       sha256 = decode(export_done.sha256, 'hex'),
	       ended_at = clock_timestamp(),
	       expires_at = case when stays then clock_timestamp()
	           + case when e.schedule_id is null then interval '1 hour' else interval '3 days' end end
	 where e.export_id = export and e.state = 'running';
	if not found then
		return false;
	end if;
	perform data.export_end(export, token);
	return true;
end;
$$;
comment on function data.export_done(bigint, text, text, bigint, bigint, text, boolean, text) is 'Notes that an export is there';
