-- Who may see and do what: every table, every role, every cell of matrix.csv, tried as
-- that role through every program that has a grant for it.
--
-- A cell has four parts: what is about the person's own visits (or themselves), what is
-- the school's besides, what is another school's, and what is over (a visit of theirs
-- that has ended, of a pupil who has left).  r: reads, i: adds, u: changes, d: removes.
begin;
\ir helpers.sql
\ir fill.sql

create view t.kept as
select c.oid::regclass::text as name, format('row(%s)::text', string_agg(format('x.%I', a.attname), ', ' order by a.attnum)) as key
  from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
       join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
 where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'data'::regnamespace
 group by c.oid;
create table t.placed (name text, key text, part text, its jsonb, primary key (name, key));
-- What has come since the last time is of this part.
create function t.is_of(part text) returns void
language plpgsql
as $$
declare
	kept t.kept;
begin
	for kept in select k.* from t.kept k loop
		execute format('insert into t.placed select %L, %s, %L, to_jsonb(x) from %s as x on conflict do nothing',
			kept.name, kept.key, part, kept.name);
	end loop;
end;
$$;
create function t.visited(school int, n int, staff bigint) returns bigint
language plpgsql
as $$
declare
	pupil bigint := t.pupil(n, school);
	visit bigint;
begin
	perform t.contact(pupil);
	visit := t.visit(school, pupil, staff);
	insert into data.event (visit_id, school_urn, kind, at, client_id) values (visit, school, 'note', now(), 'a');
	insert into data.risk_assessment (school_urn, kind, visit_id, by_staff_id, level, proceed, at, client_id)
	values (school, 'visit', visit, staff, 'low', true, now(), 'a');
	perform t.fill(visit);
	return visit;
end;
$$;

select t.client('a', null), t.is_of('same') \gset
select t.school(900001), t.staff('P', 900001) as self \gset
select t.visited(900001, 1, :self) as visit, t.is_of('own') \gset
select t.visited(900001, 2, t.staff('C', 900001)), t.is_of('same') \gset
select t.school(900002), t.visited(900002, 3, t.staff('B', 900002)), t.is_of('other') \gset
select t.visited(900001, 4, t.staff('D', 900001)) as over \gset
insert into data.team_member (visit_id, school_urn, position, staff_id) values (:over, 900001, 2, :self);
insert into data.event (visit_id, school_urn, kind, at, client_id)
select :over, 900001, kind::data.event_kind, '2026-01-13T09:00Z'::timestamptz + n * interval '10 minutes', 'a'
  from unnest(array['departed', 'arrived', 'left', 'returned']) with ordinality as e (kind, n);
update data.enrolment e set left_on = '2026-02-01' from data.visit_pupil p where p.visit_id = :over and e.pupil_id = p.pupil_id;
select t.is_of('over') \gset

-- The statement for a letter, of the rows of a part; null where the program has no grant.
create function t.statement(letter char, name text, part text, program text, self bigint) returns text
language plpgsql stable
as $$
declare
	keyed text := (select format(' from %1$s as x where %2$s = any (%3$L)', k.name, k.key,
	                   (select array_agg(p.key) from t.placed p where p.name = k.name and p.part = statement.part))
	                 from t.kept k where k.name = statement.name);
	its   jsonb := (select p.its from t.placed p where p.name = statement.name and p.part = statement.part order by length(p.key), p.key limit 1);
	may   text[];
begin
	if its is null or keyed is null then
		return null;
	elsif letter = 'r' then
		return case when has_any_column_privilege(program, name, 'select') then 'select 1' || keyed end;
	elsif letter = 'd' then
		return case when has_table_privilege(program, name, 'delete') then 'delete' || keyed end;
	end if;
	select array_agg(a.attname order by a.attnum) into may from pg_attribute a
	 where a.attrelid = name::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
	   and has_column_privilege(program, a.attrelid, a.attnum, case letter when 'i' then 'insert' else 'update' end);
	if may is null then
		return null;
	elsif letter = 'u' then
		return format('update %1$s as x set %2$I = x.%2$I%3$s', name, may[1], replace(keyed, ' from ' || name || ' as x', ''));
	end if;
	-- signed by who adds it
	its := its || coalesce((select jsonb_object_agg(c, self) from unnest(may) as c
	                         where c in ('by_staff_id', 'proposed_by', 'planned_by')), '{}');
	return format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, %3$L)', name,
		(select string_agg(quote_ident(c), ', ') from unnest(may) as c), its);
