-- Escalations go with the school; the watch opens and climbs them.
create policy seen on data.escalation for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[])
	       and (select auth.has_scope('alarms:read', 'alarms:write')));
create policy seen on data.rung for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[])
	       and (select auth.has_scope('alarms:read', 'alarms:write')));
create policy tried on data.rung for update to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('alarms:write')))
	with check (school_urn = any ((select auth.schools())::int[]));
create policy watched on data.escalation to doorstep_definer using (true) with check (true);
create policy watched on data.rung to doorstep_definer using (true) with check (true);
