-- Whom a scheduled report concerns: never the data, a link; and nothing once it is settled.

-- What is said of it: who is named fetches it, or else it failed for good, which the client
-- can look up.  The folder is not said: people name folders as they like, and this leaves
-- Doorstep.
create or replace function data.export_words(its data.export, staff bigint) returns text
language sql stable
return (select case when (its).state = 'done' then format('Sign in to fetch the report %s before %s.', r.name,
	                to_char((its).expires_at at time zone 'Europe/London', 'FMDD Mon HH24:MI'))
	            else format('The report %s of schedule %s could not be made: %s.', r.name, (its).schedule_id,
	                case when staff is null then format('the client %s, whose it is, is told why', (its).client_id)
	                     else 'sign in to see why' end) end
	  from (select substring((its).path from '[a-z0-9-]+\.[a-z]+') as name) as r);
comment on function data.export_words(data.export, bigint) is 'What whom a schedule concerns is told of its export';

-- Where it is told: at a school that the client sees; that of the report, where it is of
-- one.  Who is named is told at one where they are; what was to go into a folder, and
-- failed, is told where there is a compliance officer, if there is one.  None: null.
create or replace function data.export_school(its data.export, staff bigint) returns int
language sql stable security definer set search_path = pg_catalog
begin atomic
	select s.urn
	  from auth.client c cross join unnest(auth.schools_of(c)) as s (urn)
	 where c.client_id = (its).client_id
	   and (staff is null or exists (select from data.post p
	           where p.staff_id = staff and p.school_urn = s.urn and data.lasts(p.left_on)))
	 order by s.urn::text = substring((its).path from '[?&]school=([0-9]+)') desc nulls last,
	          exists (select from data.post p where p.school_urn = s.urn and 'compliance_officer' = any (p.roles)) desc,
	          s.urn
	 limit 1;
end;
comment on function data.export_school(data.export, bigint) is 'The school at which it is told that a scheduled export has ended; null for none';

-- Of a file that is in its folder nobody is told; who sees none of the schools any more is told nothing.
-- Where whom it is for may not read it any more, others are told that it could not be made.
create or replace function data.export_tell(export bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its    data.export;
	who    bigint;
	school int;
begin
	select e.* into its from data.export e where e.export_id = export and e.schedule_id is not null;
	select s.staff_id into who from data.schedule s
	 where s.schedule_id = its.schedule_id and (its.state = 'done' or exists (select from data.export_holder(its)));
	school := data.export_school(its, who);
	if its.state = 'done' then
		perform data.export_settle_failed(its.schedule_id, 'It was made again.');
	end if;
	if its.state = 'failed' then -- what was there, and had to be made again
		perform data.export_settle(export, 'It was lost.');
	end if;
	if school is null or (who is null and its.state = 'done') then
		return;
	end if;
	perform watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
		'school_urn', school, 'cause', 'export', 'subject', format('export:%s', export),
		'roles', case when who is null then '["compliance_officer", "office"]' else '[]' end::jsonb,
		'staff_id', who, 'export_id', export, 'words', data.export_words(its, who),
		'due_at', case its.state when 'done' then its.asked_at else its.ended_at end)));
end;
$$;
comment on function data.export_tell(bigint) is 'Tells whom a schedule concerns that its report is there, or could not be made';

-- Two who fetch at once do not wait for each other: one of them settles it.
create or replace function data.export_settle(export bigint, resolution text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.notification n set resolved_at = clock_timestamp(), resolution = export_settle.resolution
	 where n.notification_id in (select o.notification_id from data.notification o
	                              where o.subject = format('export:%s', export) and o.resolved_at is null
	                                for no key update skip locked);
end;
$$;
comment on function data.export_settle(bigint, text) is 'Settles what was told of an export';

create or replace function data.export_settle_failed(schedule bigint, resolution text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.export_settle(e.export_id, resolution)
	   from data.export e where e.schedule_id = schedule and e.state = 'failed';
end;
$$;
comment on function data.export_settle_failed(bigint, text) is 'Settles what was told of the exports of a schedule that failed';
