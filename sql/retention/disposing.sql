-- Rows that are only ever appended to can go in a disposal, and nowhere else.  It says
-- of itself in which transaction it runs: nobody writes that but its function.
create or replace function data.disposing() returns boolean
language plpgsql stable
as $$
begin
	return exists (select from data.disposal d where d.run_in = pg_current_xact_id_if_assigned());
end;
$$;
comment on function data.disposing() is 'Whether this transaction is one in which a disposal runs';
