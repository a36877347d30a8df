-- Who is asking.  A request is bound to its access token: the transaction
-- carries the token's hash in the setting doorstep.token, and everything that
-- row-level security needs is derived from it here.  A program that is made to
-- run foreign SQL can't forge another client's view: it would need a hash that
-- it cannot read.

-- Opens a request: checks the token, its scope and the format that is asked for,
-- binds them to the transaction and answers the client's id.  token_hash: SHA-256
-- in hex.  format: as in the suffix; null for none.  reason: why this is asked,
-- in words; null when not said.  Fails with DS401 (token unknown, expired, revoked,
-- or client shut out), DS403 (the scope is not the token's) or DS430 (the format is not;
-- the scope is one that opens nothing without a reason).
create or replace function auth.begin(token_hash text, scope text, request_id text, format text default null,
	reason text default null) returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	holder record;
	why    text := nullif(btrim(reason), '');
begin
	select t.client_id, t.scopes, t.reasoned_scopes, coalesce(t.formats, c.formats) as formats into holder
	  from auth.token t join auth.client c using (client_id)
	 where t.token_hash = decode("begin".token_hash, 'hex')
	   and t.revoked_at is null and t.expires_at > now() and c.disabled_at is null
	   and (t.acting_at is null and not t.whole_trust -- of a person, the post at which they act is held
	        or exists (select from auth.account a join data.post p using (staff_id)
	                    where a.client_id = t.client_id and (t.whole_trust or p.school_urn = t.acting_at)
	                      and data.lasts(p.left_on)));
	if not found then
		raise exception 'The token is unknown, expired or revoked: get a new one from /oauth2/token.'
			using errcode = 'DS401';
	end if;
	if scope <> all (holder.scopes) then
		raise exception 'The token lacks the scope %.', scope using errcode = 'DS403';
	end if;
	if scope = any (holder.reasoned_scopes) and why is null then
		raise exception 'Say why: this is opened with a reason only, in the header Doorstep-Reason; it is kept.'
			using errcode = 'DS430';
	end if;
	if format <> 'json' and format <> all (holder.formats) then
		raise exception 'The token allows no %: it allows %.', upper(format),
			upper(array_to_string('{json}' || holder.formats, ', ')) using errcode = 'DS430';
	end if;
	perform set_config('doorstep.token', token_hash, true),
	        set_config('doorstep.request_id', request_id, true),
	        set_config('doorstep.reason', coalesce(why, ''), true);
	return holder.client_id;
end;
$$;
comment on function auth.begin(text, text, text, text, text) is 'Opens a request: checks token, scope and format and binds them to the transaction';

-- The token that the transaction carries; null without one.
create or replace function auth.asking() returns auth.token
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	its auth.token;
begin
	select t.* into its from auth.token t
	 where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex');
	return its;
end;
$$;
comment on function auth.asking() is 'The token that the transaction carries; null without one';

-- Why the request is made, as it says; null when it does not.
create or replace function auth.reason() returns text
language sql stable security definer set search_path = pg_catalog
return nullif(current_setting('doorstep.reason', true), '');
comment on function auth.reason() is 'Why the request is made, as it says';

-- The client whose token the transaction carries; null without one.
create or replace function auth.client_id() returns text
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return (auth.asking()).client_id;
end;
$$;
comment on function auth.client_id() is 'The client whose token the transaction carries; null without one';

-- The person who asks, where it is one: a member of staff, signed in; otherwise null.
create or replace function auth.staff_id() returns bigint
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return (select a.staff_id from auth.account a where a.client_id = (auth.asking()).client_id);
end;
$$;
comment on function auth.staff_id() is 'The member of staff who asks, signed in; null when it is a program';

-- A person acts in their own name: DS430 when somebody else is said to.
create or replace function auth.in_own_name(staff bigint) returns void
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	if auth.staff_id() <> coalesce(staff, 0) then
		raise exception 'Who is signed in acts in their own name: "by" is another person.' using errcode = 'DS430';
	end if;
end;
$$;
comment on function auth.in_own_name(bigint) is 'Refuses that a person who is signed in acts in the name of another';

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

