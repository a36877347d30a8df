-- Which of these UPNs are taken in the trust, by pupils seen or not; nothing else
-- of them.  A hidden one can be told from a new one, and no more: linking it
-- would open another school's record to who knows a number.
create function data.pupils_known(upns text[]) returns setof text
language sql stable security definer set search_path = pg_catalog
as $$
	select p.upn from data.pupil p where p.upn = any (upns);
$$;
comment on function data.pupils_known(text[]) is 'Which of these UPNs are taken in the trust';

create function api.import_pupils(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql volatile
as $$
begin
	perform api.import_loaded();
	perform api.import_check_schools();
	create temporary table pupil_in on commit drop as
	select r.line, r.row as said, i.*, null::bigint as pupil_id, false as is_new,
	       -- a stay that ends before it begins is rejected for that; here it must not fail
	       case when i.left_on >= i.admitted_on or i.left_on is null
	            then daterange(i.admitted_on, i.left_on, '[]') else 'empty' end as stay
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (upn text, school_urn int, given_name text, family_name text,
	                                    date_of_birth date, year_group data.year_group, admitted_on date,
	                                    left_on date, address text, postcode text, mis_id text)
	 where r.problems = '[]';
	update pupil_in i set pupil_id = p.pupil_id from data.pupil p where p.upn = i.upn;
	-- A file that doesn't say when somebody left means the stay as it is known.
	update pupil_in i set left_on = e.left_on, stay = daterange(e.admitted_on, e.left_on, '[]')
	  from data.enrolment e
	 where not i.said ? 'left_on' and e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	   and e.admitted_on = i.admitted_on;
	perform api.import_pupils_check();

	if api.import_may_store(mode, dry_run) then
		delete from pupil_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		perform api.import_pupils_store();
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;
comment on function api.import_pupils(text,
	boolean) is 'Imports pupils, one row per pupil and stay on the roll of a school';

create function api.import_pupils_check() returns void
language plpgsql volatile
as $$
begin
	insert into pg_temp.import_problem (line, field, detail)
	select line, 'upn', data.upn_problem(upn) from pupil_in where data.upn_problem(upn) is not null
	union all
	select line, 'left_on', 'is before admitted_on' from pupil_in where left_on < admitted_on
	union all
	select line, 'date_of_birth', 'is not before admitted_on' from pupil_in where date_of_birth >= admitted_on
	union all
	select line, 'upn', 'stands for a pupil of another name or date of birth on an earlier line'
	  from (select *, first_value(lower(family_name)) over same as name,
	      first_value(date_of_birth) over same as birth
	          from pupil_in window same as (partition by upn order by line)) as i
	 where lower(family_name) <> name or date_of_birth <> birth
	union all
	select line, 'upn', 'belongs to somebody at another school of the trust: '
	                   'a client that sees the whole trust can add them here'
	  from pupil_in i
	 where pupil_id is null
	   and upn in (select data.pupils_known((select array_agg(upn) from pupil_in where pupil_id is null)));

	insert into pg_temp.import_problem (line, field, detail)
	select i.line, 'admitted_on', format('overlaps the stay at this school on line %s', min(other.line))
	  from pupil_in i join pupil_in other
	       on other.upn = i.upn and other.school_urn = i.school_urn and other.line < i.line
	      and other.stay && i.stay
	 group by i.line
	union all
	select i.line, 'admitted_on', format('overlaps %s stays already on the roll of this school', count(*))
	  from pupil_in i join data.enrolment e
	       on e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	      and daterange(e.admitted_on, e.left_on, '[]') && i.stay
	 group by i.line having count(*) > 1;

	-- Last, for a row that is rejected brings nobody back.
	insert into pg_temp.import_problem (line, field, detail)
	select i.line, 'upn', 'has left this school: a client that sees the whole trust can change their particulars'
	  from pupil_in i join data.pupil p using (pupil_id)
	 where not (select auth.sees_all_schools())
	   and (p.given_name, p.family_name, p.date_of_birth, p.address, p.postcode) is distinct from
	       (i.given_name, i.family_name, i.date_of_birth,
	        case when i.said ? 'address' then i.address else p.address end,
	        case when i.said ? 'postcode' then i.postcode else p.postcode end)
	   and not exists (select from data.enrolment e
	                    where e.pupil_id = i.pupil_id and data.lasts(e.left_on))
	   and not exists (select from pupil_in back
	                    where back.pupil_id = i.pupil_id
	                      and not isempty(back.stay) and data.lasts(back.left_on)
	                      and (back.line = i.line
	                           or not exists (select from pg_temp.import_problem b where b.line = back.line))
	                      -- it says so, or else is no correction of a stay that has ended
	                      and (back.said ? 'left_on'
	                           or not exists (select from data.enrolment e
	                                           where e.pupil_id = back.pupil_id and e.school_urn = back.school_urn
	                                             and daterange(e.admitted_on, e.left_on, '[]') && back.stay)));
end;
$$;
comment on function api.import_pupils_check() is 'Rejects rows of pupil_in that do not fit the records';

-- The particulars of pupils who are there already; what the file doesn't say
-- stays.  A pupil with several rows takes the last one's.
create function api.import_pupils_particulars() returns void
language plpgsql volatile
as $$
begin
	update data.pupil p
	   set given_name = i.given_name, family_name = i.family_name, date_of_birth = i.date_of_birth,
	       address = case when i.said ? 'address' then i.address else p.address end,
	       postcode = case when i.said ? 'postcode' then i.postcode else p.postcode end
	  from (select distinct on (pupil_id) * from pg_temp.pupil_in where not is_new order by pupil_id,
	      line desc) as i
	 where p.pupil_id = i.pupil_id
	   and (p.given_name, p.family_name, p.date_of_birth, p.address, p.postcode) is distinct from
	       (i.given_name, i.family_name, i.date_of_birth,
	        case when i.said ? 'address' then i.address else p.address end,
	        case when i.said ? 'postcode' then i.postcode else p.postcode end);
end;
$$;
comment on function api.import_pupils_particulars() is 'Stores the particulars of known pupils';

-- New pupils come after their enrolments: row-level security shows a pupil to
-- who sees one of theirs.  A row whose stay overlaps one on the roll corrects
-- it; otherwise it is a new stay.
create function api.import_pupils_store() returns void
language plpgsql volatile
as $$
begin
	update pupil_in i set pupil_id = made.pupil_id, is_new = true
	  from (select upn, nextval('data.pupil_pupil_id_seq') as pupil_id
	          from (select upn from pupil_in where pupil_id is null
	                 group by upn order by min(line)) as fresh) as made
	 where made.upn = i.upn;

	perform api.import_pupils_particulars(); -- while who leaves with this file is still here
	update data.enrolment e
	   set year_group = case when i.said ? 'year_group' then i.year_group else e.year_group end,
	       admitted_on = i.admitted_on,
	       left_on = case when i.said ? 'left_on' then i.left_on else e.left_on end,
	       mis_id = case when i.said ? 'mis_id' then i.mis_id else e.mis_id end
	  from pupil_in i
	 where e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	   and daterange(e.admitted_on, e.left_on, '[]') && i.stay
	   and (e.year_group, e.admitted_on, e.left_on, e.mis_id) is distinct from
	       (case when i.said ? 'year_group' then i.year_group else e.year_group end, i.admitted_on,
	        case when i.said ? 'left_on' then i.left_on else e.left_on end,
	        case when i.said ? 'mis_id' then i.mis_id else e.mis_id end);
	insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on, mis_id)
	select i.pupil_id, i.school_urn, i.year_group, i.admitted_on, i.left_on, i.mis_id
	  from pupil_in i
	 where not exists (select from data.enrolment e
	                    where e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	                      and e.admitted_on = i.admitted_on)
	 order by i.line;
	perform api.import_pupils_particulars(); -- now who comes with it is here, too

	insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth, address, postcode)
	select distinct on (pupil_id) pupil_id, upn, given_name, family_name, date_of_birth, address, postcode
	  from pupil_in where is_new order by pupil_id, line desc;
end;
$$;
comment on function api.import_pupils_store() is 'Stores the good rows of pupil_in';
