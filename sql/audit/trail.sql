-- The trail.  Every table of data and auth has the trigger below; it writes in
-- the transaction of the change, so that neither can be without the other.

-- Arguments: the columns of the primary key, comma-separated; then the columns
-- that are secret and are left out, likewise.
create or replace function audit.log_change() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	secret  text[] := string_to_array(coalesce(tg_argv[1], ''), ',');
	earlier jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - secret end;
	later   jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - secret end;
	row_now jsonb := coalesce(later, earlier);
begin
	if tg_op = 'UPDATE' and old is not distinct from new then
		return null;
	end if;
	insert into audit.entry (client_id, request_id, action, record, key, school_urn, before, after)
	values (auth.client_id(), nullif(current_setting('doorstep.request_id', true), ''),
	        lower(tg_op), tg_table_schema || '.' || tg_table_name,
	        (select coalesce(jsonb_object_agg(k, row_now -> k), '{}')
	           from unnest(string_to_array(tg_argv[0], ',')) k),
	        coalesce(row_now ->> 'school_urn', row_now ->> 'urn')::int, earlier, later);
	return null;
end;
$$;
comment on function audit.log_change() is 'Trigger: writes the audit entry of a changed row';

-- The register changes by tens of thousands of rows at a time: one entry for
-- all that a statement changed of a school in a week, with the weeks of marks
-- by the pupil's id.
create or replace function audit.log_register() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	client  text := auth.client_id();
	request text := nullif(current_setting('doorstep.request_id', true), '');
begin
	if tg_op = 'INSERT' then
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, after)
		select client, request, 'insert', 'data.register_week',
		       jsonb_build_object('school_urn', n.school_urn, 'week', n.week), n.school_urn,
		       jsonb_object_agg(n.pupil_id, n.marks)
		  from later n group by n.school_urn, n.week order by n.week, n.school_urn;
	elsif tg_op = 'UPDATE' then
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, before, after)
		select client, request, 'update', 'data.register_week',
		       jsonb_build_object('school_urn', n.school_urn, 'week', n.week), n.school_urn,
		       jsonb_object_agg(n.pupil_id, o.marks), jsonb_object_agg(n.pupil_id, n.marks)
		  from later n join earlier o using (pupil_id, week, school_urn)
		 where (o.marks, o.decided) is distinct from (n.marks, n.decided)
		 group by n.school_urn, n.week order by n.week, n.school_urn;
	else
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, before)
		select client, request, 'delete', 'data.register_week',
		       jsonb_build_object('school_urn', o.school_urn, 'week', o.week), o.school_urn,
		       jsonb_object_agg(o.pupil_id, o.marks)
		  from earlier o group by o.school_urn, o.week order by o.week, o.school_urn;
	end if;
	return null;
end;
$$;
comment on function audit.log_register() is 'Trigger: writes the audit entries of changed weeks, one a school and week';

-- The same for what marks say besides their code.
create or replace function audit.log_mark_notes() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	client  text := auth.client_id();
	request text := nullif(current_setting('doorstep.request_id', true), '');
begin
	if tg_op = 'DELETE' then
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, before)
		select client, request, 'delete', 'data.mark_note',
		       jsonb_build_object('school_urn', o.school_urn, 'day', o.day), o.school_urn, jsonb_agg(to_jsonb(o))
		  from earlier o group by o.school_urn, o.day order by o.day, o.school_urn;
	elsif tg_op = 'INSERT' then
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, after)
		select client, request, 'insert', 'data.mark_note',
		       jsonb_build_object('school_urn', n.school_urn, 'day', n.day), n.school_urn, jsonb_agg(to_jsonb(n))
		  from later n group by n.school_urn, n.day order by n.day, n.school_urn;
	else
		insert into audit.entry (client_id, request_id, action, record, key, school_urn, before, after)
		select client, request, 'update', 'data.mark_note',
		       jsonb_build_object('school_urn', n.school_urn, 'day', n.day), n.school_urn,
		       jsonb_agg(to_jsonb(o)), jsonb_agg(to_jsonb(n))
		  from later n join earlier o using (pupil_id, day, session, school_urn)
		 where (o.minutes_late, o.comment) is distinct from (n.minutes_late, n.comment)
		 group by n.school_urn, n.day order by n.day, n.school_urn;
	end if;
	return null;
end;
$$;
comment on function audit.log_mark_notes() is 'Trigger: writes the audit entries of changed notes on marks, one a school and day';

-- What is gathered for a request comes by tens of thousands of rows, too, never changes,
-- and is a copy of what has its own entries: one entry a school says how many.
create or replace function audit.log_gathered() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	insert into audit.entry (client_id, request_id, action, record, key, school_urn, after)
	select auth.client_id(), nullif(current_setting('doorstep.request_id', true), ''), 'insert', 'data.subject_item',
	       jsonb_build_object('request_id', n.request_id), n.school_urn,
	       jsonb_build_object('request_id', n.request_id, 'school_urn', n.school_urn, 'items', count(*))
	  from later n group by n.request_id, n.school_urn order by n.request_id, n.school_urn;
	return null;
end;
$$;
comment on function audit.log_gathered() is 'Trigger: writes the audit entries of what was gathered, one a school';

-- Notes an export before its first byte leaves.  filters: the parameters as sent, and
-- why it was asked for where that was said.  Answers the day in the United Kingdom,
-- which the name of a file has.
create or replace function audit.access_append(resource text, filters jsonb, format text, row_count bigint) returns date
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its auth.token := auth.asking();
begin
	insert into audit.access (client_id, request_id, resource, filters, format, row_count)
	values (its.client_id, current_setting('doorstep.request_id'), resource,
	        filters || jsonb_strip_nulls(jsonb_build_object('reason', auth.reason(),
	            'acting_at', case when its.whole_trust then 'trust' else its.acting_at::text end,
	            'made', case when session_user = 'doorstep_exports' and (its.whole_trust or its.acting_at is not null)
	                         then 'for them' end)), -- they see it when they fetch it
	        format, row_count);
	return data.day_of(clock_timestamp());
end;
$$;
comment on function audit.access_append(text, jsonb, text, bigint) is 'Notes an export before its first byte leaves';
