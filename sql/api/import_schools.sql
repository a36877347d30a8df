-- Schools of the trust with these numbers, seen or not: so that a number that
-- is taken is told as a problem of its row.
create or replace function data.schools_known(laestabs text[])
returns table (laestab text, urn int)
language sql stable security definer set search_path = pg_catalog
as $$
	select s.laestab, s.urn from data.school s where s.laestab = any (laestabs);
$$;
comment on function data.schools_known(text[]) is 'Schools of the trust with these LAESTABs, seen by the client or not';

-- An empty policy means none; a policy is followed from today on, a new
-- school's from always.
create function api.import_schools_store() returns void
language plpgsql volatile
as $$
declare
	added int[] := array(select i.urn from pg_temp.school_in i
	                      where not exists (select from data.school s where s.urn = i.urn));
begin
	update data.school s
	   set laestab = i.laestab, name = i.name, phase = i.phase,
	       day_starts = coalesce(i.day_starts::time, s.day_starts), day_ends = coalesce(i.day_ends::time,
	           s.day_ends)
	  from pg_temp.school_in i
	 where s.urn = i.urn
	   and (s.laestab, s.name, s.phase, s.day_starts, s.day_ends) is distinct from
	       (i.laestab, i.name, i.phase, coalesce(i.day_starts::time, s.day_starts), coalesce(i.day_ends::time,
	           s.day_ends));
	insert into data.adoption (school_urn, follows_from, policy_code)
	select i.urn, data.day_of(now()), i.policy
	  from pg_temp.school_in i
	 where i.said ? 'policy' and exists (select from data.school s where s.urn = i.urn)
	   and i.policy is distinct from
	       (select a.policy_code from data.adoption a
	         where a.school_urn = i.urn and a.follows_from <= data.day_of(now())
	         order by a.follows_from desc limit 1)
	    on conflict (school_urn, follows_from) do update set policy_code = excluded.policy_code;
	insert into data.school (urn, laestab, name, phase, day_starts, day_ends)
	select i.urn, i.laestab, i.name, i.phase, coalesce(i.day_starts, '08:45')::time, coalesce(i.day_ends,
		'15:30')::time
	  from pg_temp.school_in i where i.urn = any (added) order by i.line;
	insert into data.adoption (school_urn, follows_from, policy_code)
	select i.urn, '-infinity', i.policy
	  from pg_temp.school_in i where i.urn = any (added) and i.policy is not null;
end;
$$;
comment on function api.import_schools_store() is 'Stores the accepted rows of an import of schools';

create function api.import_schools(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	create temporary table school_in on commit drop as
	select r.line, r.row as said, i.urn, replace(i.laestab, '/', '') as laestab, i.name, i.phase, i.policy,
	       i.day_starts, i.day_ends
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (urn int, laestab text, name text, phase data.school_phase, policy text,
	                                day_starts text, day_ends text)
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'laestab', 'is not seven digits, or 123/4567'
	  from school_in where laestab !~ '^[0-9]{7}$'
	union all
	select line, 'policy', 'is not a policy that is loaded here'
	  from school_in i where policy is not null and not exists (select from data.policy p where p.code = i.policy)
	union all
	select line, t.field, 'is not a time of day like 08:45'
	  from school_in i, lateral (values ('day_starts', i.day_starts), ('day_ends', i.day_ends)) as t (field, said)
	 where t.said !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
	union all
	select line, 'day_ends', 'must be after day_starts'
	  from school_in i left join data.school s using (urn)
	 where case when concat(i.day_starts, i.day_ends) ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])*$'
	            then coalesce(i.day_ends::time, s.day_ends, '15:30') <= coalesce(i.day_starts::time,
	                s.day_starts, '08:45') end
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
		perform api.import_schools_store();
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;
comment on function api.import_schools(text, boolean) is 'Imports schools; only who sees the whole trust adds one';
