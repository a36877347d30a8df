-- Schools of the trust with these numbers, seen or not: so that a number that
-- is taken is told as a problem of its row.
create or replace function data.schools_known(laestabs text[])
returns table (laestab text, urn int)
language sql stable security definer set search_path = pg_catalog
as $$
	select s.laestab, s.urn from data.school s where s.laestab = any (laestabs);
$$;
comment on function data.schools_known(text[]) is 'Schools of the trust with these LAESTABs, seen by the client or not';

create function api.import_schools(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	create temporary table school_in on commit drop as
	select r.line, r.row as said, i.urn, replace(i.laestab, '/', '') as laestab, i.name, i.phase, i.policy
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (urn int, laestab text, name text, phase data.school_phase, policy text)
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'laestab', 'is not seven digits, or 123/4567'
	  from school_in where laestab !~ '^[0-9]{7}$'
	union all
	select line, 'policy', 'is not a policy code like tkat or thomas-more'
	  from school_in where policy !~ '^[a-z][a-z0-9-]{1,39}$'
	union all
	select line, 'urn', 'is in the file twice'
	  from (select *, row_number() over (partition by urn order by line) as n from school_in) as i where n > 1
	union all
	select line, 'laestab', 'is in the file twice'
	  from (select *, row_number() over (partition by laestab order by line) as n,
	               row_number() over (partition by urn order by line) as same
	          from school_in) as i where n > 1 and same = 1
	union all
	select line, 'laestab', 'belongs to another school'
	  from school_in i join data.schools_known((select array_agg(laestab) from school_in)) as k using (laestab)
	 where k.urn <> i.urn
	union all
	select line, 'urn', 'is not a school that this client sees'
	  from school_in i where not (select auth.sees_all_schools())
	   and not exists (select from data.school s where s.urn = i.urn);

	if api.import_may_store(mode, dry_run) then
		delete from school_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		update data.school s
		   set laestab = i.laestab, name = i.name, phase = i.phase,
		       policy = case when i.said ? 'policy' then i.policy else s.policy end
		  from school_in i
		 where s.urn = i.urn
		   and (s.laestab, s.name, s.phase, s.policy) is distinct from
		       (i.laestab, i.name, i.phase, case when i.said ? 'policy' then i.policy else s.policy end);
		insert into data.school (urn, laestab, name, phase, policy)
		select i.urn, i.laestab, i.name, i.phase, i.policy
		  from school_in i
		 where not exists (select from data.school s where s.urn = i.urn)
		 order by i.line;
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;
comment on function api.import_schools(text, boolean) is 'Imports schools; only who sees the whole trust adds one';
