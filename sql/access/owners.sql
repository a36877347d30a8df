-- doorstep_owner owns everything, but for the security definer functions,
-- which belong to doorstep_definer and so may do only what that role may.
-- Nothing is open to everybody.
do $$
declare
	item record;
begin
	for item in select oid::regprocedure as name, prosecdef from pg_proc
	             where pronamespace in ('data'::regnamespace, 'auth'::regnamespace,
	                                    'audit'::regnamespace, 'api'::regnamespace,
	                                    'duty'::regnamespace, 'watch'::regnamespace) loop
		execute format('revoke all on function %s from public', item.name);
		execute format('alter function %s owner to %I', item.name,
			case when item.prosecdef then 'doorstep_definer' else 'doorstep_owner' end);
		if item.prosecdef then -- they call one another
			execute format('grant execute on function %s to doorstep_definer', item.name);
		end if;
	end loop;
	for item in select c.oid::regclass as name, c.relkind from pg_class c
	             where c.relkind in ('r', 'p', 'v')
	               and c.relnamespace in ('data'::regnamespace, 'auth'::regnamespace,
	                                      'audit'::regnamespace, 'api'::regnamespace,
	                                    'duty'::regnamespace, 'watch'::regnamespace) loop
		execute format('alter table %s owner to doorstep_owner', item.name);
	end loop;
	for item in select t.oid::regtype as name from pg_type t
	             where t.typtype = 'e' and t.typnamespace = 'data'::regnamespace loop
		execute format('alter type %s owner to doorstep_owner', item.name);
	end loop;
end;
$$;
