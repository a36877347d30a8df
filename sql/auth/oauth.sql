-- OAuth 2 client credentials (RFC 6749 section 4.4) and revocation (RFC 7009).

-- The client's scopes, when id and secret are right; a change of them either is seen, or
-- waits until the token that is made is there, and revokes it.  secret_hash: SHA-256 in
-- hex.  Fails with DS001 alike for an unknown client and a wrong secret.
create or replace function auth.client_authenticate(client_id text, secret_hash text) returns text[]
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	found_scopes text[];
begin
	select c.scopes into found_scopes from auth.client c
	 where c.client_id = client_authenticate.client_id
	   and c.secret_hash = decode(client_authenticate.secret_hash, 'hex') and c.disabled_at is null
	   for share;
	if not found then
		raise exception 'The client is unknown or its secret is wrong.' using errcode = 'DS001';
	end if;
	return found_scopes;
end;
$$;
comment on function auth.client_authenticate(text, text) is 'The scopes of a client whose id and secret are right';

-- Stores a new token for the client and answers what it allows.
-- token_hash: SHA-256 in hex of the token that the program made.  scope: what
-- was asked for, blank-separated; null asks for all that the client may have.
-- Fails with DS001 as above, DS002 when a scope is asked that the client
-- doesn't have.
create or replace function auth.token_issue(client_id text, secret_hash text, token_hash text,
	scope text, seconds int)
returns table (token_type text, expires_in int, granted text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	allowed text[] := auth.client_authenticate(client_id, secret_hash);
	asked   text[] := coalesce(regexp_split_to_array(nullif(btrim(scope), ''), ' +'), allowed);
begin
	if not asked <@ allowed then
		raise exception 'The client may not have the scope %.',
			(select string_agg(s, ' ') from unnest(asked) s where s <> all (allowed))
			using errcode = 'DS002';
	end if;
	perform set_config('doorstep.token', token_hash, true);
	insert into auth.token (token_hash, client_id, scopes, expires_at)
	values (decode(token_issue.token_hash, 'hex'), token_issue.client_id, asked,
	        now() + make_interval(secs => seconds));
	delete from auth.token t
	 where t.client_id = token_issue.client_id and t.expires_at < now() - interval '1 day';
	return query select 'Bearer', seconds, array_to_string(asked, ' ');
end;
$$;
comment on function auth.token_issue(text, text, text, text, int) is 'Stores a new token for a client';

-- Revokes a token of the client at once; another client's, or an unknown one,
-- is left alone without a word (RFC 7009 section 2.2).  Fails with DS001.
create or replace function auth.token_revoke(client_id text, secret_hash text, token_hash text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform auth.client_authenticate(client_id, secret_hash),
	        set_config('doorstep.token', token_hash, true); -- for the trail
	update auth.token t set revoked_at = now()
	 where t.token_hash = decode(token_revoke.token_hash, 'hex')
	   and t.client_id = token_revoke.client_id and t.revoked_at is null;
end;
$$;
comment on function auth.token_revoke(text, text, text) is 'Revokes a token of the client';

-- 244 random bits, as base64url.
create or replace function auth.random_secret() returns text
language sql volatile set search_path = pg_catalog
return translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_');
comment on function auth.random_secret() is 'A secret of 244 random bits';

-- For whoever administers the trust's database, not for programs: makes a
-- client and answers its secret, which is shown this once.  schools: null for
-- every school, those to come included.
create or replace function auth.client_create(client_id text, title text, scopes text[], schools int[]) returns text
language plpgsql volatile set search_path = pg_catalog
as $$
declare
	secret text := auth.random_secret();
begin
	insert into auth.client (client_id, title, secret_hash, scopes, all_schools)
	values (client_id, title, sha256(convert_to(secret, 'UTF8')), scopes, schools is null);
	insert into auth.client_school (client_id, school_urn)
	select client_create.client_id, urn from unnest(schools) as urn;
	return secret;
end;
$$;
comment on function auth.client_create(text, text, text[], int[]) is 'Makes a client and answers its secret, shown this once';

-- A client has lost a scope, or has another secret, for somebody else may have had the one
-- before: its tokens were made of that.  Its schools and formats are looked at in each
-- request, and a scope more is in the next token.
create or replace function auth.client_changed() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform auth.sessions_revoke(new.client_id);
	return null;
end;
$$;
comment on function auth.client_changed() is 'Trigger: revokes the tokens of a client that has lost a scope, or has another secret';
create or replace trigger revokes_tokens after update of secret_hash, scopes on auth.client
	for each row when (old.secret_hash is distinct from new.secret_hash or not old.scopes <@ new.scopes)
	execute function auth.client_changed();
