create view api.notification with (security_invoker = true) as
select n.notification_id as id, n.school_urn, n.visit_id, n.cause, n.escalation_id as escalation, n.position as rung,
       v.policy_code as policy, v.version as policy_version, n.clause, n.words,
       array_to_json(n.roles) as roles, array_to_string(n.roles, '; ') as roles_text,
       n.due_at, n.raised_at, greatest(extract(epoch from n.raised_at - n.due_at), 0)::bigint as late_seconds,
       n.accepted_at, n.accepted_by, n.resolved_at, n.resolved_by, n.resolution, n.drill, n.version, n.updated_at
  from data.notification n left join data.policy_version v using (policy_version_id);
comment on view api.notification is 'Notifications as the API shows them';

create function api.notification_list(school int default null, visit bigint default null,
	cause data.notification_cause default null, open boolean default null,
	after bigint default null, max_rows int default null) returns setof api.notification
language sql stable
begin atomic
	select n.* from api.notification n
	 where (school is null or n.school_urn = school) and (visit is null or n.visit_id = visit)
	   and (notification_list.cause is null or n.cause = notification_list.cause)
	   and (open is null or (n.resolved_at is null) = open) and (after is null or n.id > after)
	 order by n.id limit max_rows;
end;
comment on function api.notification_list(int, bigint, data.notification_cause, boolean, bigint, int)
	is 'Notifications, by id; open: those not settled, or those settled';

create function api.notification_read(notification bigint) returns setof api.notification
language sql stable
begin atomic
	select n.* from api.notification n where n.id = notification;
end;
comment on function api.notification_read(bigint) is 'One notification';

create function api.notification_locked(notification bigint, body jsonb) returns data.notification
language plpgsql volatile
as $$
declare
	its data.notification;
begin
	select n.* into its from data.notification n where n.notification_id = notification for update;
	if not found then
		raise exception 'There is no such notification.' using errcode = 'DS404';
	end if;
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse(coalesce((select jsonb_agg(p) from api.staff_problems(body, 'by') p), '[]'));
	if its.resolved_at is not null then
		raise exception 'The notification is settled already: %', its.resolution using errcode = 'DS409';
	end if;
	return its;
end;
$$;
comment on function api.notification_locked(bigint,
	jsonb) is 'A notification that is not settled, locked; fails with DS404, DS409, DS422';

-- body: {by}.  Fails with DS409 when somebody has taken it on, or it is settled.
create function api.notification_accept(notification bigint, body jsonb) returns setof api.notification
language plpgsql volatile
as $$
begin
	if (api.notification_locked(notification, body)).accepted_at is not null then
		raise exception 'Somebody has taken the notification on already.' using errcode = 'DS409';
	end if;
	update data.notification n set accepted_at = clock_timestamp(), accepted_by = (body ->> 'by')::bigint
	 where n.notification_id = notification;
	return query select n.* from api.notification n where n.id = notification;
end;
$$;
comment on function api.notification_accept(bigint, jsonb) is 'Somebody takes a notification on';

-- body: {by, resolution}.  Fails with DS409 when it is settled.
create function api.notification_resolve(notification bigint, body jsonb) returns setof api.notification
language plpgsql volatile
as $$
begin
	perform api.notification_locked(notification, body);
	update data.notification n
	   set resolved_at = clock_timestamp(), resolved_by = (body ->> 'by')::bigint,
	       resolution = body ->> 'resolution'
	 where n.notification_id = notification;
	return query select n.* from api.notification n where n.id = notification;
end;
$$;
comment on function api.notification_resolve(bigint, jsonb) is 'Somebody settles a notification';
