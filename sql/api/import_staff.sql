-- Which of these codes are taken in the trust, by staff seen or not; nothing
-- else of them (see data.pupils_known).
create function data.staff_known(codes text[]) returns setof text
language sql stable security definer set search_path = pg_catalog
as $$
	select s.staff_code from data.staff s where s.staff_code = any (codes);
$$;
comment on function data.staff_known(text[]) is 'Which of these staff codes are taken in the trust';

create function api.import_staff(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	perform api.import_check_schools();
	create temporary table staff_in on commit drop as
	select r.line, r.row as said, i.*,
	       string_to_array(regexp_replace(coalesce(i.roles, ''), '\s', '', 'g'), ';') as role_names,
	       '{}'::data.staff_role[] as held, null::bigint as staff_id, false as is_new
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (staff_code text, school_urn int, given_name text, family_name text,
	                                    email text, phone text, roles text, left_on date)
	 where r.problems = '[]';
	update staff_in i set staff_id = s.staff_id from data.staff s where s.staff_code = i.staff_code;

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'roles', format('has the unknown role %s: known are %s', role,
	           array_to_string(enum_range(null::data.staff_role), ', '))
	  from staff_in, unnest(role_names) as role
	 where role <> '' and role <> all (enum_range(null::data.staff_role)::text[])
	union all
	select line, 'roles', format('has the role %s, which reaches the whole trust: a client that sees all of it gives that',
	       role)
	  from staff_in i, unnest(role_names) as role
	 where not auth.sees_all_schools() and role in (select r.role::text from auth.rights() r where r.reach = 'trust')
	   and not exists (select from data.post p where p.staff_id = i.staff_id and p.school_urn = i.school_urn
	                      and role = any (p.roles::text[]))
	union all
	select line, 'staff_code', 'is in the file twice for this school'
	  from (select *, row_number() over (partition by staff_code, school_urn order by line) as n
	          from staff_in) as i where n > 1
	union all
	select line, 'staff_code', 'stands for a person of another name on an earlier line'
	  from (select *, first_value(lower(family_name)) over (partition by staff_code order by line) as name
	          from staff_in) as i where lower(family_name) <> name
	union all
	select line, 'staff_code', 'belongs to somebody at another school of the trust: '
	                   'a client that sees the whole trust can add them here'
	  from staff_in
	 where staff_id is null
	   and staff_code in (select data.staff_known((select array_agg(staff_code) from staff_in
	       where staff_id is null)));

	if api.import_may_store(mode, dry_run) then
		delete from staff_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		perform api.import_staff_store();
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;
comment on function api.import_staff(text,
	boolean) is 'Imports staff with their roles per school, one row per person and school';

-- The particulars of staff who are there already: of who has gone to another school of the
-- trust they are that school's to say (row-level security), and stay.  A person with several
-- rows in the file takes the last one's where they still are; what the file doesn't say stays.
create function api.import_staff_particulars() returns void
language plpgsql volatile
as $$
begin
	update data.staff s
	   set given_name = i.given_name, family_name = i.family_name,
	       email = case when i.said ? 'email' then i.email else s.email end,
	       phone = case when i.said ? 'phone' then i.phone else s.phone end
	  from (select distinct on (staff_id) * from pg_temp.staff_in where not is_new
	         order by staff_id, data.lasts(left_on) desc, line desc) as i
	 where s.staff_id = i.staff_id
	   and (s.given_name, s.family_name, s.email, s.phone) is distinct from
	       (i.given_name, i.family_name, case when i.said ? 'email' then i.email else s.email end,
	        case when i.said ? 'phone' then i.phone else s.phone end);
end;
$$;
comment on function api.import_staff_particulars() is 'Stores the particulars of known staff';

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

	perform api.import_staff_particulars(); -- while who leaves with this file is still here
	update staff_in set held = array(select distinct role::data.staff_role from unnest(role_names) as role
	                                  where role <> '' order by 1);
	-- In the order of auth.posts_hold: who signs in meanwhile locks several posts, too.
	with changed as (
		select p.staff_id, p.school_urn, case when i.said ? 'roles' then i.held else p.roles end as roles,
		       case when i.said ? 'left_on' then i.left_on else p.left_on end as left_on
		  from data.post p join staff_in i using (staff_id, school_urn)
		 where p.roles <> i.held and i.said ? 'roles' or p.left_on is distinct from i.left_on and i.said ? 'left_on'
		 order by p.staff_id, p.school_urn for no key update of p)
	update data.post p set roles = c.roles, left_on = c.left_on
	  from changed c where p.staff_id = c.staff_id and p.school_urn = c.school_urn;
	insert into data.post (staff_id, school_urn, roles, left_on)
	select i.staff_id, i.school_urn, i.held, i.left_on
	  from staff_in i
	 where not exists (select from data.post p where p.staff_id = i.staff_id and p.school_urn = i.school_urn)
	 order by i.line;
	perform api.import_staff_particulars(); -- now who comes with it is here, too

	insert into data.staff (staff_id, staff_code, given_name, family_name, email, phone)
	select distinct on (staff_id) staff_id, staff_code, given_name, family_name, email, phone
	  from staff_in where is_new order by staff_id, data.lasts(left_on) desc, line desc;
end;
$$;
comment on function api.import_staff_store() is 'Stores the good rows of staff_in';
