-- The rows of the tables that answers as at a moment are made of, as they were: a
-- view each, with the name and the columns of its table (without what the trail
-- leaves out as secret).
--
-- The views belong to doorstep_past, which row-level security shows of each table
-- what it shows the program that asks (access/past.sql).  So nobody sees of a row as
-- it was who would not see the row as it is; nor who would not see such a row if it
-- were so still (pg_temp.image_of).  What somebody took out of the tables by hand is
-- in no answer, whatever moment is asked for, unless it was put back.

-- What is only appended to never was otherwise: it was there once it was recorded.
do $$
declare
	kept record;
begin
	for kept in
		select k.name, k.recorded, string_agg(format('c.%I', a.attname), ', ' order by a.attnum) as columns
		  from (values ('event', 'c.recorded_at'), ('deviation', 'c.recorded_at'), ('risk_assessment', 'c.recorded_at'),
		               ('risk_hazard', '(select a.recorded_at from was.risk_assessment a
		                                  where a.assessment_id = c.assessment_id)'),
		               ('promise_test', 'c.tested_at'), ('mark_amendment', 'c.amended_at')) as k (name, recorded)
		       join pg_attribute a on a.attrelid = format('data.%I', k.name)::regclass and a.attnum > 0
		                          and not a.attisdropped
		       join pg_trigger g on g.tgrelid = a.attrelid and g.tgname = 'audit'
		 where a.attname <> all (string_to_array(split_part(encode(g.tgargs, 'escape'), '\000', 2), ','))
		 group by k.name, k.recorded order by k.name
	loop
		execute format('create view was.%1$I as select %2$s from data.%1$I c where %3$s <= was.moment()',
			kept.name, kept.columns, kept.recorded);
		execute format('comment on view was.%1$I is %2$L', kept.name, 'Rows of data.' || kept.name || ' as they were');
	end loop;
end;
$$;

-- What follows writes the views of the other tables, and is gone when that is done.

-- The key of a row as the trail has it, of a row or of its image.
create function pg_temp.key_of(keys text[], value text) returns text
language sql immutable
return (select 'jsonb_build_object(' || string_agg(format('%L, ' || value, k, k), ', ' order by n) || ')'
          from unnest(keys) with ordinality as u (k, n));

-- The first change since the moment of what has this key.  A key that can change is
-- followed back change by change, for others may have had it in between: what was put
-- there anew was not there before, unless it is in the place of what had been deleted.
create function pg_temp.first_change(name text, keys text[], value text, moves boolean) returns text
language sql immutable
return (select case when moves then format('with recursive step as ((%1$s) union all
			select x.* from step s cross join lateral (%2$s) as x where s.action <> %3$L or x.action = %4$L)
			select s.* from step s order by s.entry_id limit 1',
		format(change, had, 'data.' || name, key, '', 'e.entry_id desc'),
		format(change, had, 'data.' || name, 's.had', ' and e.entry_id < s.entry_id', 'e.entry_id desc'),
		'insert', 'delete')
	else format(change, '', 'data.' || name, key, '', 'e.at, e.entry_id') end
  from (select pg_temp.key_of(keys, value) as key,
               format(', case when e.action = %L then e.key else %s end as had', 'insert',
                      pg_temp.key_of(keys, 'e.before -> %L')) as had,
               'select e.entry_id, e.action, e.before%s from audit.entry e
                 where e.record = %L and e.key = %s and e.at > was.moment()%s order by %s limit 1' as change) as k);

-- The columns of a table, those that never change as said, the others from its image w.
create function pg_temp.columns_of(name text, fixed text[], fixed_as text) returns text
language sql stable
return (select string_agg(case when a.attname = any (fixed)
                               then format(fixed_as, a.attname, format_type(a.atttypid, a.atttypmod))
                               else format('w.%I', a.attname) end, ', ' order by a.attnum)
          from pg_attribute a
         where a.attrelid = format('data.%I', name)::regclass and a.attnum > 0 and not a.attisdropped);

-- What stands in a column that an image lacks, since it came later: its default.
create function pg_temp.defaults_of(name text) returns jsonb
language plpgsql stable
as $$
declare
	found jsonb;
	said  text := (select string_agg(format('%L, %s', a.attname, pg_get_expr(d.adbin, d.adrelid)), ', ')
	          from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
	         where a.attrelid = format('data.%I', name)::regclass and a.attnotnull and a.attgenerated = ''
	           and pg_get_expr(d.adbin, d.adrelid) !~ '\(');
begin
	execute 'select jsonb_build_object(' || coalesce(said, '') || ')' into found;
	return found;
end;
$$;

-- What row-level security asks of a row itself; or what it asks of other tables, which
-- is asked of them as they were.
create function pg_temp.asked_of(name text, other_tables boolean) returns text
language sql stable
return (select coalesce(string_agg(' and ' || regexp_replace(p.qual, '\mdata\.', 'was.', 'g'), ''
                                   order by p.policyname), '')
          from pg_policies p
         where p.schemaname = 'data' and p.tablename = name and '{doorstep_past}' && p.roles
           and other_tables = (p.qual ~ '\mdata\.'));

-- The row that an image is of, if row-level security shows such a row: what that asks
-- may hang on what changes, such as a scope.  The offset keeps what a client filters by
-- from being asked first.
create function pg_temp.image_of(name text, otherwise text, image text) returns text
language sql stable
return format('cross join lateral (select %1$I.* from jsonb_populate_record(%2$s, %3$s) as %1$I
	where true%4$s offset 0)',
	name, otherwise, image, pg_temp.asked_of(name, false));

