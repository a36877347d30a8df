-- What keys and checks do elsewhere, done here once for all rows of a
-- statement: a year of a trust is a million weeks, and a look-up for each would
-- take longer than all the rest.

create or replace function data.register_check() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if exists (select from (select distinct n.pupil_id, n.school_urn from written n) as n
	            where not exists (select from data.enrolment e
	                               where e.pupil_id = n.pupil_id and e.school_urn = n.school_urn)) then
		raise exception 'a mark is of a pupil who was never on the roll of the school' using errcode = '23503';
	end if;
	if exists (select from (select distinct n.marks from written n) as n
	            where translate(n.marks, ' -' || (select string_agg(c.symbol::text, '') from data.attendance_code c), '')
	                  <> '') then
		raise exception 'a mark is no symbol of the code table' using errcode = '23514';
	end if;
	if exists (with said as materialized (
	               select distinct n.marks, n.attended, n.authorised, n.unauthorised, n.unresolved, n.not_possible,
	                      n.administrative
	                 from written n)
	           select n.* from said n
	           except
	           select s.* from data.mark_sessions(array(select n.marks from said n)) as s) then
		raise exception 'the sessions of a week are not those of its marks' using errcode = '23514';
	end if;
	return null;
end;
$$;
comment on function data.register_check() is 'Trigger: marks are of pupils of the school, and they and their sessions are those of the code table';

create or replace trigger check_inserted after insert on data.register_week
	referencing new table as written for each statement execute function data.register_check();
create or replace trigger check_updated after update on data.register_week
	referencing new table as written for each statement execute function data.register_check();

-- The other side of that key.
create or replace function data.keep_register() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if exists (select from data.register_week w where w.pupil_id = old.pupil_id)
	   and not exists (select from data.enrolment e where e.pupil_id = old.pupil_id) then
		raise exception 'a pupil has marks, which are kept' using errcode = '23503';
	end if;
	return null;
end;
$$;
comment on function data.keep_register() is 'Trigger: the last enrolment of a pupil who has marks stays';

create or replace trigger keep_register after delete on data.enrolment
	for each row execute function data.keep_register();
