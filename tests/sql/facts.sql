-- Everything about the schema as text, a fact a line, each under its name: two
-- databases that print the same are the same, but for the order of the columns
-- of tables, which ALTER TABLE cannot choose (that of views counts, but for those of
-- schema was, which have the columns of their tables).
set search_path = pg_catalog;
create temporary view ours as
select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema';
create temporary view relations as
select c.*, c.oid::regclass::text as name from pg_class c
 where c.relnamespace in (select oid from ours)
   and (c.tableoid, c.oid) not in (select d.classid, d.objid from pg_depend d where d.deptype = 'e');
create temporary view routines as
select p.*, p.oid::regprocedure::text as name from pg_proc p
 where p.pronamespace in (select oid from ours)
   and (p.tableoid, p.oid) not in (select d.classid, d.objid from pg_depend d where d.deptype = 'e');
-- Rights that were never touched are written as null.
create function pg_temp.granted(list aclitem[], kind "char", owner oid) returns text language sql
return (select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(list, acldefault(kind, owner))) a);

select concat_ws(' | ', 'schema', nspname, n.nspowner::regrole, pg_temp.granted(n.nspacl, 'n', n.nspowner),
       obj_description(oid, 'pg_namespace'))
  from pg_namespace n join ours using (oid, nspname)
union all
select concat_ws(' | ', 'relation', name, relkind, relowner::regrole, relpersistence,
       'rls', relrowsecurity, relforcerowsecurity, reloptions,
       pg_temp.granted(relacl, case relkind when 'S' then 's' else 'r' end::"char", relowner),
       obj_description(oid, 'pg_class'))
  from relations
union all
select concat_ws(' | ', 'column', r.name, case when r.relkind <> 'r' and r.relnamespace <> 'was'::regnamespace then a.attnum end, a.attname,
       format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end, 'identity', a.attidentity,
       'generated', a.attgenerated, 'default', pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation,
       pg_temp.granted(a.attacl, 'c', r.relowner), col_description(r.oid, a.attnum))
  from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
 where r.relkind in ('r', 'v')
union all
select concat_ws(' | ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(c.oid), convalidated,
       condeferrable, condeferred, obj_description(c.oid, 'pg_constraint'))
  from pg_constraint c where connamespace in (select oid from ours)
union all
select concat_ws(' | ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisprimary,
       obj_description(indexrelid, 'pg_class'))
  from pg_index join relations on oid = indexrelid
union all
select concat_ws(' | ', 'sequence', seqrelid::regclass, format_type(seqtypid, null),
       seqstart, seqincrement, seqmax, seqmin, seqcycle,
       (select d.refobjid::regclass || '.' || a.attname from pg_depend d join pg_attribute a
           on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
         where d.classid = 'pg_class'::regclass and d.objid = seqrelid and d.deptype = 'i'))
  from pg_sequence
union all
select concat_ws(' | ', 'type', t.oid::regtype, typtype, typowner::regrole, pg_temp.granted(typacl, 'T', typowner),
       (select string_agg(e.enumlabel, ' ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
       obj_description(t.oid, 'pg_type'))
  from pg_type t where typnamespace in (select oid from ours) and typtype in ('e', 'd', 'r')
   and (t.tableoid, t.oid) not in (select d.classid, d.objid from pg_depend d where d.deptype = 'e')
union all
select concat_ws(' | ', 'routine', name, proowner::regrole, pg_temp.granted(proacl, 'f', proowner),
       obj_description(oid, 'pg_proc'),
       -- where a function gives rows of a table, PostgreSQL names all its columns
       case when prokind in ('f', 'p') then
           regexp_replace(pg_get_functiondef(oid), '\) (\w+)\(\w+(, \w+)+\)', ') \1', 'g') end)
  from routines
union all
select concat_ws(' | ', 'view', name, pg_get_viewdef(oid)) from relations where relkind = 'v' and relnamespace <> 'was'::regnamespace
union all
select concat_ws(' | ', 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger'))
  from pg_trigger where not tgisinternal
union all
select concat_ws(' | ', 'policy', p.schemaname, p.tablename, p.policyname, p.permissive, p.roles, p.cmd,
       p.qual, p.with_check)
  from pg_policies p
union all
select concat_ws(' | ', 'extension', extname, extnamespace::regnamespace) from pg_extension
 order by 1;
