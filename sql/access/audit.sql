-- The trail is written by its functions alone, and only appended to; what it said can be erased.
create policy appended on audit.entry for insert to doorstep_definer with check (true);
create policy appended on audit.access for insert to doorstep_definer with check (true);
create policy read on audit.entry for select to doorstep_definer using (true);
create policy read on audit.access for select to doorstep_definer using (true);
create policy erased on audit.entry for update to doorstep_definer using (true) with check (salt is null);
create policy erased on audit.access for update to doorstep_definer using (true) with check (salt is null);
create policy appended on audit.leaf for insert to doorstep_definer with check (true);
create policy read on audit.leaf for select to doorstep_definer using (true);
create policy kept on audit.horizon to doorstep_definer using (true) with check (true);
create policy appended on audit.checkpoint for insert to doorstep_definer with check (true);
create policy read on audit.checkpoint for select to doorstep_definer using (true);
