-- Sessions of people.  One is an access token like that of a program: it has what the
-- person's roles give at the school at which they act, or for the trust, and the scope
-- "session", which opens the session itself.  A person with several places acts at one at
-- a time.

-- Where a member of staff may act today; school null: for the whole trust.
create or replace function auth.places_of(staff bigint)
returns table (school_urn int, name text, roles data.staff_role[])
language sql stable rows 3 security definer set search_path = pg_catalog
begin atomic
	select p.school_urn, s.name, p.roles
	  from data.post p join data.school s on s.urn = p.school_urn
	       cross join lateral auth.rights_of(staff, p.school_urn) r
	 where p.staff_id = staff and data.lasts(p.left_on) and r.scopes is not null
	union all
	select null, 'The whole trust', array(select distinct role from data.post p, unnest(p.roles) as role
	                                       where p.staff_id = staff and data.lasts(p.left_on)
	                                         and role in (select g.role from auth.rights() g where g.reach = 'trust'))
	  from auth.rights_of(staff, null) r where r.scopes is not null
	 order by 1;
end;
comment on function auth.places_of(bigint) is 'Where a member of staff may act today';

-- Locks a person's posts: a change of them either is seen from here on, or waits until the
-- session that is made of them is there, and ends it.  Who changes a post locks sessions
-- after it; so whoever ends one session and makes another does this first.
create or replace function auth.posts_hold(staff bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform from data.post p where p.staff_id = staff order by p.school_urn for share;
end;
$$;
comment on function auth.posts_hold(bigint) is 'Locks the posts of a person, of which a session is made';

-- Makes a session and binds it to the transaction, for the trail.  school and whole_trust
-- both unsaid: at the only place that there is, or at none yet.  The posts are held.  Fails
-- with DS422.
create or replace function auth.session_make(account auth.account, token_hash text, school int, whole_trust boolean,
	expires_at timestamptz) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	places int[] := array(select p.school_urn from auth.places_of(account.staff_id) p);
	acts   boolean := school is not null or coalesce(whole_trust, false);
begin
	if acts and not exists (select from unnest(places) as p where p is not distinct from school) then
		raise exception 'This is none of the places at which you may act.' using errcode = 'DS422',
			detail = jsonb_build_array(jsonb_build_object('pointer',
				case when school is null then '/whole_trust' else '/school' end,
				'detail', 'must be one of your places'))::text;
	elsif not acts and cardinality(places) = 1 then
		school := places[1];
		acts := true;
	end if;
	perform set_config('doorstep.token', token_hash, true);
	insert into auth.token (token_hash, client_id, scopes, own_scopes, reasoned_scopes, formats, acting_at,
		whole_trust, expires_at)
	select decode(session_make.token_hash, 'hex'), account.client_id, coalesce(r.scopes, '{}') || '{session}'::text[],
	       coalesce(r.own_scopes, '{}'), coalesce(r.reasoned_scopes, '{}'), coalesce(r.formats, '{}'), school,
	       acts and school is null, session_make.expires_at
	  from (select) as one left join auth.rights_of(account.staff_id, school) r on acts;
	delete from auth.token t
	 where t.client_id = account.client_id and t.expires_at < now() - interval '1 day';
end;
$$;
comment on function auth.session_make(auth.account, text, int, boolean,
	timestamptz) is 'Makes a session and binds it to the transaction';

-- The session that asks, for who has it.
create or replace function auth.session_seen() returns jsonb
language sql stable security definer set search_path = pg_catalog
begin atomic
	select jsonb_build_object('login', a.login, 'given_name', s.given_name, 'family_name', s.family_name,
		'staff', a.staff_id, 'school', t.acting_at, 'whole_trust', t.whole_trust,
		'places', (select jsonb_agg(jsonb_build_object('school', p.school_urn, 'name', p.name, 'roles', p.roles))
		             from auth.places_of(a.staff_id) p),
		'scopes', t.scopes, 'own_scopes', t.own_scopes, 'reasoned_scopes', t.reasoned_scopes, 'formats', t.formats,
		'totp', a.totp_since is not null, 'expires_at', data.rfc3339(t.expires_at))
	  from auth.asking() t join auth.account a using (client_id) join data.staff s using (staff_id);
end;
comment on function auth.session_seen() is 'The session that asks, for who has it';

-- The account of the session that asks, locked.  Fails with DS403 when it is no person's,
-- with DS401 when it has ended meanwhile.
create or replace function auth.own_account() returns auth.account
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account;
begin
	select a.* into its from auth.account a where a.client_id = (auth.asking()).client_id for no key update;
	if not found then
		raise exception 'This is for people who signed in.' using errcode = 'DS403';
	elsif (auth.asking()).revoked_at is not null then -- while this waited for who shut them out
		raise exception 'The token is unknown, expired or revoked: get a new one from /oauth2/token.'
			using errcode = 'DS401';
	end if;
	return its;
end;
$$;
comment on function auth.own_account() is 'The account of the session that asks, locked';

-- Ends sessions of a client: the one with this token, or all.
create or replace function auth.sessions_revoke(client text, token_hash bytea default null) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	update auth.token t set revoked_at = clock_timestamp()
	 where t.client_id = client and (sessions_revoke.token_hash is null or t.token_hash = sessions_revoke.token_hash)
	   and t.revoked_at is null and t.expires_at > now();
end;
comment on function auth.sessions_revoke(text, bytea) is 'Ends sessions of a client: the one with this token, or all';

-- Begins a sign-in.  login: as it was typed; source: the address it came from; device_hash:
-- of the device's cookie, null without one.  wait: seconds, when it is to wait, and then
-- nothing else is told.  Who does not exist has neither hash nor secret; whether somebody
-- may act anywhere is looked at in the end, for it takes a time that could be measured.
create or replace function auth.sign_in_try(login text, source text, device_hash text)
returns table (wait int, password_hash text, totp_secret text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	named  text := lower(btrim(login));
	at     timestamptz := clock_timestamp();
	its    record;
	device auth.device;
begin
	select a.client_id, a.password_hash, case when a.totp_since is not null then a.totp_secret end as totp_secret
	  into its from auth.account a join auth.client c using (client_id)
	 where a.login = named and c.disabled_at is null;
	select d.* into device from auth.device d
	 where d.client_id = its.client_id and d.device_hash = decode(sign_in_try.device_hash, 'hex') for update;
	if not found then
		wait := auth.attempt_wait(
			array[auth.attempt_key('login', named), auth.attempt_key('login', named, auth.source_of(source))], '{30,5}');
	elsif device.next_at > at then
		wait := ceil(extract(epoch from device.next_at - at));
	else
		wait := 0;
		update auth.device d
		   set failures = d.failures + 1, next_at = at + auth.wait_after(d.failures + 1, 5)
		 where d.device_id = device.device_id;
	end if;
	if wait = 0 then
		password_hash := its.password_hash;
		totp_secret := encode(its.totp_secret, 'hex');
	end if;
	return next;
end;
$$;
comment on function auth.sign_in_try(text, text, text) is 'Begins a sign-in: counts it, and answers what it is checked against';

-- Remembers the browser of a person, or that they signed in there again; the twenty latest.
create or replace function auth.device_keep(client text, device_hash text, new_device_hash text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	delete from auth.device d where d.client_id = client and d.device_hash = decode(device_keep.device_hash, 'hex');
	insert into auth.device (client_id, device_hash) values (client, decode(new_device_hash, 'hex'));
	delete from auth.device d where d.device_id in (
		select o.device_id from auth.device o where o.client_id = client order by o.device_id desc offset 20);
end;
$$;
comment on function auth.device_keep(text, text, text) is 'Remembers the browser on which a person signed in';

-- Ends a sign-in that succeeded: password_hash as it was told, checked; step: of the code,
-- where one is asked for; new_hash: where the password is to be hashed anew; token_hash: of
-- the new session, seconds: how long it holds; was: hash of the session that the browser
-- had.  Fails with DS003 when the account has changed since, the code was used, or there is
-- no place at which the person may act; DS422.
create or replace function auth.sign_in_done(login text, source text, device_hash text, new_device_hash text,
	password_hash text, step bigint, new_hash text, token_hash text, seconds int, school int, whole_trust boolean,
	was text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its   auth.account;
	named text := lower(btrim(login));
begin
	-- the client is held as well: who is shut out meanwhile stays out
	select a.* into its from auth.account a join auth.client c using (client_id)
	 where a.login = named and a.password_hash = sign_in_done.password_hash and c.disabled_at is null
	   and (a.totp_since is null or step > coalesce(a.totp_step, 0)) for no key update of a, c;
	perform auth.posts_hold(its.staff_id);
	if its.client_id is null or not exists (select from auth.places_of(its.staff_id)) then
		raise exception 'Login, password or code is wrong.' using errcode = 'DS003';
	end if;
	perform auth.sessions_revoke(its.client_id, decode(was, 'hex')) where was is not null;
	perform auth.session_make(its, token_hash, school, whole_trust, now() + make_interval(secs => seconds));
	update auth.account a
	   set totp_step = case when a.totp_since is null then a.totp_step else step end,
	       password_hash = coalesce(new_hash, a.password_hash)
	 where a.client_id = its.client_id;
	perform auth.device_keep(its.client_id, device_hash, new_device_hash),
	        auth.attempts_forget(array[auth.attempt_key('login', named),
	                                   auth.attempt_key('login', named, auth.source_of(source))]);
	return auth.session_seen();
end;
$$;
comment on function auth.sign_in_done(text, text, text, text, text, bigint, text, text, int, int, boolean,
	text) is 'Ends a sign-in that succeeded: makes the session';

-- The person goes on at another of their places, in a session with another token that ends
-- when this one would.  Fails with DS422.
create or replace function auth.session_move(school int, whole_trust boolean, token_hash text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its  auth.account := auth.own_account();
	here auth.token := auth.asking();
begin
	perform auth.posts_hold(its.staff_id), auth.sessions_revoke(its.client_id, here.token_hash),
	        auth.session_make(its, token_hash, school, whole_trust, here.expires_at);
	return auth.session_seen();
end;
$$;
comment on function auth.session_move(int, boolean, text) is 'Goes on at another place';

create or replace function auth.session_end() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform auth.sessions_revoke((auth.own_account()).client_id, (auth.asking()).token_hash);
end;
$$;
comment on function auth.session_end() is 'Signs out';

-- Everywhere: and the browsers are not known any longer, nor does a link hold.
create or replace function auth.sessions_end() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.account := auth.own_account();
begin
	perform auth.links_end(its.client_id), auth.sessions_revoke(its.client_id);
	delete from auth.device d where d.client_id = its.client_id;
end;
$$;
comment on function auth.sessions_end() is 'Signs out everywhere';
