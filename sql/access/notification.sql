-- Notifications go with the school; the outbox is the watch's own.
create policy seen on data.notification for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[])
	       and (select auth.has_scope('alarms:read', 'alarms:write')));
create policy accepted on data.notification for update to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('alarms:write')))
	with check (school_urn = any ((select auth.schools())::int[]));
create policy watched on data.notification to doorstep_definer using (true) with check (true);
create policy watched on data.delivery to doorstep_definer using (true) with check (true);
create policy watched on data.webhook for select to doorstep_definer using (true);
create policy watched on data.watch_beat to doorstep_definer using (true) with check (true);