end;
$$;

-- Whether it can be done: rows come or go, or something other than access stands in the
-- way.  It is undone.
create function t.is_done(statement text, program text) returns boolean
language plpgsql
as $$
declare
	outcome t.outcome;
begin
	begin
		outcome := t.act('self', statement, program);
		raise exception 'undo' using errcode = 'TUNDO';
	exception when sqlstate 'TUNDO' then
		return coalesce(outcome.rows > 0 or outcome.state not in ('42501', 'DS401', 'DS403'), false);
	end;
end;
$$;

create function t.cell(name text, part text, self bigint) returns text
language sql
return coalesce((select string_agg(letter, '' order by n) from unnest('{r,i,u,d}'::char[]) with ordinality as l (letter, n)
	where exists (select from unnest('{doorstep_records,doorstep_register,doorstep_reports}'::text[]) as program,
	                     t.statement(letter, cell.name, cell.part, program, cell.self) as s
	               where s is not null and t.is_done(s, program))), '-');

create table t.found (role text, name text, cell text, primary key (role, name));
do $$
declare
	role data.staff_role;
	self bigint := (select s.staff_id from data.staff s where s.staff_code = 'P');
begin
	foreach role in array enum_range(null::data.staff_role) loop
		update data.post p set roles = array[role] where p.staff_id = self;
		-- their own visit is approved, and about to begin
		perform set_config('session_replication_role', 'replica', true);
		update data.visit v set approved_at = now(), state = 'approved', planned_start = now(), planned_end = now() + interval '1 hour'
		 where v.visit_id = (select min(m.visit_id) from data.team_member m where m.staff_id = self);
		perform set_config('session_replication_role', 'origin', true);
		perform t.person('self', self, case when role = 'compliance_officer' then null else 900001 end);
		insert into t.found
		select role, k.name, (select string_agg(t.cell(k.name, part, self), ' ' order by n)
		                        from unnest('{own,same,other,over}'::text[]) with ordinality as p (part, n))
		  from t.kept k;
	end loop;
end;
$$;
-- With -v writes=1 it writes the file instead: read every cell before you keep it.
\if :{?writes}
\pset tuples_only off
\pset format csv
select regexp_replace(f.name, '^data[.]', '') as record,
       max(cell) filter (where role = 'headteacher') as headteacher,
       max(cell) filter (where role = 'deputy') as deputy,
       max(cell) filter (where role = 'assistant_head') as assistant_head,
       max(cell) filter (where role = 'dsl') as dsl,
       max(cell) filter (where role = 'deputy_dsl') as deputy_dsl,
       max(cell) filter (where role = 'leadership') as leadership,
       max(cell) filter (where role = 'office') as office,
       max(cell) filter (where role = 'attendance_officer') as attendance_officer,
       max(cell) filter (where role = 'visitor') as visitor,
       max(cell) filter (where role = 'governor') as governor,
       max(cell) filter (where role = 'compliance_officer') as compliance_officer
  from t.found f group by f.name order by f.name;
\else
\set written `cat "${src:-.}/tests/sql/matrix.csv"`
create table t.wanted as
select 'data.' || part[1] as name, head[n] as role, part[n] as cell
  from (select string_to_array(split_part(:'written', E'\n', 1), ',') as head) as h,
       (select string_to_array(line, ',') as part from regexp_split_to_table(:'written', E'\n') with ordinality as l (line, n)
         where n > 1 and line <> '') as l,
       generate_subscripts(head, 1) as n
 where n > 1;
select plan(2 + (select count(*)::int from t.found));
select set_eq('select name, role from t.wanted', 'select name, role from t.found', 'no table and no role is without its cell');
select set_eq('select r.role::text from auth.rights() r', $$ select unnest(enum_range(null::data.staff_role))::text $$,
	'every role may something');
select is(f.cell, w.cell, format('%s of %s: own, same school, other school, over', f.role, f.name))
  from t.found f left join t.wanted w using (name, role) order by f.name, f.role;
select * from finish();
\endif
rollback;
