-- doorstep_owner owns everything, but for the security definer functions,
-- which belong to doorstep_definer and so may do only what that role may, and the
-- views of rows as they were, which belong to doorstep_past and see what that sees.
-- Nothing is open to everybody.
do $$
declare
	item record;
begin
	for item in select oid::regprocedure as name, prosecdef from pg_proc
	             where pronamespace in ('data'::regnamespace, 'auth'::regnamespace,
	                                    'audit'::regnamespace, 'api'::regnamespace,
	                                    'duty'::regnamespace, 'watch'::regnamespace,
	                                    'was'::regnamespace, 'past'::regnamespace) loop
		execute format('revoke all on function %s from public', item.name);
		execute format('alter function %s owner to %I', item.name,
			case when item.prosecdef then 'doorstep_definer' else 'doorstep_owner' end);
		if item.prosecdef then -- they call one another
			execute format('grant execute on function %s to doorstep_definer', item.name);
		end if;
	end loop;
	for item in select c.oid::regclass as name, case c.relnamespace when 'was'::regnamespace then 'doorstep_past'
	                       else 'doorstep_owner' end as owner from pg_class c
	             where c.relkind in ('r', 'p', 'v')
	               and c.relnamespace in ('data'::regnamespace, 'auth'::regnamespace,
	                                      'audit'::regnamespace, 'api'::regnamespace,
	                                    'duty'::regnamespace, 'watch'::regnamespace,
	                                    'was'::regnamespace, 'past'::regnamespace) loop
		execute format('alter table %s owner to %s', item.name, item.owner);
	end loop;
	for item in select t.oid::regtype as name from pg_type t
	             where t.typtype = 'e' and t.typnamespace = 'data'::regnamespace loop
		execute format('alter type %s owner to doorstep_owner', item.name);
	end loop;
end;
$$;
