-- Schedules: when a report is made next, for which window, and where it is put.

-- at_time is the time of day in the United Kingdom.  Of a month that lacks the day
-- its last; a time that the clocks leave out comes an hour later.
create or replace function data.schedule_next(every data.schedule_every, on_day int, at_time time, after timestamptz)
returns timestamptz
language sql stable
return (select min(m.at)
	  from generate_series(0, 62) as n
	       cross join lateral (select data.day_of(after) + n as day) as d
	       cross join lateral (select (d.day + at_time) at time zone 'Europe/London' as at) as m
	 where m.at > after
	   and case every when 'day' then true when 'weekday' then extract(isodow from d.day) <= 5
	           when 'week' then extract(isodow from d.day) = on_day
	           else extract(day from d.day) = least(on_day,
	               extract(day from date_trunc('month', d.day) + interval '1 month -1 day')) end);
comment on function data.schedule_next(data.schedule_every, int, time, timestamptz) is 'When a schedule comes next after a time';

-- The window of a report that is made on a day.
create or replace function data.schedule_days(time_window data.schedule_window, day date, out "first" date,
	out "last" date)
language sql immutable
begin atomic
	select case time_window when 'yesterday' then day - 1 when 'last_7_days' then day - 7
	            when 'last_week' then data.monday_of(day) - 7
	            when 'last_month' then (date_trunc('month', day::timestamp) - interval '1 month')::date
	            when 'school_year' then data.school_year_of(day - 1) end,
	       case time_window when 'last_week' then data.monday_of(day) - 1
	            when 'last_month' then date_trunc('month', day::timestamp)::date - 1 else day - 1 end;
end;
comment on function data.schedule_days(data.schedule_window, date) is 'First and last day of the window of a report that is made on a day';

-- The path that is asked for on a day.
create or replace function data.schedule_path(its data.schedule, day date) returns text
language sql immutable
return (select case when (its).time_window is null then (its).path
	            else format('%s%sfrom=%s&to=%s', (its).path, case when (its).path like '%?%' then '&' else '?' end,
	                        d."first", d."last") end
	  from data.schedule_days((its).time_window, day) d);
comment on function data.schedule_path(data.schedule, date) is 'The path that a schedule asks for on a day';

-- Fails with DS422, with every problem.
create or replace function data.schedule_add(body jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	problems jsonb;
	made     bigint;
begin
	select coalesce(jsonb_agg(jsonb_build_object('pointer', p.pointer, 'detail', p.detail)), '[]') into problems
	  from (values
		('/at', 'is not a time of day like 06:30', body ->> 'at' !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
		('/on_day', 'is 1 (Monday) to 7 of a week, 1 to 31 of a month, and nothing of a day',
			case body ->> 'every' when 'week' then coalesce((body ->> 'on_day')::int not between 1 and 7, true)
			     when 'month' then coalesce((body ->> 'on_day')::int not between 1 and 31, true)
			     else body ->> 'on_day' is not null end),
		('/folder', 'or staff: one of them says where the report goes',
			(body ->> 'folder' is null) = (body ->> 'staff' is null)),
		('/folder', 'is a name of a to z, 0 to 9 and -', body ->> 'folder' !~ '^[a-z0-9][a-z0-9-]{0,59}$'),
		('/staff', 'is nobody with an e-mail address and an account who may read this, in this format, at a school that '
			'this client sees', body ->> 'staff' is not null
			and not exists (select from data.staff s
				cross join data.export_reader(s.staff_id, body ->> 'path', body ->> 'scope', auth.client_id())
				where s.staff_id = (body ->> 'staff')::bigint and s.email <> '')))
		as p (pointer, detail, wrong)
	 where p.wrong;
	if problems <> '[]' then
		raise exception 'Some of what was sent does not fit the records.' using errcode = 'DS422', detail = problems::text;
	end if;
	insert into data.schedule (client_id, scopes, path, time_window, every, on_day, at_time, folder, staff_id, next_at)
	values (auth.client_id(), data.export_scopes(body ->> 'scope'), body ->> 'path',
	        (body ->> 'window')::data.schedule_window, (body ->> 'every')::data.schedule_every, (body ->> 'on_day')::int,
	        (body ->> 'at')::time, body ->> 'folder', (body ->> 'staff')::bigint,
	        data.schedule_next((body ->> 'every')::data.schedule_every, (body ->> 'on_day')::int,
	            (body ->> 'at')::time, clock_timestamp()))
	returning schedule_id into made;
	return made;
end;
$$;
comment on function data.schedule_add(jsonb) is 'Adds a schedule of the client, and answers its number';

-- Fails with DS404; with DS409 when it has ended already.
create or replace function data.schedule_end(schedule bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.schedule;
begin
	select s.* into its from data.schedule s
	 where s.schedule_id = schedule and s.client_id = auth.client_id() for update;
	if not found then
		raise exception 'There is no such schedule.' using errcode = 'DS404';
	elsif its.ended_at is not null then
		raise exception 'The schedule has ended already.' using errcode = 'DS409';
	end if;
	update data.schedule s set ended_at = clock_timestamp() where s.schedule_id = schedule;
	update data.export e set state = 'cancelled', problem = null, ended_at = clock_timestamp()
	 where e.schedule_id = schedule and e.state in ('waiting', 'running');
	perform data.export_settle_failed(schedule, 'The schedule was ended.');
end;
$$;
comment on function data.schedule_end(bigint) is 'Ends a schedule of the client';

-- Asks for what is due of one.  After a downtime it is made once, for the day on which
-- it was due last.
create or replace function data.schedule_due(its data.schedule, at timestamptz) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	due  timestamptz;
	next timestamptz := its.next_at;
begin
	while next <= at loop
		due := next;
		next := data.schedule_next(its.every, its.on_day, its.at_time, due);
	end loop;
	insert into data.export (client_id, schedule_id, scopes, path, request_id)
	values (its.client_id, its.schedule_id, its.scopes, data.schedule_path(its, data.day_of(due)),
	        'schedule-' || its.schedule_id);
	update data.schedule s set next_at = next where s.schedule_id = its.schedule_id;
end;
$$;
comment on function data.schedule_due(data.schedule, timestamptz) is 'Asks for the export of a schedule that is due';

create or replace function data.schedules_due() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.schedule;
	at  timestamptz := clock_timestamp();
begin
	for its in select s.* from data.schedule s
	            where s.ended_at is null and s.next_at <= at order by s.next_at for update skip locked loop
		begin
			perform data.schedule_due(its, at);
		exception when others then -- one that cannot be asked for keeps no other
			raise warning 'schedule %: % (%)', its.schedule_id, sqlerrm, sqlstate;
		end;
	end loop;
end;
$$;
comment on function data.schedules_due() is 'Asks for the exports of the schedules that are due';
