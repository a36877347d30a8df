create view api.event with (security_invoker = true) as
select e.event_id as id, e.visit_id, e.kind, e.at, e.note, e.recorded_at, v.state as visit_state
  from data.event e join data.visit v using (visit_id);
comment on view api.event is 'Events as the API shows them, with the state of the visit now';

-- Fails with DS404 when there is no such visit.
create function api.event_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.event
language plpgsql stable rows 20
as $$
begin
	if not exists (select from data.visit v where v.visit_id = visit) then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	return query select e.* from api.event e
	              where e.visit_id = visit and (after is null or e.id > after)
	              order by e.id limit max_rows;
end;
$$;
comment on function api.event_list(bigint, bigint, int) is 'The events of a visit, in the order of recording';

-- body: {kind, at, note}; at defaults to now.  Fails with DS404, with DS409
-- when it cannot have happened, with DS422.
create function api.event_append(visit bigint, body jsonb) returns setof api.event
language plpgsql volatile
as $$
declare
	its data.visit;
	made bigint;
begin
	select v.* into its from data.visit v where v.visit_id = visit for update;
	if not found then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	if body ->> 'kind' in ('cancelled', 'note') and coalesce(body ->> 'note', '') !~ '[^[:space:]]' then
		perform api.refuse(jsonb_build_array(jsonb_build_object('pointer', '/note', 'detail',
			case body ->> 'kind' when 'cancelled' then 'is required: say why the visit is cancelled'
			     else 'is required' end)));
	end if;
	insert into data.event (visit_id, school_urn, kind, at, note, client_id)
	values (visit, its.school_urn, (body ->> 'kind')::data.event_kind,
	        coalesce((body ->> 'at')::timestamptz, now()), body ->> 'note', auth.client_id())
	returning event_id into made;
	return query select e.* from api.event e where e.id = made;
end;
$$;
comment on function api.event_append(bigint, jsonb) is 'Appends an event to a visit';
