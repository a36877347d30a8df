create view api.contact with (security_invoker = true) as
select c.contact_id as id, c.pupil_id, c.given_name, c.family_name, c.relationship,
       c.parental_responsibility, c.phone, c.email, c.language, c.version, c.created_at, c.updated_at
  from data.contact c;
comment on view api.contact is 'Contacts as the API shows them';

create function api.contact_list(school int default null, pupil bigint default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.contact
language sql stable
begin atomic
	select c.* from api.contact c
	 where (school is null or exists (select from data.enrolment e
	                                   where e.pupil_id = c.pupil_id and e.school_urn = school))
	   and (pupil is null or c.pupil_id = pupil)
	   and (contact_list.updated_after is null or c.updated_at > contact_list.updated_after)
	   and (after is null or c.id > after)
	 order by c.id limit max_rows;
end;
comment on function api.contact_list(int, bigint, timestamptz, bigint, int) is 'Contacts, by id';

create function api.contact_read(contact bigint) returns setof api.contact
language sql stable
begin atomic
	select c.* from api.contact c where c.id = contact;
end;
comment on function api.contact_read(bigint) is 'One contact';
