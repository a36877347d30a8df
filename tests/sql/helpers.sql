-- Included at the head of every test, inside its transaction, so that it goes
-- with the test.  Everything is in schema t.
--
--   t.school, t.client, t.staff, t.pupil, t.contact, t.visit   make a record, as superuser
--   t.person(id, staff, school)    signs a member of staff in
--   t.marks(pupil, school, monday, marks)   stores a week of the register, likewise
--   t.run(client, sql, role)       "2 rows", or the SQLSTATE of the failure
--   t.get(client, sql, role)       the first column of the first row as text, or the SQLSTATE
--   t.why(client, sql, role)       the message of the failure, null without one
--   t.problems(client, sql, role)  its DETAIL, null without one
--
-- The latter four act as a program does: signed in as the role, with its
-- search path, after auth.begin with the client's token, and with the deferred
-- constraints checked as commit does.  client null acts without a token.
-- Failed work is rolled back, as in a request.

create schema t;

create function t.hash(secret text) returns text
language sql immutable return encode(sha256(convert_to(secret, 'UTF8')), 'hex');

-- The nth of many valid UPNs.
create function t.upn(n int) returns text
language sql immutable
return (select data.upn_check_letter('A' || d) || d from (select '8012000' || lpad(n::text, 5, '0') as d) as digits);

create function t.school(urn int, policy text default 'tkat') returns int
language sql
begin atomic
	insert into data.school (urn, laestab, name, phase)
	values (urn, '80' || right(urn::text, 5), 'School ' || urn, 'primary');
	insert into data.adoption (school_urn, follows_from, policy_code) values (urn, '-infinity', policy);
	select urn;
end;

-- schools null: sees the whole trust.
create function t.client(id text, schools int[], scopes text[] default '{visits:read,visits:write}') returns void
language plpgsql
as $$
begin
	insert into auth.client (client_id, title, secret_hash, scopes, all_schools)
	values (id, 'Test', decode(t.hash('secret of ' || id), 'hex'), scopes, schools is null);
	insert into auth.client_school select id, unnest(schools);
	insert into auth.token (token_hash, client_id, scopes, expires_at)
	values (decode(t.hash('token of ' || id), 'hex'), id, scopes, now() + interval '1 hour');
end;
$$;

-- A member of staff signed in: their token has what their roles give them at the school,
-- or, school null, for the trust.
create function t.person(id text, staff bigint, school int) returns void
language sql
begin atomic
	insert into auth.client (client_id, title, scopes, all_schools) values (id, 'Person', '{}', false) on conflict do nothing;
	insert into auth.account (client_id, staff_id, login) values (id, staff, lower(id) || '@example.org') on conflict do nothing;
	delete from auth.token where client_id = id;
	insert into auth.token (token_hash, client_id, scopes, own_scopes, reasoned_scopes, formats, acting_at, whole_trust, expires_at)
	select decode(t.hash('token of ' || id), 'hex'), id, r.scopes, r.own_scopes, r.reasoned_scopes, r.formats, school,
	       school is null, now() + interval '1 hour'
	  from auth.rights_of(staff, school) r;
end;

create function t.staff(code text, school int, family text default 'Example', roles data.staff_role[] default '{visitor}')
returns bigint
language plpgsql
as $$
declare
	made bigint := nextval('data.staff_staff_id_seq');
begin
	insert into data.post (staff_id, school_urn, roles) values (made, school, roles);
	insert into data.staff (staff_id, staff_code, given_name, family_name) values (made, code, 'Staff', family);
	return made;
end;
$$;

create function t.pupil(n int, school int, family text default 'Example', birth date default '2015-02-28')
returns bigint
language plpgsql
as $$
declare
	made bigint := nextval('data.pupil_pupil_id_seq');
begin
	insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (made, school, '4', '2020-09-01');
	insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth)
	values (made, t.upn(n), 'Pupil', family, birth);
	return made;
end;
$$;

create function t.contact(pupil bigint) returns bigint
language sql
begin atomic
	insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility)
	values (pupil, 'Parent', 'Example', 'mother', true) returning contact_id;
end;

create function t.visit(school int, pupil bigint, staff bigint) returns bigint
language plpgsql
as $$
declare
	made bigint;
begin
	insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced)
	values (school, 'attendance', '2026-01-13T09:30Z', '2026-01-13T10:00Z', '1 Example Street', true)
	returning visit_id into made;
	insert into data.visit_pupil values (made, school, pupil, 1);
	insert into data.team_member (visit_id, school_urn, position, staff_id, lead) values (made, school, 1, staff, true);
	return made;
end;
$$;

create type t.outcome as (rows bigint, value text, state text, message text, detail text);

-- The request id is that of the setting t.request, why it is made that of t.reason; its
-- scope is any that the token has.
create function t.act(client text, query text, as_role text) returns t.outcome
language plpgsql
as $$
declare
	result t.outcome;
	path   text := current_setting('search_path');
	token  text := t.hash('token of ' || client);
	id     text := coalesce(nullif(current_setting('t.request', true), ''), 'request-1');
	scope  text := coalesce((select s from auth.token k, unnest(k.scopes) as s
	                          where k.token_hash = decode(token, 'hex') order by s <> 'visits:read', s limit 1), 'visits:read');
begin
	begin
		perform set_config('search_path', 'pg_catalog', true), set_config('timezone', 'UTC', true);
		perform set_config('session_authorization', as_role, true);
		if token is not null and as_role <> 'doorstep_auth' then
			perform auth.begin(token, scope, id, null, current_setting('t.reason', true));
		end if;
		if query ~* '^\s*(select|with)\M|\mreturning\M' then
			execute query into result.value;
		else
			execute query;
		end if;
		get diagnostics result.rows = row_count;
		set constraints all immediate;
		set constraints all deferred;
	exception when others then
		get stacked diagnostics result.state = returned_sqlstate, result.message = message_text,
			result.detail = pg_exception_detail;
	end;
	set local session authorization default;
	perform set_config('search_path', path, true), set_config('doorstep.token', '', true),
	        set_config('doorstep.request_id', '', true), set_config('doorstep.reason', '', true);
	return result;
end;
$$;

create function t.run(client text, query text, as_role text default 'doorstep_records') returns text
language sql
return (select coalesce(o.state, o.rows || ' rows') from t.act(client, query, as_role) as o);

create function t.get(client text, query text, as_role text default 'doorstep_records') returns text
language sql
return (select coalesce(o.state, o.value) from t.act(client, query, as_role) as o);

create function t.why(client text, query text, as_role text default 'doorstep_records') returns text
language sql
return (select o.message from t.act(client, query, as_role) as o);

create function t.problems(client text, query text, as_role text default 'doorstep_records') returns text
language sql
return (select o.detail from t.act(client, query, as_role) as o);

-- A week of marks as an import would leave it: ten symbols from Monday morning,
-- a shorter text is filled up with blanks.
create function t.marks(pupil bigint, school int, monday date, marks text) returns void
language plpgsql
as $$
#variable_conflict use_variable
begin
	insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved,
	                                not_possible, administrative)
	select pupil, monday, school, s.* from data.mark_sessions(array[rpad(marks, 10)]) as s;
	perform api.school_weeks_renew(array[school], array[monday]);
end;
$$;
