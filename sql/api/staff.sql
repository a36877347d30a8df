create view api.staff with (security_invoker = true) as
select s.staff_id as id, s.staff_code, s.given_name, s.family_name, s.email, s.phone,
       (select json_agg(json_build_object('school_urn', p.school_urn, 'roles', p.roles, 'left_on', p.left_on)
                        order by p.school_urn)
          from data.post p where p.staff_id = s.staff_id) as posts,
       (select string_agg(p.school_urn || ': ' || array_to_string(p.roles, ' '), '; ' order by p.school_urn)
          from data.post p where p.staff_id = s.staff_id) as posts_text,
       s.version, s.created_at, s.updated_at
  from data.staff s;
comment on view api.staff is 'Members of staff as the API shows them, with their posts at the schools that the client sees';

create function api.staff_list(school int default null, role data.staff_role default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.staff
language sql stable
begin atomic
	select s.* from api.staff s
	 where (school is null and role is null
	        or exists (select from data.post p where p.staff_id = s.id
	                      and (school is null or p.school_urn = school)
	                      and (role is null or role = any (p.roles))))
	   and (staff_list.updated_after is null or s.updated_at > staff_list.updated_after)
	   and (after is null or s.id > after)
	 order by s.id limit max_rows;
end;
comment on function api.staff_list(int, data.staff_role, timestamptz, bigint, int) is 'Members of staff, by id';

create function api.staff_read(staff bigint) returns setof api.staff
language sql stable
begin atomic
	select s.* from api.staff s where s.id = staff;
end;
comment on function api.staff_read(bigint) is 'One member of staff';
