-- Duties are weighed by their functions alone; what was waived or breached is said by who sees the school.
create policy seen on data.duty for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
-- A duty that tells of a concern, an incident, an agreement or a referral, and
-- what is told of such a duty, takes the scope for those besides.  Who decides on visits
-- sees from the duty that there is a concern, and whether it was passed on, though not
-- what it says: that is in no duty.
do $$
declare
	scoped regclass;
begin
	foreach scoped in array array['data.duty', 'data.notification']::regclass[] loop
		execute format('create policy only_with_its_scope on %s as restrictive for select
			to doorstep_records, doorstep_reports
			using (scope is null or scope = any ((select auth.kinds_opened())::text[])
				or (visit_id = any ((select auth.own_visits())::bigint[])
				    and scope = any ((select auth.kinds_opened(true))::text[]))
				or (scope = ''concerns'' and (select auth.has_scope(''approvals:write''))))', scoped);
	end loop;
end;
$$;
create policy weighed on data.duty to doorstep_definer using (true) with check (true);
create policy seen on data.deviation for select to doorstep_records, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.deviation for insert to doorstep_records
	with check (school_urn = any ((select auth.schools())::int[])
	            and (exists (select from data.visit v where v.visit_id = deviation.visit_id)
	                 or exists (select from data.agreement a where a.agreement_id = deviation.agreement_id)
	                    and (select auth.has_scope('agreements:write'))));
create policy only_with_its_scope on data.deviation as restrictive for select to doorstep_records, doorstep_reports
	using (case when agreement_id is null then clause <> all ((select duty.clauses_closed())::text[])
	            or (visit_id = any ((select auth.own_visits())::bigint[])
	                and clause <> all ((select duty.clauses_closed(true))::text[]))
	       else (select auth.has_scope('agreements:read', 'agreements:write')) end);
