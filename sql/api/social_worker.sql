-- Social workers of families.
create function api.pupil_is_known(pupil bigint) returns void
language plpgsql stable
as $$
begin
	if not exists (select from data.pupil p where p.pupil_id = pupil) then
		raise exception 'There is no such pupil.' using errcode = 'DS404';
	end if;
end;
$$;
comment on function api.pupil_is_known(bigint) is 'Fails with DS404 when there is no such pupil';

create view api.social_worker with (security_invoker = true) as
select f.social_worker_id as id, f.pupil_id as pupil, f.name, f.phone, f.from_on, f.until_on,
       f.version, f.created_at, f.updated_at
  from data.social_worker f;
comment on view api.social_worker is 'Social workers of pupils as the API shows them';

create function api.social_worker_list(pupil bigint, after bigint default null, max_rows int default null)
returns setof api.social_worker
language plpgsql stable rows 5
as $$
begin
	perform api.pupil_is_known(pupil);
	return query
	select f.* from api.social_worker f
	 where f.pupil = social_worker_list.pupil and (after is null or f.id > after)
	 order by f.id limit max_rows;
end;
$$;
comment on function api.social_worker_list(bigint, bigint, int) is 'The social workers of a pupil''s family, by id';

create function api.social_worker_add(pupil bigint, body jsonb) returns setof api.social_worker
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.pupil_is_known(pupil);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.span_problems(body, 'from_on', 'until_on')) as f (p)));
	insert into data.social_worker (pupil_id, name, phone, from_on, until_on)
	select pupil, f.name, f.phone, f.from_on, f.until_on
	  from jsonb_populate_record(null::data.social_worker, body) as f
	returning social_worker_id into made;
	return query select f.* from api.social_worker f where f.id = made;
end;
$$;
comment on function api.social_worker_add(bigint, jsonb) is 'Records a social worker of a pupil''s family';

create function api.social_worker_change(pupil bigint, social_worker bigint, if_match text[], body jsonb)
	returns setof api.social_worker
language plpgsql volatile
as $$
declare
	was    data.social_worker;
	now_so data.social_worker;
begin
	select f.* into was from data.social_worker f
	 where f.social_worker_id = social_worker and f.pupil_id = pupil for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'from_on', 'until_on') as p));
	update data.social_worker f set phone = now_so.phone, until_on = now_so.until_on
		where f.social_worker_id = social_worker;
	return query select f.* from api.social_worker f where f.id = social_worker;
end;
$$;
comment on function api.social_worker_change(bigint, bigint, text[],
	jsonb) is 'Renews or ends a social worker of a pupil''s family, if it is as the caller knows it';
