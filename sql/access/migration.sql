-- The installation alone writes migrations, as superuser; nobody else needs them.
create policy nobody on data.migration for select to doorstep_definer using (false);
