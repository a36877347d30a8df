create function api.import_contacts(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	create temporary table contact_in on commit drop as
	select r.line, r.row as said, i.*, p.pupil_id
	  from pg_temp.import_row r
	       cross join jsonb_to_record(r.row) as i (upn text, given_name text, family_name text, relationship text,
	                                               parental_responsibility boolean, phone text, email text,
	                                                   language text)
	       left join data.pupil p on p.upn = i.upn
	            and ((select auth.sees_all_schools()) or exists (
	                    select from data.enrolment e where e.pupil_id = p.pupil_id
	                       and (e.left_on is null or e.left_on >= current_date)))
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'upn', coalesce(data.upn_problem(upn),
	           'is not the UPN of a pupil on the roll of a school that this client sees')
	  from contact_in where pupil_id is null
	union all
	select line, 'given_name', 'is in the file twice with this relationship to this pupil'
	  from (select *, row_number() over (partition by pupil_id, lower(given_name), lower(family_name),
	                                     lower(relationship) order by line) as n
	          from contact_in where pupil_id is not null) as i where n > 1;

	if api.import_may_store(mode, dry_run) then
		delete from contact_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		update data.contact c
		   set given_name = i.given_name, family_name = i.family_name, relationship = i.relationship,
		       parental_responsibility = i.parental_responsibility,
		       phone = case when i.said ? 'phone' then i.phone else c.phone end,
		       email = case when i.said ? 'email' then i.email else c.email end,
		       language = case when i.said ? 'language' then i.language else c.language end
		  from contact_in i
		 where c.pupil_id = i.pupil_id and lower(c.given_name) = lower(i.given_name)
		   and lower(c.family_name) = lower(i.family_name) and lower(c.relationship) = lower(i.relationship)
		   and (c.given_name, c.family_name, c.relationship, c.parental_responsibility, c.phone, c.email,
		       c.language)
		       is distinct from
		       (i.given_name, i.family_name, i.relationship, i.parental_responsibility,
		        case when i.said ? 'phone' then i.phone else c.phone end,
		        case when i.said ? 'email' then i.email else c.email end,
		        case when i.said ? 'language' then i.language else c.language end);
		insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility,
		                          phone, email, language)
		select i.pupil_id, i.given_name, i.family_name, i.relationship, i.parental_responsibility,
		       i.phone, i.email, i.language
		  from contact_in i
		 where not exists (select from data.contact c
		                    where c.pupil_id = i.pupil_id and lower(c.given_name) = lower(i.given_name)
		                      and lower(c.family_name) = lower(i.family_name)
		                      and lower(c.relationship) = lower(i.relationship))
		 order by i.line;
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;
comment on function api.import_contacts(text, boolean) is 'Imports contacts of pupils, one row per adult and pupil';
