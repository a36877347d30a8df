-- More of what a policy may ask of a member of staff: vehicle, allergies, next of
-- kin.
create view api.vehicle with (security_invoker = true) as
select f.vehicle_id as id, f.staff_id as staff, f.make, f.model, f.registration, f.colour, f.insured_from,
	f.insured_until, f.business_use,
       f.version, f.created_at, f.updated_at
  from data.vehicle f;
comment on view api.vehicle is 'Vehicles of staff as the API shows them';

create function api.vehicle_list(staff bigint, after bigint default null, max_rows int default null)
returns setof api.vehicle
language plpgsql stable rows 5
as $$
begin
	perform api.staff_is_known(staff);
	return query
	select f.* from api.vehicle f
	 where f.staff = vehicle_list.staff and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.vehicle_list(bigint, bigint, int) is 'The vehicles of a member of staff, by id';

create function api.vehicle_add(staff bigint, body jsonb) returns setof api.vehicle
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.staff_is_known(staff);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.span_problems(body, 'insured_from', 'insured_until')) as f (p)));
	insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until,
		business_use)
	select staff, f.make, f.model, f.registration, f.colour, f.insured_from, f.insured_until, f.business_use
	  from jsonb_populate_record(null::data.vehicle, body) as f
	returning vehicle_id into made;
	return query select f.* from api.vehicle f where f.id = made;
end;
$$;
comment on function api.vehicle_add(bigint, jsonb) is 'Records a vehicle of a member of staff';

create function api.vehicle_change(staff bigint, fact bigint, if_match text[], body jsonb) returns setof api.vehicle
language plpgsql volatile
as $$
declare
	was    data.vehicle;
	now_so data.vehicle;
begin
	select f.* into was from data.vehicle f
	 where f.vehicle_id = fact and f.staff_id = staff for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'insured_from', 'insured_until') as p));
	update data.vehicle f set insured_until = now_so.insured_until, business_use = now_so.business_use
		where f.vehicle_id = fact;
	return query select f.* from api.vehicle f where f.id = fact;
end;
$$;
comment on function api.vehicle_change(bigint, bigint, text[],
	jsonb) is 'Renews or ends a vehicle of a member of staff, if it is as the caller knows it';

create function api.vehicle_list_of_all(school int default null, expires_before date default null,
	after bigint default null, max_rows int default null) returns setof api.vehicle
language sql stable
begin atomic
	select f.* from api.vehicle f
	 where (school is null or exists (select from data.post p where p.staff_id = f.staff and p.school_urn = school))
	   and (expires_before is null or f.insured_until < expires_before)
	   and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
comment on function api.vehicle_list_of_all(int, date, bigint, int) is 'The vehicles of staff, by id';

create view api.allergy with (security_invoker = true) as
select f.allergy_id as id, f.staff_id as staff, f.allergen, f.from_on, f.until_on,
       f.version, f.created_at, f.updated_at
  from data.allergy f;
comment on view api.allergy is 'Allergies of staff as the API shows them';

create function api.allergy_list(staff bigint, after bigint default null, max_rows int default null)
returns setof api.allergy
language plpgsql stable rows 5
as $$
begin
	perform api.staff_is_known(staff);
	return query
	select f.* from api.allergy f
	 where f.staff = allergy_list.staff and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.allergy_list(bigint, bigint, int) is 'The allergies of a member of staff, by id';

create function api.allergy_add(staff bigint, body jsonb) returns setof api.allergy
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.staff_is_known(staff);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.span_problems(body, 'from_on', 'until_on')) as f (p)));
	insert into data.allergy (staff_id, allergen, from_on, until_on)
	select staff, f.allergen, f.from_on, f.until_on
	  from jsonb_populate_record(null::data.allergy, body) as f
	returning allergy_id into made;
	return query select f.* from api.allergy f where f.id = made;
end;
$$;
comment on function api.allergy_add(bigint, jsonb) is 'Records an allergy of a member of staff';

create function api.allergy_change(staff bigint, fact bigint, if_match text[], body jsonb) returns setof api.allergy
language plpgsql volatile
as $$
declare
	was    data.allergy;
	now_so data.allergy;
begin
	select f.* into was from data.allergy f
	 where f.allergy_id = fact and f.staff_id = staff for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'from_on', 'until_on') as p));
	update data.allergy f set until_on = now_so.until_on where f.allergy_id = fact;
	return query select f.* from api.allergy f where f.id = fact;
end;
$$;
comment on function api.allergy_change(bigint, bigint, text[],
	jsonb) is 'Renews or ends an allergy of a member of staff, if it is as the caller knows it';

create view api.next_of_kin with (security_invoker = true) as
select f.kin_id as id, f.staff_id as staff, f.name, f.phone, f.from_on, f.until_on,
       f.version, f.created_at, f.updated_at
  from data.next_of_kin f;
comment on view api.next_of_kin is 'Next of kin of staff as the API shows them';

create function api.next_of_kin_list(staff bigint, after bigint default null, max_rows int default null)
returns setof api.next_of_kin
language plpgsql stable rows 5
as $$
begin
	perform api.staff_is_known(staff);
	return query
	select f.* from api.next_of_kin f
	 where f.staff = next_of_kin_list.staff and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.next_of_kin_list(bigint, bigint, int) is 'The next of kin of a member of staff, by id';

create function api.next_of_kin_add(staff bigint, body jsonb) returns setof api.next_of_kin
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.staff_is_known(staff);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.span_problems(body, 'from_on', 'until_on')) as f (p)));
	insert into data.next_of_kin (staff_id, name, phone, from_on, until_on)
	select staff, f.name, f.phone, f.from_on, f.until_on
	  from jsonb_populate_record(null::data.next_of_kin, body) as f
	returning kin_id into made;
	return query select f.* from api.next_of_kin f where f.id = made;
end;
$$;
comment on function api.next_of_kin_add(bigint, jsonb) is 'Records next of kin of a member of staff';

create function api.next_of_kin_change(staff bigint, fact bigint, if_match text[], body jsonb)
	returns setof api.next_of_kin
language plpgsql volatile
as $$
declare
	was    data.next_of_kin;
	now_so data.next_of_kin;
begin
	select f.* into was from data.next_of_kin f
	 where f.kin_id = fact and f.staff_id = staff for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'from_on', 'until_on') as p));
	update data.next_of_kin f set phone = now_so.phone, until_on = now_so.until_on where f.kin_id = fact;
	return query select f.* from api.next_of_kin f where f.id = fact;
end;
$$;
comment on function api.next_of_kin_change(bigint, bigint, text[],
	jsonb) is 'Renews or ends next of kin of a member of staff, if it is as the caller knows it';
