-- Hazards of places and people.  What happened is for the school that noted it;
-- that there is a hazard, and what to do about it, for everybody who goes there.
create view api.hazard with (security_invoker = true) as
select h.hazard_id as id, h.school_urn, h.kind,
       case when h.address is not null then json_build_object('address', h.address, 'postcode',
           h.postcode) end as place,
       h.address, h.postcode, h.contact_id as contact, h.go_in_pairs, h.control, h.story, h.by_staff_id as by,
       h.review_on, h.ended_on is null and h.review_on <= data.day_of(now()) as review_due, h.ended_on,
       h.version, h.created_at, h.updated_at
  from data.hazard h;
comment on view api.hazard is 'Hazards of places and people as the API shows them to the school that noted them';

create function api.hazard_list(school int default null, kind data.hazard_kind default null,
	review_due boolean default null, updated_after timestamptz default null,
	after bigint default null, max_rows int default null) returns setof api.hazard
language sql stable
begin atomic
	select h.* from api.hazard h
	 where (school is null or h.school_urn = school)
	   and (hazard_list.kind is null or h.kind = hazard_list.kind)
	   and (hazard_list.review_due is null or h.review_due = hazard_list.review_due)
	   and (hazard_list.updated_after is null or h.updated_at > hazard_list.updated_after)
	   and (after is null or h.id > after)
	 order by h.id limit max_rows;
end;
comment on function api.hazard_list(int, data.hazard_kind, boolean, timestamptz, bigint, int)
	is 'The hazards that the client''s schools noted, by id';

create function api.hazard_read(hazard bigint) returns setof api.hazard
language sql stable
begin atomic
	select h.* from api.hazard h where h.id = hazard;
end;
comment on function api.hazard_read(bigint) is 'One hazard';

create function api.hazard_problems(body jsonb) returns setof jsonb
language sql stable
begin atomic
	select api.school_problems(body)
	union all
	select api.staff_problems(body, 'by')
	union all
	select jsonb_build_object('pointer', '/place', 'detail', 'is required, or a contact')
	 where not body ?| '{place,contact}'
	union all
	select jsonb_build_object('pointer', '/contact', 'detail', 'is not a contact of a pupil of this school')
	 where body ? 'contact'
	   and not exists (select from data.contact c join data.enrolment e using (pupil_id)
	                    where c.contact_id = (body ->> 'contact')::bigint
	                      and e.school_urn = (body ->> 'school_urn')::int);
end;
comment on function api.hazard_problems(jsonb) is 'Everything in which a hazard does not fit the records';

-- body: {school_urn, kind, place {address, postcode}, contact, go_in_pairs,
-- control, story, by, review_on}.  The trigger on the table weighs the visits.
-- Fails with DS422.
create function api.hazard_add(body jsonb) returns setof api.hazard
language plpgsql volatile
as $$
declare
	said jsonb := jsonb_strip_nulls(body);
	made bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.hazard_problems(said) as p));
	insert into data.hazard (school_urn, kind, address, postcode, contact_id, place_key, person_key,
		go_in_pairs, control,
	                         story, by_staff_id, review_on)
	select (said ->> 'school_urn')::int, (said ->> 'kind')::data.hazard_kind, said #>> '{place,address}',
	       said #>> '{place,postcode}', c.contact_id,
	       case when said ? 'place' then data.place_key(said #>> '{place,address}',
	           said #>> '{place,postcode}') end,
	       data.person_key(c.given_name, c.family_name, c.phone), coalesce((said ->> 'go_in_pairs')::boolean,
	           false),
	       said ->> 'control', said ->> 'story', (said ->> 'by')::bigint, (said ->> 'review_on')::date
	  from (select 1) as one left join data.contact c on c.contact_id = (said ->> 'contact')::bigint
	returning hazard_id into made;
	return query select h.* from api.hazard h where h.id = made;
end;
$$;
comment on function api.hazard_add(jsonb) is 'Notes a hazard of a place or person';

-- body: JSON Merge Patch of kind, control, story, go_in_pairs, review_on and
-- ended_on.  Fails with DS404, DS412 (stale), DS422.
create function api.hazard_change(hazard bigint, if_match text[], body jsonb) returns setof api.hazard
language plpgsql volatile
as $$
declare
	was    data.hazard;
	now_so data.hazard;
begin
	select h.* into was from data.hazard h where h.hazard_id = hazard for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.day_problems(body, 'ended_on') as p));
	update data.hazard h
	   set kind = now_so.kind, control = now_so.control, story = now_so.story, go_in_pairs = now_so.go_in_pairs,
	       review_on = now_so.review_on, ended_on = now_so.ended_on
	 where h.hazard_id = hazard;
	return query select h.* from api.hazard h where h.id = hazard;
end;
$$;
comment on function api.hazard_change(bigint, text[],
	jsonb) is 'Changes a hazard, or ends it, if it is as the caller knows it';

-- For those who go there, whichever school noted it; a definer, since that
-- school may be one that the client does not see.
create or replace function data.hazards_of(visit bigint)
returns table (hazard_id bigint, kind data.hazard_kind, control text, go_in_pairs boolean, review_on date, own boolean)
language sql stable security definer set search_path = pg_catalog
as $$
	select h.hazard_id, h.kind, h.control, h.go_in_pairs, h.review_on, h.school_urn = v.school_urn
	  from data.visit v, duty.hazards(v) h
	 where v.visit_id = visit and v.school_urn = any (auth.schools());
$$;
comment on function data.hazards_of(bigint)
	is 'What the team of a visit that the client sees must know of hazards there, whichever school of the trust noted them';

-- Fails with DS404 when there is no such visit.
create function api.visit_hazard_list(visit bigint, after bigint default null, max_rows int default null)
returns table (id bigint, kind data.hazard_kind, control text, go_in_pairs boolean, review_on date, review_due boolean,
	own boolean)
language plpgsql stable rows 5
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select h.hazard_id, h.kind, h.control, h.go_in_pairs, h.review_on, h.review_on <= data.day_of(now()), h.own
	  from data.hazards_of(visit) h
	 where after is null or h.hazard_id > after
	 order by h.hazard_id limit max_rows;
end;
$$;
comment on function api.visit_hazard_list(bigint, bigint, int) is 'The hazards of the place and the people of a visit';
