-- Staff of the trust with these codes, seen or not: so that a colleague who
-- works at another school of the trust gets a second post, not a second person.
create or replace function data.staff_known(codes text[])
returns table (staff_code text, staff_id bigint, family_name text)
language sql stable security definer set search_path = pg_catalog
as $$
	select s.staff_code, s.staff_id, s.family_name from data.staff s where s.staff_code = any (codes);
$$;
comment on function data.staff_known(text[]) is 'Staff of the trust with these codes, seen by the client or not';

create function api.import_staff(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	perform api.import_check_schools();
	create temporary table staff_in on commit drop as
	select r.line, i.*, string_to_array(regexp_replace(coalesce(i.roles, ''), '\s', '', 'g'), ';') as role_names,
	       '{}'::data.staff_role[] as held, null::bigint as staff_id, null::text as known_family_name, false as is_new
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (staff_code text, school_urn int, given_name text, family_name text,
	                                    email text, phone text, roles text)
	 where r.problems = '[]';
	update staff_in i set staff_id = k.staff_id, known_family_name = k.family_name
	  from data.staff_known((select array_agg(staff_code) from staff_in)) as k
	 where k.staff_code = i.staff_code;

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'roles', format('has the unknown role %s: known are %s', role,
	           array_to_string(enum_range(null::data.staff_role), ', '))
	  from staff_in, unnest(role_names) as role
	 where role <> '' and role <> all (enum_range(null::data.staff_role)::text[])
	union all
	select line, 'staff_code', 'is in the file twice for this school'
	  from (select *, row_number() over (partition by staff_code, school_urn order by line) as n
	          from staff_in) as i where n > 1
	union all
	select line, 'staff_code', 'stands for a person of another name on an earlier line'
	  from (select *, first_value(lower(family_name)) over (partition by staff_code order by line) as name
	          from staff_in) as i where lower(family_name) <> name
	union all
	select line, 'staff_code', 'belongs to a person of another family name at another school of the trust'
	  from staff_in i
	 where lower(known_family_name) <> lower(family_name)
	   and not exists (select from data.staff s where s.staff_id = i.staff_id);

	if api.import_may_store(mode, dry_run) then
		delete from staff_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		perform api.import_staff_store();
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;
comment on function api.import_staff(text, boolean) is 'Imports staff with their roles per school, one row per person and school';

-- Posts first: row-level security shows a person to who sees a post of theirs.
create function api.import_staff_store() returns void
language plpgsql volatile
as $$
begin
	update staff_in i set staff_id = made.staff_id, is_new = true
	  from (select staff_code, nextval('data.staff_staff_id_seq') as staff_id
	          from (select staff_code from staff_in where staff_id is null
	                 group by staff_code order by min(line)) as fresh) as made
	 where made.staff_code = i.staff_code;

	update staff_in set held = array(select distinct role::data.staff_role from unnest(role_names) as role
	                                  where role <> '' order by 1);
	update data.post p set roles = i.held
	  from staff_in i
	 where p.staff_id = i.staff_id and p.school_urn = i.school_urn and p.roles <> i.held;
	insert into data.post (staff_id, school_urn, roles)
	select i.staff_id, i.school_urn, i.held
	  from staff_in i
	 where not exists (select from data.post p where p.staff_id = i.staff_id and p.school_urn = i.school_urn)
	 order by i.line;

	-- A person with several rows in the file takes the last one's particulars.
	insert into data.staff (staff_id, staff_code, given_name, family_name, email, phone)
	select distinct on (staff_id) staff_id, staff_code, given_name, family_name, email, phone
	  from staff_in where is_new order by staff_id, line desc;
	update data.staff s
	   set given_name = i.given_name, family_name = i.family_name, email = i.email, phone = i.phone
	  from (select distinct on (staff_id) * from staff_in where not is_new order by staff_id, line desc) as i
	 where s.staff_id = i.staff_id
	   and (s.given_name, s.family_name, s.email, s.phone)
	       is distinct from (i.given_name, i.family_name, i.email, i.phone);
end;
$$;
comment on function api.import_staff_store() is 'Stores the good rows of staff_in';