-- The URNs of the schools that may be seen; empty without a token.
create or replace function auth.schools() returns int[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	its record;
begin
	select t.acting_at, t.whole_trust or c.all_schools as every, c as client into its
	  from auth.token t join auth.client c using (client_id)
	 where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex');
	if its.acting_at is not null then
		return array[its.acting_at];
	elsif its.every then
		return coalesce((select array_agg(s.urn) from data.school s), '{}');
	end if;
	return auth.schools_of(its.client);
end;
$$;
comment on function auth.schools() is 'The URNs of the schools that the client may see; empty without a token';

-- Those of which a kind of record may be read at all, as reaches_all says.
create or replace function auth.schools_with(kind text) returns int[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return case when auth.reaches_all(kind, false) is false then '{}' else auth.schools() end;
end;
$$;
comment on function auth.schools_with(text) is 'The URNs of the schools of which a kind of record may be read';

-- Whether a school of the trust has had a pupil on roll for longer than to this day, whoever
-- asks: a stay that is to come does not count yet.
create or replace function auth.has_moved_on(pupil bigint, left_on date) returns boolean
language sql stable security definer set search_path = pg_catalog
return exists (select from data.enrolment e where e.pupil_id = pupil and e.admitted_on <= data.day_of(now())
	and coalesce(e.left_on, 'infinity') > has_moved_on.left_on);
comment on function auth.has_moved_on(bigint, date) is 'Whether a school of the trust has had a pupil on roll for longer than to this day';

-- Whether a school where a pupil's stay has this last day still reaches the family: as long as
-- it has the pupil, and afterwards while no other has had the pupil since.  A former school no
-- longer sees where they live and who they are.
create or replace function auth.reaches_family(pupil bigint, left_on date) returns boolean
language sql stable
return data.lasts(left_on) or not auth.has_moved_on(pupil, left_on);
comment on function auth.reaches_family(bigint, date) is 'Whether a school where a pupil''s stay has this last day still reaches the family';

-- Whether a school does, by any stay of the pupil.
create or replace function auth.school_reaches(pupil bigint, school int) returns boolean
language sql stable
return exists (select from data.enrolment e where e.pupil_id = pupil and e.school_urn = school
	and auth.reaches_family(e.pupil_id, e.left_on));
comment on function auth.school_reaches(bigint, int) is 'Whether a school reaches the family of a pupil, by any stay';

-- Whether somebody has had a post in the trust for longer than to this day, whoever asks.
create or replace function auth.works_on(staff bigint, left_on date) returns boolean
language sql stable security definer set search_path = pg_catalog
return exists (select from data.post p where p.staff_id = staff
	and coalesce(p.left_on, 'infinity') > works_on.left_on);
comment on function auth.works_on(bigint, date) is 'Whether somebody has had a post in the trust for longer than to this day';

-- Whether a school where somebody's post has this last day still keeps what is known of the
-- person: as long as the post is held, and afterwards while no other school of the trust has
-- them.  A former school no longer sees who is to be called for them, nor writes their address.
create or replace function auth.keeps_staff(staff bigint, left_on date) returns boolean
language sql stable
return data.lasts(left_on) or not auth.works_on(staff, left_on);
comment on function auth.keeps_staff(bigint, date) is 'Whether a school where somebody''s post has this last day still keeps what is known of the person';

-- Whether every school is seen, those to come included.
create or replace function auth.sees_all_schools() returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	its auth.token := auth.asking();
begin
	return coalesce(its.acting_at is null and (its.whole_trust or (select c.all_schools from auth.client c
	                                                                where c.client_id = its.client_id)), false);
end;
$$;
comment on function auth.sees_all_schools() is 'Whether the client sees every school, those to come included';

-- The scopes of the token; null without one.
create or replace function auth.scopes() returns text[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return (auth.asking()).scopes;
end;
$$;
comment on function auth.scopes() is 'The scopes of the token; null without one';

-- Whether the token has one of these scopes, and the request the reason where that
-- takes one; false without a token.
create or replace function auth.has_scope(variadic wanted text[]) returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	its auth.token := auth.asking();
begin
	return exists (select from unnest(its.scopes) as s
	                where s = any (wanted) and (s <> all (its.reasoned_scopes) or auth.reason() is not null));
end;
$$;
comment on function auth.has_scope(text[]) is 'Whether the token has one of these scopes; false without a token';

-- Whether all that the schools have of a kind of record ("visits", "concerns", …) may be
-- read, or written; null when, of a person, only what is about their own visits.  Of a
-- program always: its scopes are asked where it begins.
create or replace function auth.reaches_all(kind text, writing boolean) returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	its record;
	-- who may write may read what is there
	asked text[];
begin
	select t.acting_at is not null or t.whole_trust as person, t.scopes, t.own_scopes into its
	  from auth.token t where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex');
	if not found then
		return false;
	elsif not its.person then
		return true;
	end if;
	asked := case when writing then array[kind || ':write'] else array[kind || ':read', kind || ':write'] end;
	if not auth.has_scope(variadic asked) then
		return false;
	end if;
	return nullif(exists (select from unnest(its.scopes) as s where s = any (asked) and s <> all (its.own_scopes)), false);
end;
$$;
comment on function auth.reaches_all(text, boolean) is 'Whether all records of a kind are open; null: of a person, those of their own visits';

-- The kinds of records of which the token opens what they say: with a scope for them, and the
-- reason where that takes one; own: also those of which it opens what is about the person's
-- own visits alone.
create or replace function auth.kinds_opened(own boolean default false) returns text[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	its    auth.token := auth.asking();
	person boolean := its.acting_at is not null or its.whole_trust;
begin
	return array(select distinct split_part(s, ':', 1) from unnest(its.scopes) as s
		where s ~ ':(read|write)$' and (own or not person or s <> all (its.own_scopes))
		  and (s <> all (its.reasoned_scopes) or auth.reason() is not null));
end;
$$;
comment on function auth.kinds_opened(boolean) is 'The kinds of records of which the token opens what they say';

-- The visits of who asks: planned by them, or made with them.
create or replace function auth.own_visits() returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	self bigint := auth.staff_id();
begin
	return array(select v.visit_id from data.visit v where v.planned_by = self
	             union select m.visit_id from data.team_member m where m.staff_id = self);
end;
$$;
comment on function auth.own_visits() is 'The visits that the person who asks planned, or is of the team of';

-- The pupils of those that may take place, or took place within the last week: a visit that
-- nobody has approved opens nothing of a pupil, or who plans would open it for themselves.
create or replace function auth.own_pupils() returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
	return array(select distinct p.pupil_id from data.visit_pupil p join data.visit v using (visit_id)
	              where v.visit_id = any (auth.own_visits()) and v.state not in ('requested', 'refused', 'cancelled')
	                and greatest(v.planned_end, v.returned_at) > now() - interval '7 days');
end;
$$;
comment on function auth.own_pupils() is 'The pupils of the visits of the person who asks';
