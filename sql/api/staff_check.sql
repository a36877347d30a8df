-- What a policy may ask of a member of staff.  body: the columns of the table;
-- of a change, a JSON Merge Patch of what may change.  To add fails with DS404
-- and DS422, to change also with DS412 (stale).  The triggers on the tables weigh
-- the visits that depend on it.

create function api.staff_is_known(staff bigint) returns void
language plpgsql stable
as $$
begin
	if not exists (select from data.post p where p.staff_id = staff and auth.keeps_staff(p.staff_id, p.left_on)) then
		raise exception 'There is no such member of staff, or they have gone to another school of the trust.'
			using errcode = 'DS404';
	end if;
end;
$$;
comment on function api.staff_is_known(bigint) is 'Fails with DS404 when there is no such member of staff, or another school has them now';

create view api.staff_check with (security_invoker = true) as
select f.check_id as id, f.staff_id as staff, f.level, f.barred_list, f.checked_on, f.valid_until,
       f.version, f.created_at, f.updated_at
  from data.staff_check f;
comment on view api.staff_check is 'Checks of staff by the Disclosure and Barring Service as the API shows them';

create function api.staff_check_list(staff bigint, after bigint default null, max_rows int default null)
returns setof api.staff_check
language plpgsql stable rows 5
as $$
begin
	perform api.staff_is_known(staff);
	return query
	select f.* from api.staff_check f
	 where f.staff = staff_check_list.staff and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.staff_check_list(bigint, bigint, int) is 'The checks of a member of staff, by id';

create function api.staff_check_add(staff bigint, body jsonb) returns setof api.staff_check
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.staff_is_known(staff);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.span_problems(body, 'checked_on', 'valid_until')
		union all
		select api.day_problems(body, 'checked_on')) as f (p)));
	insert into data.staff_check (staff_id, level, barred_list, checked_on, valid_until)
	select staff, f.level, f.barred_list, f.checked_on, f.valid_until
	  from jsonb_populate_record(null::data.staff_check, body) as f
	returning check_id into made;
	return query select f.* from api.staff_check f where f.id = made;
end;
$$;
comment on function api.staff_check_add(bigint, jsonb) is 'Records a check of a member of staff';

create function api.staff_check_change(staff bigint, fact bigint, if_match text[], body jsonb)
	returns setof api.staff_check
language plpgsql volatile
as $$
declare
	was    data.staff_check;
	now_so data.staff_check;
begin
	select f.* into was from data.staff_check f
	 where f.check_id = fact and f.staff_id = staff for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'checked_on', 'valid_until') as p));
	update data.staff_check f set valid_until = now_so.valid_until where f.check_id = fact;
	return query select f.* from api.staff_check f where f.id = fact;
end;
$$;
comment on function api.staff_check_change(bigint, bigint, text[],
	jsonb) is 'Renews or ends a check of a member of staff, if it is as the caller knows it';

create function api.staff_check_list_of_all(school int default null, expires_before date default null,
	after bigint default null, max_rows int default null) returns setof api.staff_check
language sql stable
begin atomic
	select f.* from api.staff_check f
	 where (school is null or exists (select from data.post p where p.staff_id = f.staff and p.school_urn = school))
	   and (expires_before is null or f.valid_until < expires_before)
	   and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
comment on function api.staff_check_list_of_all(int, date, bigint, int) is 'The checks of staff, by id';

create view api.training with (security_invoker = true) as
select f.training_id as id, f.staff_id as staff, f.course, f.completed_on, f.valid_until,
       f.version, f.created_at, f.updated_at
  from data.training f;
comment on view api.training is 'Training of staff as the API shows them';

create function api.training_list(staff bigint, after bigint default null, max_rows int default null)
returns setof api.training
language plpgsql stable rows 5
as $$
begin
	perform api.staff_is_known(staff);
	return query
	select f.* from api.training f
	 where f.staff = training_list.staff and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.training_list(bigint, bigint, int) is 'What a member of staff was trained in, by id';

