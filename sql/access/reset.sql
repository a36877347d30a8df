-- Grants are said afresh at every installation: first everything that stands
-- is taken away, so that nothing outlives its line.  Row-level security is on
-- for every table, and for its owner too.
do $$
declare
	item record;
begin
	for item in select quote_ident(rolname) as grantee from pg_roles
	             where rolname like 'doorstep\_%' and rolname <> 'doorstep_owner'
	            union all select 'public' loop
		execute format('revoke all on schema data, auth, audit from %s', item.grantee);
		execute format('revoke all on all tables in schema data, auth, audit from %s', item.grantee);
		execute format('revoke all on all sequences in schema data, auth, audit from %s', item.grantee);
		execute format('revoke all on all functions in schema data, auth, audit from %s', item.grantee);
	end loop;
	for item in select c.oid::regclass as name from pg_class c
	             where c.relkind in ('r', 'p')
	               and c.relnamespace in ('data'::regnamespace, 'auth'::regnamespace, 'audit'::regnamespace) loop
		execute format('alter table %s enable row level security', item.name);
		execute format('alter table %s force row level security', item.name);
	end loop;
end;
$$;
