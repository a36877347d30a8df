-- Risk assessments and the stories behind hazards: the own school's, with the scope for it.
create policy seen on data.risk_assessment for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:read',
		'risk:write')));
create policy added on data.risk_assessment for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:write')));
create policy seen on data.risk_hazard for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:read',
		'risk:write')));
create policy added on data.risk_hazard for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:write'))
	            and exists (select from data.risk_assessment a where a.assessment_id = risk_hazard.assessment_id));
create policy seen on data.hazard for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:read',
		'risk:write')));
create policy added on data.hazard for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:write')));
create policy changed on data.hazard for update to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('risk:write')))
	with check (school_urn = any ((select auth.schools())::int[]));
