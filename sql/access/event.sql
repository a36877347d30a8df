-- An event goes with the school; it is only ever appended.
create policy seen on data.event for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
-- What was done about a concern or an incident takes the scope for those besides: one that
-- reaches own visits alone opens it of those.
create policy only_with_its_scope on data.event as restrictive for select to doorstep_records, doorstep_reports
	using (clause is null or clause <> all ((select duty.clauses_closed())::text[])
	       or (visit_id = any ((select auth.own_visits())::bigint[])
	           and clause <> all ((select duty.clauses_closed(true))::text[])));
create policy added on data.event for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[])
	            and exists (select from data.visit v where v.visit_id = event.visit_id));
