-- What a person changes of their own account, and by a link that was mailed to them.
-- Passwords are hashed and compared by the program: here are hashes only.

-- The hash that the person's password is compared with before they change something that
-- matters, and what the new one must not be; counted as a sign-in is.
create or replace function auth.own_password() returns table (wait int, password_hash text, login text, name text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account();
begin
	wait := auth.attempt_wait(array[auth.attempt_key('own', its.client_id)], '{5}');
	if wait = 0 then
		select its.password_hash, its.login, s.given_name || ' ' || s.family_name
		  into password_hash, login, name from data.staff s where s.staff_id = its.staff_id;
	end if;
	return next;
end;
$$;
comment on function auth.own_password() is 'The hash of the password of the person who asks; counts that it was asked for';

-- The account of who asks, once its password was found right.  Fails with DS003 when it is
-- another by now.
create or replace function auth.own_account_proven(password_hash text) returns auth.account
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account();
begin
	if its.password_hash is distinct from own_account_proven.password_hash then
		raise exception 'The password has changed meanwhile.' using errcode = 'DS003';
	end if;
	perform auth.attempts_forget(array[auth.attempt_key('own', its.client_id)]);
	return its;
end;
$$;
comment on function auth.own_account_proven(text) is 'The account of who asks, once its password was found right';

-- Sets the password; whoever is signed in as this person is signed out, links that were
-- mailed end, and the person goes on in a session with another token.
create or replace function auth.password_change(password_hash text, new_hash text, token_hash text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its  auth.account := auth.own_account_proven(password_hash);
	here auth.token := auth.asking();
begin
	update auth.account a set password_hash = new_hash, password_set_at = now() where a.client_id = its.client_id;
	perform auth.posts_hold(its.staff_id), auth.links_end(its.client_id), auth.sessions_revoke(its.client_id),
	        auth.session_make(its, token_hash, here.acting_at, here.whole_trust, here.expires_at);
	return auth.session_seen();
end;
$$;
comment on function auth.password_change(text, text, text) is 'Sets the password of who asks, and signs out all others';

-- Keeps the key of one-time codes, in hex, until a code of it is shown.  Fails with DS409
-- where codes are asked for already.
create or replace function auth.totp_begin(password_hash text, secret text) returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account_proven(password_hash);
begin
	if its.totp_since is not null then
		raise exception 'Codes are asked for already: remove that first.' using errcode = 'DS409';
	end if;
	update auth.account a set totp_secret = decode(secret, 'hex'), totp_step = null where a.client_id = its.client_id;
	return its.login;
end;
$$;
comment on function auth.totp_begin(text, text) is 'Keeps the key of one-time codes until a code of it is shown';

-- The key, in hex, of which a code is yet to be shown; null without one.
create or replace function auth.totp_waiting() returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account();
begin
	return case when its.totp_since is null then encode(its.totp_secret, 'hex') end;
end;
$$;
comment on function auth.totp_waiting() is 'The key of one-time codes of which a code is yet to be shown';

-- A code was shown: from now on one is asked for at sign-in.  step: the code's, used up by it.
create or replace function auth.totp_confirm(secret text, step bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account();
begin
	update auth.account a set totp_since = now(), totp_step = step
	 where a.client_id = its.client_id and a.totp_since is null and a.totp_secret = decode(secret, 'hex');
	if not found then
		raise exception 'The key has changed meanwhile.' using errcode = 'DS409';
	end if;
end;
$$;
comment on function auth.totp_confirm(text, bigint) is 'From now on a code is asked for at sign-in';

create or replace function auth.totp_remove(password_hash text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account_proven(password_hash);
begin
	update auth.account a set totp_secret = null, totp_since = null, totp_step = null
	 where a.client_id = its.client_id;
end;
$$;
comment on function auth.totp_remove(text) is 'No code is asked for any longer';

-- Ends every link of a person, and calls off those whose mail is on its way.
create or replace function auth.links_end(client text) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	delete from data.delivery d using auth.link l
	 where l.link_id = d.link_id and l.client_id = client and d.delivered_at is null;
	update auth.link l set used_at = clock_timestamp() where l.client_id = client and l.used_at is null;
end;
comment on function auth.links_end(text) is 'Ends every link of a person';

-- Mails a link.  An invitation takes the place of what was mailed before.  A stranger can
-- ask for a new password in somebody's name: that link ends no other.
create or replace function auth.link_send(client text, purpose text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	made bigint;
begin
	perform auth.links_end(client) where purpose = 'invitation';
	insert into auth.link (client_id, purpose) values (client, link_send.purpose) returning link_id into made;
	insert into data.delivery (link_id, channel, address)
	select made, 'email', a.login from auth.account a where a.client_id = client;
end;
$$;
comment on function auth.link_send(text, text) is 'Mails a link by which a person sets their password';

-- Whether a person has a link, or is about to, with which they need no other: its mail is
-- on its way; it is an invitation that holds; or it was asked for within five minutes.
create or replace function auth.link_suffices(client text) returns boolean
language sql stable security definer set search_path = pg_catalog
return exists (
	select from auth.link l
	 where l.client_id = client and l.used_at is null
	   and (exists (select from data.delivery d where d.link_id = l.link_id and d.delivered_at is null)
	        or (l.expires_at > clock_timestamp()
	            and (l.purpose = 'invitation' or l.asked_at > now() - interval '5 minutes'))));
comment on function auth.link_suffices(text) is 'Whether a person has a link with which they need no other';

-- Mails a link to who forgot their password, if there is such an account and it needs one.
-- Never says which.
create or replace function auth.reset_ask(login text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its text;
begin
	-- the client is held as well: who is shut out meanwhile is sent none
	select a.client_id into its from auth.account a join auth.client c using (client_id)
	 where a.login = lower(btrim(reset_ask.login)) and c.disabled_at is null for no key update of a, c;
	perform auth.link_send(its, 'reset') where found and not auth.link_suffices(its);
end;
$$;
comment on function auth.reset_ask(text) is 'Mails a link to who forgot their password';

-- Whose link it is, while it holds.  Fails with DS410.
create or replace function auth.link_open(token_hash text) returns table (login text, name text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	return query
	select a.login, s.given_name || ' ' || s.family_name
	  from auth.link l join auth.account a using (client_id) join auth.client c using (client_id)
	       join data.staff s using (staff_id)
	 where l.token_hash = decode(link_open.token_hash, 'hex') and l.used_at is null
	   and l.expires_at > clock_timestamp() and c.disabled_at is null
	   for no key update of l;
	if not found then
		raise exception 'This link was used, or has ended: ask for another.' using errcode = 'DS410';
	end if;
end;
$$;
comment on function auth.link_open(text) is 'Whose link it is, while it holds';

-- Sets the password by a link, which is used up, as is every other; whoever is signed in as
-- this person is signed out, no provider vouches for them by what it called them, and this
-- browser is known from now on.  Answers the login.  Fails with DS410.
create or replace function auth.link_use(token_hash text, new_hash text, new_device_hash text) returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its   text;
	named text;
begin
	-- the account before the link, as all do who end links
	select a.client_id into its from auth.link l join auth.account a using (client_id)
	 where l.token_hash = decode(link_use.token_hash, 'hex') for no key update of a;
	named := (select o.login from auth.link_open(token_hash) o);
	update auth.account a set password_hash = new_hash, password_set_at = now() where a.client_id = its;
	perform auth.links_end(its), auth.identities_drop(its), auth.sessions_revoke(its);
	delete from auth.device d where d.client_id = its;
	perform auth.device_keep(its, null, new_device_hash);
	return named;
end;
$$;
comment on function auth.link_use(text, text, text) is 'Sets the password by a link, which is used up';
