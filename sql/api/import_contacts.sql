-- The pupil with this UPN, or else with this number in the management
-- information system of the school; null where there is none, more than one, or
-- where the two are of different pupils.
create function api.import_pupil_of(upn text, mis_id text, school_urn int) returns bigint
language sql stable
begin atomic
	select case when upn is not null then
	                (select p.pupil_id from data.pupil p
	                  where p.upn = import_pupil_of.upn
	                    and not exists (select from data.enrolment e
	                                     where e.school_urn = import_pupil_of.school_urn
	                                       and e.mis_id = import_pupil_of.mis_id and e.pupil_id <> p.pupil_id))
	       else (select max(e.pupil_id) from data.enrolment e
	              where e.school_urn = import_pupil_of.school_urn and e.mis_id = import_pupil_of.mis_id
	             having count(distinct e.pupil_id) = 1) end;
end;
comment on function api.import_pupil_of(text, text, int) is 'The pupil whom a row of an import names';

create function api.import_contacts(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	create temporary table contact_in on commit drop as
	select r.line, r.row as said, i.*, p.pupil_id
	  from pg_temp.import_row r
	       cross join jsonb_to_record(r.row) as i (upn text, mis_id text, school_urn int, given_name text,
	                                               family_name text, relationship text,
	                                               parental_responsibility boolean, phone text, email text,
	                                                   language text)
	       left join data.pupil p on p.pupil_id = api.import_pupil_of(i.upn, i.mis_id, i.school_urn)
	            and ((select auth.sees_all_schools()) or exists (
	                    select from data.enrolment e where e.pupil_id = p.pupil_id and data.lasts(e.left_on)))
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, case when upn is null and mis_id is not null then 'mis_id' else 'upn' end,
	       case when upn is not null then coalesce(data.upn_problem(upn),
	           case when mis_id is not null and exists (select from data.pupil p where p.upn = contact_in.upn)
	                then 'and mis_id stand for different pupils'
	                else 'is not the UPN of a pupil on the roll of a school that this client sees' end)
	           when mis_id is null then 'or mis_id is required'
	           when school_urn is null then 'needs school_urn beside it'
	           else 'is not the number of one pupil on the roll of this school' end
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
