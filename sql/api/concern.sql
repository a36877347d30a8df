-- Safeguarding concerns that a visit gave, and referrals to agencies after it.

create view api.concern with (security_invoker = true) as
select c.concern_id as id, c.visit_id, c.school_urn, c.pupil_id as pupil, c.by_staff_id as by, c.at, c.text, c.serious,
       c.told_staff_id as told_to, c.told_at, c.police_at, c.recorded_at
  from data.concern c;
comment on view api.concern is 'Safeguarding concerns as the API shows them';

create function api.concern_list(school int default null, pupil bigint default null,
	recorded_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.concern
language sql stable
begin atomic
	select c.* from api.concern c
	 where (school is null or c.school_urn = school)
	   and (concern_list.pupil is null or c.pupil = concern_list.pupil)
	   and (concern_list.recorded_after is null or c.recorded_at > concern_list.recorded_after)
	   and (after is null or c.id > after)
	 order by c.id limit max_rows;
end;
comment on function api.concern_list(int, bigint, timestamptz, bigint, int)
	is 'Safeguarding concerns, in the order of recording';

create function api.visit_concern_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.concern
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select c.* from api.concern c
	 where c.visit_id = visit and (after is null or c.id > after)
	 order by c.id limit max_rows;
end;
$$;
comment on function api.visit_concern_list(bigint, bigint,
	int) is 'The safeguarding concerns that a visit gave, in the order of recording';

-- Fails with DS404, with DS422 and every problem; so do the others below.
create function api.concern_add(visit bigint, body jsonb) returns setof api.concern
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.aftermath_problems(its, body));
	insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, told_staff_id,
		told_at,
	                          police_at, client_id)
	values (visit, its.school_urn, (body ->> 'pupil')::bigint, (body ->> 'by')::bigint, api.at_of(body),
	        body ->> 'text', (body ->> 'serious')::boolean, (body ->> 'told_to')::bigint,
	        (body ->> 'told_at')::timestamptz, (body ->> 'police_at')::timestamptz, auth.client_id())
	returning concern_id into made;
	perform duty.weigh(visit);
	return query select c.* from api.concern c where c.id = made;
end;
$$;
comment on function api.concern_add(bigint, jsonb) is 'Records a safeguarding concern that a visit gave';

create view api.external_referral with (security_invoker = true) as
select r.referral_id as id, r.visit_id, r.school_urn, r.pupil_id as pupil, r.by_staff_id as by, r.at, r.agency, r.text,
       r.reference, r.recorded_at
  from data.external_referral r;
comment on view api.external_referral is 'Referrals to agencies as the API shows them';

create function api.external_referral_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.external_referral
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select r.* from api.external_referral r
	 where r.visit_id = visit and (after is null or r.id > after)
	 order by r.id limit max_rows;
end;
$$;
comment on function api.external_referral_list(bigint, bigint, int)
	is 'The referrals to agencies after a visit, in the order of recording';

create function api.external_referral_add(visit bigint, body jsonb) returns setof api.external_referral
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.aftermath_problems(its, body));
	insert into data.external_referral (visit_id, school_urn, pupil_id, by_staff_id, at, agency, text, reference,
	                                    client_id)
	values (visit, its.school_urn, (body ->> 'pupil')::bigint, (body ->> 'by')::bigint, api.at_of(body),
	        body ->> 'agency', body ->> 'text', body ->> 'reference', auth.client_id())
	returning referral_id into made;
	perform duty.weigh(visit);
	return query select r.* from api.external_referral r where r.id = made;
end;
$$;
comment on function api.external_referral_add(bigint, jsonb) is 'Records a referral to an agency after a visit';
