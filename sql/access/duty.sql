-- Duties are weighed by their functions alone; what was waived or breached is said by who sees the school.
create policy seen on data.duty for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy only_with_its_scope on data.duty as restrictive for select to doorstep_records, doorstep_reports
	using (scope is null or (scope = 'concerns' and (select auth.has_scope('concerns:read', 'concerns:write')))
	       or (scope = 'incidents' and (select auth.has_scope('incidents:read', 'incidents:write'))));
create policy weighed on data.duty to doorstep_definer using (true) with check (true);
create policy seen on data.deviation for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.deviation for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[])
	            and exists (select from data.visit v where v.visit_id = deviation.visit_id));
