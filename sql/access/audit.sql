-- The trail is written by its functions alone, and only appended to.
create policy appended on audit.entry for insert to doorstep_definer with check (true);
create policy appended on audit.access for insert to doorstep_definer with check (true);
create policy read on audit.entry for select to doorstep_definer using (true);
create policy read on audit.access for select to doorstep_definer using (true);
