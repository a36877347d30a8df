-- Takes away all code of the last installation, so that nothing outlives its
-- line and nothing stands in the way of a migration: views, row-level security,
-- triggers, functions.  Functions that a table needs (for a constraint, an
-- index, a default) stay, and are replaced.

drop schema if exists api, duty, watch, was, past cascade;

do $$
declare
	command text;
begin
	for command in
		with recursive ours (oid) as (
			select to_regnamespace(name) from unnest(array['data', 'auth', 'audit']) as name
		), needed (oid) as (
			select d.refobjid from pg_depend d
			 where d.refclassid = 'pg_proc'::regclass
			   and d.classid in ('pg_constraint'::regclass, 'pg_class'::regclass, 'pg_attrdef'::regclass)
			union
			select d.refobjid from pg_depend d join needed n on d.classid = 'pg_proc'::regclass and d.objid = n.oid
			 where d.refclassid = 'pg_proc'::regclass
		), commands (step, command) as (
			select 1, format('drop policy %I on %s', polname, polrelid::regclass)
			  from pg_policy join pg_class c on c.oid = polrelid where c.relnamespace in (select oid from ours)
			union all
			select 2, format('drop trigger %I on %s', tgname, tgrelid::regclass)
			  from pg_trigger join pg_class c on c.oid = tgrelid
			 where c.relnamespace in (select oid from ours) and not tgisinternal
			union all
			select 3, 'drop view ' || string_agg(c.oid::regclass::text, ', ')
			  from pg_class c where c.relnamespace in (select oid from ours) and c.relkind = 'v'
			union all -- all at once, for some call others
			select 4, 'drop routine ' || string_agg(p.oid::regprocedure::text, ', ')
			  from pg_proc p where p.pronamespace in (select oid from ours) and p.oid not in (select oid from needed)
		)
		select c.command from commands c where c.command is not null order by c.step
	loop
		execute command;
	end loop;
end;
$$;