-- The view of rows that have gone since, of those that row-level security would show as they went.
create function pg_temp.view_of_gone(name text, fixed text[], keys text[]) returns text
language sql stable
return format('create view was.%1$I with (security_barrier = true) as select * from (
	select %2$s from audit.entry d %3$s k cross join lateral (%4$s) e %5$s w
	 where d.record = %6$L and d.action = %7$L and d.at > was.moment() and e.action <> %8$L
	   and not exists (select from audit.entry f where f.record = d.record and f.key = d.key
	                      and f.action = %7$L and f.at > was.moment() and f.entry_id < d.entry_id)
	   and not exists (select from data.%9$I c where %10$s)) as %9$I where true %11$s',
	name || '_gone', pg_temp.columns_of(name, fixed, '(d.before ->> %1$L)::%2$s as %1$I'),
	pg_temp.image_of(name, format('null::data.%I', name), 'd.before'),
	pg_temp.first_change(name, keys, 'd.before -> %L', false),
	pg_temp.image_of(name, format('null::data.%I', name), format('%L || e.before', pg_temp.defaults_of(name))),
	'data.' || name, 'delete', 'insert', name,
	(select string_agg(format('c.%1$I = k.%1$I', k), ' and ') from unnest(keys) as k), pg_temp.asked_of(name, true));

-- fixed: what of a row never changes, which is where it is looked up by.  goes: programs
-- delete rows of it, too.  mended: what images say in words that are no more.
do $$
declare
	kept record;
begin
	for kept in
		select k.name, k.fixed || '{school_urn}'::text[] as fixed, k.goes, coalesce(' || ' || k.mended, '') as mended,
		       its.keys
		  from (values
			('visit', '{visit_id}'::text[], false, $mended$jsonb_strip_nulls(jsonb_build_object(
				'state', '{"planned": "requested"}'::jsonb -> (e.before ->> 'state')))$mended$),
			('visit_pupil', '{visit_id,pupil_id}', true, null), ('team_member', '{visit_id,position}', true, null),
			('duty', '{duty_id,visit_id,agreement_id}', true, null),
			('agreement', '{agreement_id,renews_id}', false, null), ('promise', '{promise_id,agreement_id}', false, null),
			('post', '{staff_id}', false, null), ('staff', '{staff_id}', false, null),
			('enrolment', '{pupil_id}', false, null), ('pupil', '{pupil_id}', false, null),
			('school_week', '{week}', false, null)) as k (name, fixed, goes, mended)
		       join pg_trigger g on g.tgrelid = format('data.%I', k.name)::regclass and g.tgname = 'audit'
		       cross join lateral (select string_to_array(split_part(encode(g.tgargs, 'escape'), '\000', 1), ',')
		                                      as keys) as its
		 order by pg_temp.asked_of(k.name, true), k.name -- which asks others comes after these
	loop
		if kept.goes then
			execute pg_temp.view_of_gone(kept.name, kept.fixed, kept.keys);
			execute format('comment on view was.%I_gone is %L', kept.name, 'Rows of data.' || kept.name || ' gone since');
		end if;
		execute format('create view was.%1$I as select %2$s from data.%1$I left join lateral (%3$s) e on true %4$s w
			 where e.action is distinct from %5$L%6$s%7$s',
			kept.name, pg_temp.columns_of(kept.name, kept.fixed, kept.name || '.%1$I'),
			pg_temp.first_change(kept.name, kept.keys, kept.name || '.%I', not kept.keys <@ kept.fixed),
			pg_temp.image_of(kept.name, format('case when e.before is null then %I end', kept.name),
				format('%L || e.before%s', pg_temp.defaults_of(kept.name), kept.mended)),
			'insert', pg_temp.asked_of(kept.name, true),
			case when kept.goes then format(' union all select g.* from was.%I_gone g', kept.name) else '' end);
		execute format('comment on view was.%I is %L', kept.name, 'Rows of data.' || kept.name || ' as they were');
	end loop;
end;
$$;
