-- Requests, decisions and delegations go with the school.
create policy seen on data.approval_request for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.approval_request for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]));
create policy seen on data.approval_decision for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.approval_decision for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('approvals:write')));
create policy seen on data.delegation for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.delegation for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('approvals:write')));
create policy changed on data.delegation for update to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('approvals:write')))
	with check (school_urn = any ((select auth.schools())::int[]));
