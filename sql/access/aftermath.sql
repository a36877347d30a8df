-- What follows a visit is read with the scope for it only: a concern is not
-- everybody's to read.
do $$
declare
	follows record;
begin
	for follows in select * from (values
		('data.visit_record', 'records'), ('data.concern', 'concerns'), ('data.external_referral', 'concerns'),
		('data.incident', 'incidents'), ('data.accident', 'incidents'), ('data.intervention', 'incidents'),
		('data.debrief', 'incidents')) as f (name, scope) loop
		execute format('create policy seen on %s for select to doorstep_records, doorstep_reports
			using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope(%L, %L)))',
			follows.name, follows.scope || ':read', follows.scope || ':write');
		execute format('create policy added on %1$s for insert to doorstep_records
			with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope(%2$L))
				and exists (select from data.visit v where v.visit_id = %1$s.visit_id))',
			follows.name, follows.scope || ':write');
	end loop;
end;
$$;
