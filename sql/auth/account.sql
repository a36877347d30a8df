-- Accounts, for who administers them: with the scope accounts:read or accounts:write, those
-- of staff whose every post that is held now is at a school that is seen: an account is one
-- for all of a person's posts, and no school shuts them out of another, or opens it to
-- somebody else.  Who may something for the whole trust, and who has left, is administered
-- by who sees the whole trust.

-- The members of staff whose accounts may be seen, or made and changed.
create or replace function auth.staff_administered() returns setof bigint
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	seen int[] := auth.schools();
begin
	if auth.sees_all_schools() then
		return query select s.staff_id from data.staff s;
	end if;
	return query
	select p.staff_id from data.post p where data.lasts(p.left_on)
	 group by p.staff_id
	having bool_and(p.school_urn = any (seen))
	   and not exists (select from auth.rights_of(p.staff_id, null) r where r.scopes is not null);
end;
$$;
comment on function auth.staff_administered() is 'The members of staff whose accounts may be administered';

-- What is told of accounts: nothing that opens one.
create or replace function auth.accounts_seen() returns table (id bigint, login text, given_name text, family_name text,
	password_set_at timestamptz, totp boolean, invited_at timestamptz, signed_in_at timestamptz, created_at timestamptz,
	disabled_at timestamptz)
language sql stable rows 100 security definer set search_path = pg_catalog
begin atomic
	select a.staff_id, a.login, s.given_name, s.family_name, a.password_set_at, a.totp_since is not null,
	       (select max(l.asked_at) from auth.link l where l.client_id = a.client_id and l.purpose = 'invitation'),
	       (select max(d.used_at) from auth.device d where d.client_id = a.client_id), a.created_at, c.disabled_at
	  from auth.account a join auth.client c using (client_id) join data.staff s using (staff_id)
	 where auth.has_scope('accounts:read', 'accounts:write') and a.staff_id in (select auth.staff_administered());
end;
comment on function auth.accounts_seen() is 'The accounts that may be seen';

-- The client of a member of staff whose account is to be changed, locked.  Fails with DS404.
create or replace function auth.account_locked(staff bigint) returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its text;
begin
	select a.client_id into its from auth.account a
	 where a.staff_id = staff and auth.has_scope('accounts:write') and a.staff_id in (select auth.staff_administered())
	   for no key update;
	if not found then
		raise exception 'There is no such account, or it is not yours to change.' using errcode = 'DS404';
	end if;
	return its;
end;
$$;
comment on function auth.account_locked(bigint) is 'The client of a member of staff whose account is to be changed, locked';

-- Makes the account itself; for whoever administers the trust's database, too, who makes
-- the first.  The person is mailed a link by which they choose their password.  Fails with
-- DS409 when there is one, or somebody else has the address; DS422 without an address.
create or replace function auth.account_create(staff bigint) returns text
language plpgsql volatile set search_path = pg_catalog
as $$
declare
	address text := (select nullif(lower(btrim(s.email)), '') from data.staff s where s.staff_id = staff);
	client  text := 'person.' || staff;
begin
	if address is null or address !~ '^[^[:space:]@]{1,64}@[^[:space:]@]{1,189}$' then
		raise exception 'The member of staff has no e-mail address.' using errcode = 'DS422',
			detail = '[{"pointer": "/staff", "detail": "has no e-mail address, with which people sign in"}]';
	elsif exists (select from auth.account a where a.staff_id = staff) then
		raise exception 'The member of staff has an account.' using errcode = 'DS409';
	elsif exists (select from auth.account a where a.login = address) then
		raise exception 'Somebody else signs in with this e-mail address.' using errcode = 'DS409';
	end if;
	insert into auth.client (client_id, title, scopes, all_schools)
	select client, 'Member of staff ' || s.staff_code, '{}', false from data.staff s where s.staff_id = staff;
	insert into auth.account (client_id, staff_id, login) values (client, staff, address);
	perform auth.link_send(client, 'invitation');
	return client;
end;
$$;
comment on function auth.account_create(bigint) is 'Makes the account of a member of staff, and mails the link to it';

-- Fails with DS403, DS422 (no such member of staff among those that may be administered).
create or replace function auth.account_add(staff bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if not coalesce(auth.has_scope('accounts:write'), false) then
		raise exception 'The token lacks the scope accounts:write.' using errcode = 'DS403';
	elsif staff not in (select auth.staff_administered()) then
		raise exception 'Some of what was sent does not fit the records.' using errcode = 'DS422',
			detail = '[{"pointer": "/staff", "detail": "is not a member of staff of your school"}]';
	end if;
	perform auth.account_create(staff);
end;
$$;
comment on function auth.account_add(bigint) is 'Makes the account of a member of staff, for who administers accounts';

-- Mails a new link, to the address that the member of staff has by now, with which they
-- sign in from then on; no provider vouches for them by what it called them.  Fails with DS404, DS409, DS422.
create or replace function auth.account_invite(staff bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	client  text := auth.account_locked(staff);
	address text := (select nullif(lower(btrim(s.email)), '') from data.staff s where s.staff_id = staff);
begin
	if exists (select from auth.account a where a.login = address and a.staff_id <> staff) then
		raise exception 'Somebody else signs in with this e-mail address.' using errcode = 'DS409';
	end if;
	update auth.account a set login = coalesce(address, a.login) where a.client_id = client;
	perform auth.identities_drop(client), auth.link_send(client, 'invitation');
end;
$$;
comment on function auth.account_invite(bigint) is 'Mails a person a new link';

-- Shuts a person out at once, and ends every link that was sent, or lets them in again: with
-- the password that they had, or by a new link.  Fails with DS404.
create or replace function auth.account_shut(staff bigint, shut boolean) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	client text := auth.account_locked(staff);
begin
	update auth.client c set disabled_at = case when shut then coalesce(c.disabled_at, now()) end
	 where c.client_id = client;
	perform auth.links_end(client), auth.sessions_revoke(client) where shut;
end;
$$;
comment on function auth.account_shut(bigint, boolean) is 'Shuts a person out, or lets them in again';

-- For who lost what makes their codes: none is asked for any longer, no provider vouches
-- for them by what it called them, and they are signed out.  Fails with DS404.
create or replace function auth.account_totp_remove(staff bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	client text := auth.account_locked(staff);
begin
	update auth.account a set totp_secret = null, totp_since = null, totp_step = null where a.client_id = client;
	perform auth.identities_drop(client), auth.sessions_revoke(client);
end;
$$;
comment on function auth.account_totp_remove(bigint) is 'No code is asked of a person any longer';
