create function api.import_contacts(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	create temporary table contact_in on commit drop as
	select r.line, i.*, p.pupil_id
	  from pg_temp.import_row r
	       cross join jsonb_to_record(r.row) as i (upn text, given_name text, family_name text, relationship text,
	                                               parental_responsibility boolean, phone text, email text, language text)
	       left join data.pupil p on p.upn = i.upn
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'upn', coalesce(data.upn_problem(upn), 'is not the UPN of a pupil that this client sees')
	  from contact_in where pupil_id is null
	union all
	select line, 'given_name', 'is in the file twice with this relationship to this pupil'
	  from (select *, row_number() over (partition by pupil_id, lower(given_name), lower(family_name),
	                                     lower(relationship) order by line) as n
	          from contact_in where pupil_id is not null) as i where n > 1;

	if api.import_may_store(mode, dry_run) then
		delete from contact_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		update data.contact c
		   set parental_responsibility = i.parental_responsibility, phone = i.phone, email = i.email,
		       language = i.language
		  from contact_in i
		 where c.pupil_id = i.pupil_id and lower(c.given_name) = lower(i.given_name)
		   and lower(c.family_name) = lower(i.family_name) and lower(c.relationship) = lower(i.relationship)
		   and (c.parental_responsibility, c.phone, c.email, c.language)
		       is distinct from (i.parental_responsibility, i.phone, i.email, i.language);
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
