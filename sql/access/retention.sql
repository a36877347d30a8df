-- Rules, holds and disposals are seen with the scope for retention: rules by whose
-- school they are about, a hold by who sees a school of it, a disposal by who sees all
-- schools of its records; what of them takes a scope, with that.  Holds and disposals
-- are made by functions alone.
create policy seen on data.retention_rule for select to doorstep_records, doorstep_reports
	using ((select auth.has_scope('retention:read', 'retention:write'))
	       and (school_urn is null or school_urn = any ((select auth.schools())::int[])));
create policy added on data.retention_rule for insert to doorstep_records
	with check ((select auth.has_scope('retention:write')) and case when school_urn is null
	            then (select auth.sees_all_schools()) else school_urn = any ((select auth.schools())::int[]) end
	            and exists (select from data.post p where p.staff_id = retention_rule.by_staff_id));

create policy seen on data.legal_hold for select to doorstep_records, doorstep_reports
	using (schools && (select auth.schools())::int[] and (select auth.has_scope('retention:read', 'retention:write'))
	       and (subject = 'school' or data.retention_opens(nullif(subject::text, 'school')::data.retention_kind)));
create policy lifted on data.legal_hold for update to doorstep_records
	using (schools <@ (select auth.schools())::int[] and (select auth.has_scope('retention:write'))
	       and (subject = 'school' or data.retention_opens(nullif(subject::text, 'school')::data.retention_kind)))
	with check (schools <@ (select auth.schools())::int[]
	            and exists (select from data.post p where p.staff_id = legal_hold.lifted_by));

create policy seen on data.disposal for select to doorstep_records, doorstep_reports
	using (schools <@ (select auth.schools())::int[] and (select auth.has_scope('retention:read', 'retention:write')));
create policy seen on data.disposal_item for select to doorstep_records, doorstep_reports
	using (exists (select from data.disposal d where d.disposal_id = disposal_item.disposal_id)
	       and data.retention_opens(kind));
create policy definer on data.disposal to doorstep_definer using (true) with check (true);
create policy definer on data.disposal_item to doorstep_definer using (true) with check (true);
create policy placed on data.legal_hold for insert to doorstep_definer with check (true);

-- What can be disposed of is weighed, and goes in a disposal alone.
do $$
declare
	held text;
begin
	for held in select p.record from data.retention_parts() p union select k.record from data.retention_kinds() k
	            union values ('data.retention_rule') loop
		execute format('create policy retained on %s for select to doorstep_definer using (true)', held);
		if held <> 'data.event' then -- of which nobody reads whether it held the code word
			execute format('grant select on %s to doorstep_definer', held);
		end if;
	end loop;
	for held in select p.record from data.retention_parts() p union values ('data.change') loop
		execute format('create policy disposed on %s for delete to doorstep_definer
			using ((select data.disposing()))', held);
		execute format('grant delete on %s to doorstep_definer', held);
	end loop;
end;
$$;
create policy let_go on data.risk_assessment for update to doorstep_definer
	using ((select data.disposing())) with check (true);
create policy let_go on data.visit for update to doorstep_definer using ((select data.disposing())) with check (true);
-- Answers that had to be kept for seven days.
create policy forgotten on data.idempotency to doorstep_definer using (created_at < now() - interval '7 days');
