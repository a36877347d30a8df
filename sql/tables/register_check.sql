-- What keys and checks do elsewhere, done here once for all rows of a
-- statement: a year of a trust is a million weeks, and a look-up for each would
-- take longer than all the rest.

create or replace function data.enrolled_check() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if exists (select from (select distinct n.pupil_id, n.school_urn from written n) as n
	            where not exists (select from data.enrolment e
	                               where e.pupil_id = n.pupil_id and e.school_urn = n.school_urn)) then
		raise exception 'a mark is of a pupil who was never on the roll of the school' using errcode = '23503';
	end if;
	return null;
end;
$$;
comment on function data.enrolled_check() is 'Trigger: marks, and notes on them, are of pupils of the school';

create or replace trigger enrolled_inserted after insert on data.register_week
	referencing new table as written for each statement execute function data.enrolled_check();
create or replace trigger enrolled_updated after update on data.register_week
	referencing new table as written for each statement execute function data.enrolled_check();
create or replace trigger enrolled_inserted after insert on data.mark_note
	referencing new table as written for each statement execute function data.enrolled_check();

create or replace function data.register_check() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
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
comment on function data.register_check() is 'Trigger: marks and their sessions are those of the code table';

create or replace trigger check_inserted after insert on data.register_week
	referencing new table as written for each statement execute function data.register_check();
create or replace trigger check_updated after update on data.register_week
	referencing new table as written for each statement execute function data.register_check();

-- What a school held depends on who was on its roll: with roll dates that are
-- corrected, weeks in which the pupil has marks are worked out anew.
create or replace function data.renew_school_weeks() returns trigger
language plpgsql volatile
as $$
declare
	weeks date[] := array(select w.week from data.register_week w
	                       where w.pupil_id = old.pupil_id and w.school_urn = old.school_urn
	                         and data.sessions_between(w.week, old.admitted_on, old.left_on)
	                             <> data.sessions_between(w.week, new.admitted_on, new.left_on));
begin
	if weeks <> '{}' then
		perform api.school_weeks_renew(array_fill(old.school_urn, array[cardinality(weeks)]), weeks);
	end if;
	return null;
end;
$$;
comment on function data.renew_school_weeks() is 'Trigger: what a school held is worked out anew when the time of a pupil on its roll changes';

create or replace trigger renew_school_weeks after update on data.enrolment
	for each row when ((old.admitted_on, old.left_on) is distinct from (new.admitted_on, new.left_on))
	execute function data.renew_school_weeks();

-- The other side of that key.
create or replace function data.keep_register() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if (exists (select from data.register_week w where w.pupil_id = old.pupil_id)
	    or exists (select from data.mark_note n where n.pupil_id = old.pupil_id))
	   and not exists (select from data.enrolment e where e.pupil_id = old.pupil_id) then
		raise exception 'a pupil has marks, which are kept' using errcode = '23503';
	end if;
	return null;
end;
$$;
comment on function data.keep_register() is 'Trigger: the last enrolment of a pupil who has marks stays';

create or replace trigger keep_register after delete on data.enrolment
	for each row execute function data.keep_register();
