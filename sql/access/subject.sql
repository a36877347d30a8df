-- A request for subject access is seen by who sees all schools that hold
-- something about the person, and with its scope; an item whose source needs
-- scopes, with those too.  Requests and items are made by a function alone,
-- which reads everything.
create policy seen on data.subject_request for select to doorstep_records, doorstep_reports
	using (schools <@ (select auth.schools())::int[] and (select auth.has_scope('subject:read', 'subject:write')));
create policy changed on data.subject_request for update to doorstep_records
	using (schools <@ (select auth.schools())::int[] and (select auth.has_scope('subject:write')))
	with check (schools <@ (select auth.schools())::int[] and (select auth.has_scope('subject:write')));
create policy definer on data.subject_request for select to doorstep_definer using (true);
create policy made on data.subject_request for insert to doorstep_definer with check (true);

create policy seen on data.subject_item for select to doorstep_records, doorstep_reports
	using (exists (select from data.subject_request r where r.request_id = subject_item.request_id)
	       and scopes <@ (select auth.kinds_opened())::text[]);
create policy definer on data.subject_item for select to doorstep_definer using (true);
create policy made on data.subject_item for insert to doorstep_definer with check (true);

-- Marked by who may read the item, before the review is finished; words for all items
-- by who may read all of them, since they may be of any.  Whom it names is seen by who
-- marks it.  What lifts one is as that is, for its note may say the same.
create policy seen on data.redaction for select to doorstep_records, doorstep_reports
	using (case when coalesce(item_no, data.redaction_item(lifts)) is not null
	            then exists (select from data.subject_item i where i.request_id = redaction.request_id
	                            and i.item_no = coalesce(redaction.item_no, data.redaction_item(lifts)))
	            else exists (select from data.subject_request r where r.request_id = redaction.request_id
	                            and r.scopes <@ (select auth.kinds_opened())::text[]) end);
create policy added on data.redaction for insert to doorstep_records
	with check ((select auth.has_scope('subject:write'))
	            and exists (select from data.subject_request r
	                         where r.request_id = redaction.request_id and r.state = 'gathered')
	            and case when coalesce(item_no, data.redaction_item(lifts)) is not null
	                then exists (select from data.subject_item i where i.request_id = redaction.request_id
	                                and i.item_no = coalesce(redaction.item_no, data.redaction_item(lifts)))
	                else exists (select from data.subject_request r where r.request_id = redaction.request_id
	                                and r.scopes <@ (select auth.kinds_opened())::text[]) end
	            and exists (select from data.post p where p.staff_id = redaction.by_staff_id));
create policy definer on data.redaction for select to doorstep_definer using (true);

-- What is gathered, whoever asks.
do $$
declare
	gathered text;
begin
	for gathered in select distinct s.record from unnest(enum_range(null::data.subject_kind)) k,
	                       data.subject_sources(k) s where s.record like 'data.%'
	                union select distinct c.record from data.subject_staff_columns() c loop
		execute format('create policy gathered on %s for select to doorstep_definer using (true)', gathered);
	end loop;
end;
$$;