create function api.training_add(staff bigint, body jsonb) returns setof api.training
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.staff_is_known(staff);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.span_problems(body, 'completed_on', 'valid_until')
		union all
		select api.day_problems(body, 'completed_on')) as f (p)));
	insert into data.training (staff_id, course, completed_on, valid_until)
	select staff, f.course, f.completed_on, f.valid_until
	  from jsonb_populate_record(null::data.training, body) as f
	returning training_id into made;
	return query select f.* from api.training f where f.id = made;
end;
$$;
comment on function api.training_add(bigint, jsonb) is 'Records training of a member of staff';

create function api.training_change(staff bigint, fact bigint, if_match text[], body jsonb) returns setof api.training
language plpgsql volatile
as $$
declare
	was    data.training;
	now_so data.training;
begin
	select f.* into was from data.training f
	 where f.training_id = fact and f.staff_id = staff for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'completed_on', 'valid_until') as p));
	update data.training f set valid_until = now_so.valid_until where f.training_id = fact;
	return query select f.* from api.training f where f.id = fact;
end;
$$;
comment on function api.training_change(bigint, bigint, text[],
	jsonb) is 'Renews or ends training of a member of staff, if it is as the caller knows it';

create function api.training_list_of_all(school int default null, expires_before date default null,
	after bigint default null, max_rows int default null) returns setof api.training
language sql stable
begin atomic
	select f.* from api.training f
	 where (school is null or exists (select from data.post p where p.staff_id = f.staff and p.school_urn = school))
	   and (expires_before is null or f.valid_until < expires_before)
	   and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
comment on function api.training_list_of_all(int, date, bigint, int) is 'The training of staff, by id';

create view api.policy_reading with (security_invoker = true) as
select f.reading_id as id, f.staff_id as staff, v.policy_code as policy, v.version as policy_version, f.read_on,
       f.created_at
  from data.policy_reading f join data.policy_version v using (policy_version_id);
comment on view api.policy_reading is 'Who has read which policy, as the API shows it';

create function api.policy_reading_list(staff bigint, after bigint default null, max_rows int default null)
returns setof api.policy_reading
language plpgsql stable rows 5
as $$
begin
	perform api.staff_is_known(staff);
	return query
	select f.* from api.policy_reading f
	 where f.staff = policy_reading_list.staff and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.policy_reading_list(bigint, bigint,
	int) is 'The policies that a member of staff has read, by id';

-- body: {policy, policy_version, read_on}; the version is the one in force on
-- that day when it is left out.  Who reads it again has read it since the first day.
create function api.policy_reading_add(staff bigint, body jsonb) returns setof api.policy_reading
language plpgsql volatile
as $$
declare
	what bigint := case when body ->> 'policy_version' is null
	                    then data.version_in_force(body ->> 'policy', (body ->> 'read_on')::date)
	                    else (select v.policy_version_id from data.policy_version v
	                           where v.policy_code = body ->> 'policy'
	                               and v.version = body ->> 'policy_version') end;
	made bigint;
begin
	perform api.staff_is_known(staff);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select jsonb_build_object('pointer', case when p.code is null then '/policy' else '/policy_version' end,
		                          'detail', 'is not loaded here')
		  from (select 1) as one left join data.policy p on p.code = body ->> 'policy'
		 where what is null
		union all
		select api.day_problems(body, 'read_on')) as f (p)));
	insert into data.policy_reading (staff_id, policy_version_id, read_on)
	values (staff, what, (body ->> 'read_on')::date)
	    on conflict on constraint policy_read_once do update
	   set read_on = least(policy_reading.read_on, excluded.read_on)
	returning reading_id into made;
	return query select f.* from api.policy_reading f where f.id = made;
end;
$$;
comment on function api.policy_reading_add(bigint, jsonb) is 'Records that a member of staff has read a policy';
