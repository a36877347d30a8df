-- Schedules of reports, as the API shows them, each with what came of it last.
create view api.schedule with (security_invoker = true) as
select s.schedule_id as id, s.path, s.time_window as "window", s.every, s.on_day,
       to_char(s.at_time, 'HH24:MI') as at, s.folder, s.staff_id as staff,
       case when s.ended_at is null then s.next_at end as next_at, latest.export_id as last_export,
       latest.state as last_state, latest.problem as last_problem, latest.ended_at as last_at, s.created_at, s.ended_at
  from data.schedule s
       left join lateral (select e.export_id, e.state, e.problem, e.ended_at from data.export e
                           where e.schedule_id = s.schedule_id order by e.export_id desc limit 1) as latest on true;
comment on view api.schedule is 'Schedules as the API shows them';

create function api.schedule_list(after bigint default null, max_rows int default null) returns setof api.schedule
language sql stable
begin atomic
	select s.* from api.schedule s where after is null or s.id > after order by s.id limit max_rows;
end;
comment on function api.schedule_list(bigint, int) is 'The schedules of the client';

create function api.schedule_read(schedule bigint) returns setof api.schedule
language sql stable
begin atomic
	select s.* from api.schedule s where s.id = schedule;
end;
comment on function api.schedule_read(bigint) is 'One schedule of the client';

-- body: as sent, and the scope that the program found the report to ask for.  Fails with DS422.
create function api.schedule_add(body jsonb) returns setof api.schedule
language plpgsql volatile
as $$
declare
	made bigint := data.schedule_add(body);
begin
	return query select s.* from api.schedule s where s.id = made;
end;
$$;
comment on function api.schedule_add(jsonb) is 'Adds a schedule';

-- Fails with DS404, DS409.
create function api.schedule_end(schedule bigint) returns setof api.schedule
language plpgsql volatile
as $$
begin
	perform data.schedule_end(schedule);
	return query select s.* from api.schedule s where s.id = schedule;
end;
$$;
comment on function api.schedule_end(bigint) is 'Ends a schedule';
