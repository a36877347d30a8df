-- Exports that are made after they were asked for, as the API shows them.

-- step: the name of the session that works on it, which is seen at once.
create view api.export with (security_invoker = true) as
select e.export_id as id, e.path, e.schedule_id as schedule,
       case when e.state = 'done' and e.expires_at <= clock_timestamp() then 'expired'
            else e.state end::data.export_state as state,
       case when e.state = 'running' then coalesce(
           data.session_step('export ' || e.export_id, 'doorstep_exports'),
           'broken off; it is taken up again') end as step,
       e.row_count as rows, e.byte_count as bytes, encode(e.sha256, 'hex') as sha256,
       case when e.state = 'done' and e.expires_at > clock_timestamp()
            then format('/api/v1/exports/%s/file', e.export_id) end as file,
       e.problem, e.asked_at, case when e.state = 'waiting' and e.tries > 0 then e.next_try_at end as next_try_at,
       e.started_at, e.ended_at, e.expires_at
  from data.export e;
comment on view api.export is 'Exports as the API shows them';

create function api.export_list(state data.export_state default null, schedule bigint default null,
	after bigint default null, max_rows int default null)
returns setof api.export
language sql stable
begin atomic
	select e.* from api.export e
	 where (export_list.state is null or e.state = export_list.state)
	   and (export_list.schedule is null or e.schedule = export_list.schedule)
	   and (after is null or e.id > after)
	 order by e.id limit max_rows;
end;
comment on function api.export_list(data.export_state, bigint, bigint, int) is 'The exports of the client, in the order in which they were asked for';

create function api.export_read("export" bigint) returns setof api.export
language sql stable
begin atomic
	select e.* from api.export e where e.id = "export";
end;
comment on function api.export_read(bigint) is 'One export of the client';

-- body: path, and the scope that the program found it to ask for.  Fails with DS422, DS409.
create function api.export_add(body jsonb) returns setof api.export
language plpgsql volatile
as $$
declare
	made bigint := data.export_ask(body ->> 'path', body ->> 'scope');
begin
	return query select e.* from api.export e where e.id = made;
end;
$$;
comment on function api.export_add(jsonb) is 'Asks for an export that is made later';

-- Fails with DS404, DS409.
create function api.export_call_off("export" bigint) returns setof api.export
language plpgsql volatile
as $$
begin
	perform data.export_call_off("export");
	return query select e.* from api.export e where e.id = "export";
end;
$$;
comment on function api.export_call_off(bigint) is 'Calls an export off, or throws its file away';

-- url: a path, as elsewhere.  The token stands in its query, which no log keeps.  Fails with DS404, DS409, DS403.
create function api.export_link("export" bigint) returns table (url text, until timestamptz)
language sql volatile
begin atomic
	select '/api/v1/exports/download?link=' || l.token, l.until from data.export_link("export") l;
end;
comment on function api.export_link(bigint) is 'A link by which the file of an export can be fetched once';
