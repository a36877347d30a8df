-- Single sign-on.  What a provider says is checked by the program; here is who that is, and
-- that a person who comes back is the one who was sent.

-- Keeps that somebody is sent to a provider; hashes in hex.
create or replace function auth.sign_on_begin(state_hash text, cookie_hash text, provider text,
	seconds int) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	delete from auth.sign_on s where s.state_hash in (
		select o.state_hash from auth.sign_on o where o.expires_at < now() order by o.expires_at limit 100
		   for update skip locked);
	insert into auth.sign_on (state_hash, cookie_hash, provider, expires_at)
	values (decode(sign_on_begin.state_hash, 'hex'), decode(sign_on_begin.cookie_hash, 'hex'), sign_on_begin.provider,
	        clock_timestamp() + make_interval(secs => seconds));
end;
$$;
comment on function auth.sign_on_begin(text, text, text, int) is 'Keeps that somebody is sent to a provider';

-- Whether somebody is back who was sent: once, in the same browser, in time, and from that
-- provider.  False uses it up as well.
create or replace function auth.sign_on_take(state_hash text, cookie_hash text, provider text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.sign_on;
begin
	delete from auth.sign_on s where s.state_hash = decode(sign_on_take.state_hash, 'hex') returning s.* into its;
	return coalesce(its.cookie_hash = decode(sign_on_take.cookie_hash, 'hex') and its.provider = sign_on_take.provider
	                and its.expires_at > clock_timestamp(), false);
end;
$$;
comment on function auth.sign_on_take(text, text, text) is 'Takes back somebody who was sent to a provider';

-- Makes the session of who a provider vouches for.  email: an address that it has verified,
-- by which the person may be found the first time; null where that is not to be.  Fails
-- with DS003.
create or replace function auth.sign_on_done(issuer text, subject text, email text, token_hash text, seconds int,
	was text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account;
begin
	-- held before it is looked at, as it is by whoever drops identities
	perform from auth.identity i join auth.account a using (client_id)
	  where i.issuer = sign_on_done.issuer and i.subject = sign_on_done.subject for no key update of a;
	select a.* into its from auth.identity i join auth.account a using (client_id)
	 where i.issuer = sign_on_done.issuer and i.subject = sign_on_done.subject;
	if not found and email is not null then
		select a.* into its from auth.account a
		 where a.login = lower(email)
		   and not exists (select from auth.identity i where i.client_id = a.client_id and i.issuer = sign_on_done.issuer)
		   for no key update;
		insert into auth.identity (issuer, subject, client_id)
		select sign_on_done.issuer, sign_on_done.subject, its.client_id where its.client_id is not null;
	end if;
	perform auth.posts_hold(its.staff_id);
	if its.client_id is null or not exists (select from auth.places_of(its.staff_id))
	   or exists (select from auth.client c where c.client_id = its.client_id and c.disabled_at is not null) then
		raise exception 'Nobody here is known by this account.' using errcode = 'DS003';
	end if;
	perform auth.sessions_revoke(its.client_id, decode(was, 'hex')) where was is not null;
	perform auth.session_make(its, token_hash, null, null, now() + make_interval(secs => seconds));
	return auth.session_seen();
end;
$$;
comment on function auth.sign_on_done(text, text, text, text, int,
	text) is 'Makes the session of who a provider vouches for';

-- No provider vouches for a person any longer by what it called them: for who begins anew,
-- and may have lost what the provider goes by.  Where people are found by a verified
-- address or the name in a tenant, they are again.
create or replace function auth.identities_drop(client text) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	delete from auth.identity i where i.client_id = client;
end;
comment on function auth.identities_drop(text) is 'No provider vouches for a person by what it called them';
