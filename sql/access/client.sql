-- Credentials are touched by the functions of schema auth alone, which check
-- the secret or the token that they are given.
create policy definer on auth.client to doorstep_definer using (true) with check (true);
create policy definer on auth.client_school for select to doorstep_definer using (true);
create policy definer on auth.account to doorstep_definer using (true) with check (true);
create policy definer on auth.device to doorstep_definer using (true) with check (true);
create policy definer on auth.attempt to doorstep_definer using (true) with check (true);
create policy definer on auth.link to doorstep_definer using (true) with check (true);
create policy definer on auth.identity to doorstep_definer using (true) with check (true);
create policy definer on auth.sign_on to doorstep_definer using (true) with check (true);
create policy definer on auth.token to doorstep_definer using (true) with check (true);
-- Posts are locked while a session is made of them, and never changed so.
create policy held on data.post for update to doorstep_definer using (true) with check (false);
