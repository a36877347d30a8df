-- Facts about staff go with the person: seen and changed by a school where they
-- are, or were last; with the scope for them.  Asked of the fact at hand, since the
-- planner would ask it of everybody who ever left to find one page.
do $$
declare
	fact regclass;
	of_theirs text := 'exists (select from data.post p where p.staff_id = %1$s.staff_id
		and auth.keeps_staff(%1$s.staff_id, p.left_on))';
begin
	foreach fact in array array['data.staff_check', 'data.training', 'data.policy_reading', 'data.vehicle',
		'data.allergy', 'data.next_of_kin']::regclass[] loop
		execute format('create policy seen on %1$s for select to doorstep_records, doorstep_reports
			using ((select auth.has_scope(''checks:read'', ''checks:write''))
				and ' || of_theirs || ')', fact);
		execute format('create policy added on %1$s for insert to doorstep_records
			with check ((select auth.has_scope(''checks:write'')) and ' || of_theirs || ')', fact);
		execute format('create policy changed on %1$s for update to doorstep_records
			using ((select auth.has_scope(''checks:write'')) and ' || of_theirs || ')
			with check (' || of_theirs || ')', fact);
	end loop;
end;
$$;
