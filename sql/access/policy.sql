-- Policies are no secret inside the trust: every client reads them, and people with
-- their scope.
do $$
declare
	open_to_all regclass;
begin
	foreach open_to_all in array array['data.policy', 'data.policy_version', 'data.clause_kind', 'data.clause',
		'data.rule_left_out']::regclass[] loop
		execute format('create policy seen on %s for select to doorstep_records, doorstep_register, doorstep_reports
			using ((select auth.reaches_all(''policies'', false)))', open_to_all);
	end loop;
end;
$$;
create policy seen on data.adoption for select to doorstep_records, doorstep_register, doorstep_reports
	using (school_urn = any ((select auth.schools())::int[]));
create policy added on data.adoption for insert to doorstep_records, doorstep_register
	with check (school_urn = any ((select auth.schools())::int[]));
create policy changed on data.adoption for update to doorstep_records, doorstep_register
	using (school_urn = any ((select auth.schools())::int[]))
	with check (school_urn = any ((select auth.schools())::int[]));
