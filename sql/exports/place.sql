-- Where a scheduled report goes that is told by e-mail: never the data, a link.

create or replace function data.export_tell(export bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.export;
	who data.schedule;
begin
	select e.* into its from data.export e where e.export_id = export;
	select s.* into who from data.schedule s where s.schedule_id = its.schedule_id and s.staff_id is not null;
	if not found then
		return;
	end if;
	-- Who has left the trust is told nothing.
	perform watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
		'school_urn', p.school_urn, 'cause', 'export', 'subject', format('export:%s', export), 'roles', '[]'::jsonb,
		'staff_id', who.staff_id, 'export_id', export, 'due_at', its.asked_at,
		'words', case its.state when 'done' then format('Sign in to fetch the report %s before %s.',
				substring(its.path from '[a-z0-9-]+\.[a-z]+'),
				to_char(its.expires_at at time zone 'Europe/London', 'FMDD Mon HH24:MI'))
			else format('The report %s could not be made: sign in to see why.',
				substring(its.path from '[a-z0-9-]+\.[a-z]+')) end)))
	   from data.post p where p.staff_id = who.staff_id order by p.school_urn limit 1;
end;
$$;
comment on function data.export_tell(bigint) is 'Tells whom a schedule names that its report is there, or could not be made';
