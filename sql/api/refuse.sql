-- How the functions of this schema refuse: with an SQLSTATE of class DS, which
-- the programs turn into a problem+json of the same meaning (DS400, DS404, DS409,
-- DS410, DS412, DS422, DS503; DS430 is a 403: not this person; DS431 a 400: no place in
-- this list), a message meant for the client, and for DS400 and DS422 the
-- problems as [{"pointer": "/team/0", "detail": "…"}].

create function api.refuse(problems jsonb) returns void
language plpgsql immutable
as $$
begin
	if jsonb_array_length(problems) > 0 then
		raise exception 'Some of what was sent does not fit the records.'
			using errcode = 'DS422', detail = problems::text;
	end if;
end;
$$;
comment on function api.refuse(jsonb) is 'Fails with DS422 when there are problems';

-- JSON Merge Patch, RFC 7396.
create function api.merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable
as $$
declare
	merged jsonb := case when jsonb_typeof(target) = 'object' then target else '{}' end;
	member record;
begin
	if jsonb_typeof(patch) <> 'object' then
		return patch;
	end if;
	for member in select * from jsonb_each(patch) loop
		merged := case when jsonb_typeof(member.value) = 'null' then merged - member.key
			else merged || jsonb_build_object(member.key,
				api.merge_patch(merged -> member.key, member.value)) end;
	end loop;
	return merged;
end;
$$;
comment on function api.merge_patch(jsonb, jsonb) is 'JSON Merge Patch (RFC 7396)';

-- fields: members of the body that are ids of staff.
create function api.staff_problems(body jsonb, variadic fields text[]) returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/' || field, 'detail', 'is not a member of staff that this client sees')
	  from unnest(fields) as field
	 where body ->> field is not null
	   and not exists (select from data.staff s where s.staff_id = (body ->> field)::bigint);
end;
comment on function api.staff_problems(jsonb, text[]) is 'Which members of a body are not staff that the client sees';

-- fields: members of a body that say when something happened.  Five minutes are
-- left for clocks that differ.
create function api.future_problems(body jsonb, variadic fields text[]) returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/' || field, 'detail', 'is in the future')
	  from unnest(fields) as field
	 where (body ->> field)::timestamptz > clock_timestamp() + interval '5 minutes';
end;
comment on function api.future_problems(jsonb, text[]) is 'Which members of a body are times that have not come yet';

-- When something happened, as the body says, or now.  Fails with DS422 when
-- that has not come yet.
create function api.at_of(body jsonb, field text default 'at') returns timestamptz
language plpgsql stable
as $$
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.future_problems(body, field) as p));
	return coalesce((body ->> field)::timestamptz, clock_timestamp());
end;
$$;
comment on function api.at_of(jsonb, text) is 'When something happened, as a body says, or now';

-- Locks a visit, so that what is written about it comes one after another.
-- Fails with DS404.
create function api.visit_locked(visit bigint) returns data.visit
language plpgsql volatile
as $$
declare
	its data.visit;
begin
	select v.* into its from data.visit v where v.visit_id = visit for no key update;
	if not found then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	return its;
end;
$$;
comment on function api.visit_locked(bigint) is 'A visit, locked; fails with DS404';

create function api.school_problems(body jsonb) returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/school_urn', 'detail', 'is not a school that this client sees')
	 where not exists (select from data.school s where s.urn = (body ->> 'school_urn')::int);
end;
comment on function api.school_problems(jsonb) is 'Whether the school_urn of a body is no school that the client sees';

-- fields: members of a body that are days on which something was.
create function api.day_problems(body jsonb, variadic fields text[]) returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/' || field, 'detail', 'is in the future')
	  from unnest(fields) as field
	 where (body ->> field)::date > data.day_of(now());
end;
comment on function api.day_problems(jsonb, text[]) is 'Which members of a body are days that have not come yet';

-- last, first: members of a body that are the two ends of a time.
create function api.span_problems(body jsonb, first text, last text) returns setof jsonb
language sql immutable
begin atomic
	select jsonb_build_object('pointer', '/' || last, 'detail', 'must not be before ' || first)
	 where (body ->> last)::date < (body ->> first)::date;
end;
comment on function api.span_problems(jsonb, text, text) is 'Whether the days of a body run backwards';

-- version: of the record as it stands, null when there is none.  if_match: the
-- versions that the caller knows, or "*".  Fails with DS404, DS412.
create function api.want_version(if_match text[], version bigint) returns void
language plpgsql immutable
as $$
begin
	if version is null then
		raise exception 'There is no such record, or this client may not see it.' using errcode = 'DS404';
	elsif not if_match && array['*', version::text] then
		raise exception 'The record has changed since it was read: read it again.' using errcode = 'DS412';
	end if;
end;
$$;
comment on function api.want_version(text[], bigint) is 'Fails when a record is not as the caller knows it';

-- For lists: of a visit that is not there, there is no list, not even an empty
-- one.  Fails with DS404.
create function api.visit_is_known(visit bigint) returns boolean
language plpgsql stable
as $$
begin
	if not exists (select from data.visit v where v.visit_id = visit) then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	return true;
end;
$$;
comment on function api.visit_is_known(bigint) is 'True; fails with DS404 when there is no such visit';
