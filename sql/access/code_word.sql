-- A code word is set and compared by functions alone.
create policy compared on data.code_word to doorstep_definer using (true) with check (true);
