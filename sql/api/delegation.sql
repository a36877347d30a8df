-- Who may decide in the place of somebody with a role.
create view api.delegation with (security_invoker = true) as
select d.delegation_id as id, d.school_urn, d.from_staff_id as "from", d.to_staff_id as "to", d.role, d.from_on,
       d.until_on, d.version, d.created_at, d.updated_at
  from data.delegation d;
comment on view api.delegation is 'Delegations as the API shows them';

create function api.delegation_list(school int default null, after bigint default null, max_rows int default null)
returns setof api.delegation
language sql stable
begin atomic
	select d.* from api.delegation d
	 where (school is null or d.school_urn = school) and (after is null or d.id > after)
	 order by d.id limit max_rows;
end;
comment on function api.delegation_list(int, bigint, int) is 'Delegations, by id';

create function api.delegation_problems(body jsonb) returns setof jsonb
language sql stable
begin atomic
	select api.school_problems(body)
	union all
	select jsonb_build_object('pointer', '/from', 'detail', 'does not hold this role at this school')
	 where not exists (select from data.post p where p.staff_id = (body ->> 'from')::bigint
	                      and p.school_urn = (body ->> 'school_urn')::int and data.lasts(p.left_on)
	                      and (body ->> 'role')::data.staff_role = any (p.roles))
	union all
	select jsonb_build_object('pointer', '/to', 'detail', 'has no post at this school')
	 where not exists (select from data.post p where p.staff_id = (body ->> 'to')::bigint
	                      and p.school_urn = (body ->> 'school_urn')::int and data.lasts(p.left_on))
	union all
	select jsonb_build_object('pointer', '/to', 'detail', 'must be another than from')
	 where body ->> 'to' = body ->> 'from'
	union all
	select api.span_problems(body, 'from_on', 'until_on');
end;
comment on function api.delegation_problems(jsonb) is 'Everything in which a delegation does not fit the records';

-- body: {school_urn, from, to, role, from_on, until_on}.  A person gives their own place
-- away, and nobody else's: DS430.  Fails with DS422.
create function api.delegation_add(body jsonb) returns setof api.delegation
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform auth.in_own_name((body ->> 'from')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.delegation_problems(body) as p));
	insert into data.delegation (school_urn, from_staff_id, to_staff_id, role, from_on, until_on)
	values ((body ->> 'school_urn')::int, (body ->> 'from')::bigint, (body ->> 'to')::bigint,
	        (body ->> 'role')::data.staff_role, (body ->> 'from_on')::date, (body ->> 'until_on')::date)
	returning delegation_id into made;
	return query select d.* from api.delegation d where d.id = made;
end;
$$;
comment on function api.delegation_add(jsonb) is 'Lets somebody decide in the place of somebody with a role';

-- Anybody may end it sooner; it goes on by whose place it is: DS430.  Fails with DS404,
-- DS412 (stale), DS422.
create function api.delegation_change(delegation bigint, if_match text[], body jsonb) returns setof api.delegation
language plpgsql volatile
as $$
declare
	was    data.delegation;
	now_so data.delegation;
begin
	select d.* into was from data.delegation d where d.delegation_id = delegation for update;
	perform api.want_version(if_match, was.version);
	now_so := jsonb_populate_record(was, body);
	if coalesce(now_so.until_on, 'infinity') > coalesce(was.until_on, 'infinity') then
		perform auth.in_own_name(was.from_staff_id);
	end if;
	perform api.refuse((select coalesce(jsonb_agg(p), '[]')
		from api.span_problems(to_jsonb(now_so), 'from_on', 'until_on') as p));
	update data.delegation d set until_on = now_so.until_on where d.delegation_id = delegation;
	return query select d.* from api.delegation d where d.id = delegation;
end;
$$;
comment on function api.delegation_change(bigint, text[],
	jsonb) is 'Ends a delegation, or lets it go on, if it is as the caller knows it';
