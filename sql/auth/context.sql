-- Who is asking.  A request is bound to its access token: the transaction
-- carries the token's hash in the setting doorstep.token, and everything that
-- row-level security needs is derived from it here.  A program that is made to
-- run foreign SQL can't forge another client's view: it would need a hash that
-- it cannot read.

-- Opens a request: checks the token and its scope, binds them to the
-- transaction and answers the client's id.  token_hash: SHA-256 in hex.
-- Fails with DS401 (token unknown, expired, revoked, or client shut out) or
-- DS403 (the scope is not the token's).
create or replace function auth.begin(token_hash text, scope text, request_id text) returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	holder record;
begin
	select t.client_id, t.scopes into holder
	  from auth.token t join auth.client c using (client_id)
	 where t.token_hash = decode("begin".token_hash, 'hex')
	   and t.revoked_at is null and t.expires_at > now() and c.disabled_at is null;
	if not found then
		raise exception 'The token is unknown, expired or revoked: get a new one from /oauth2/token.'
			using errcode = 'DS401';
	end if;
	if scope <> all (holder.scopes) then
		raise exception 'The token lacks the scope %.', scope using errcode = 'DS403';
	end if;
	perform set_config('doorstep.token', token_hash, true),
	        set_config('doorstep.request_id', request_id, true);
	return holder.client_id;
end;
$$;
comment on function auth.begin(text, text, text) is 'Opens a request: checks token and scope and binds them to the transaction';

-- The client whose token the transaction carries; null without one.
create or replace function auth.client_id() returns text
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return (select t.client_id from auth.token t
	         where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex'));
end;
$$;
comment on function auth.client_id() is 'The client whose token the transaction carries; null without one';

-- The URNs of the schools that a client may see.
create or replace function auth.schools_of(client auth.client) returns int[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	if client.all_schools then
		return coalesce((select array_agg(s.urn) from data.school s), '{}');
	end if;
	return coalesce((select array_agg(s.school_urn) from auth.client_school s
	                  where s.client_id = client.client_id), '{}');
end;
$$;
comment on function auth.schools_of(auth.client) is 'The URNs of the schools that a client may see';

-- The URNs of the schools that the client may see; empty without a token.
create or replace function auth.schools() returns int[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	client auth.client;
begin
	select c.* into client
	  from auth.token t join auth.client c using (client_id)
	 where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex');
	return auth.schools_of(client);
end;
$$;
comment on function auth.schools() is 'The URNs of the schools that the client may see; empty without a token';

-- Whether the client sees every school, those to come included.
create or replace function auth.sees_all_schools() returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return coalesce((select c.all_schools from auth.token t join auth.client c using (client_id)
	                  where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex')), false);
end;
$$;
comment on function auth.sees_all_schools() is 'Whether the client sees every school, those to come included';

-- The scopes of the token; null without one.
create or replace function auth.scopes() returns text[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return (select t.scopes from auth.token t
	         where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex'));
end;
$$;
comment on function auth.scopes() is 'The scopes of the token; null without one';

-- Whether the token has one of these scopes; false without a token.
create or replace function auth.has_scope(variadic wanted text[]) returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return exists (select from auth.token t
	                where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex')
	                  and t.scopes && wanted);
end;
$$;
comment on function auth.has_scope(text[]) is 'Whether the token has one of these scopes; false without a token';
