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

-- What a school held, and of how many of its roll it has marks, depends on who was
-- on its roll: with stays that come, go or are corrected, weeks in which the pupil
-- has marks are worked out anew.  A new stay finds some only where there was
-- another.  Locked before they are looked for, or marks that are being written
-- meanwhile would count a pupil who is gone.
create or replace function data.renew_school_weeks() returns trigger
language plpgsql volatile
as $$
declare
	stay  data.enrolment;
	weeks date[];
begin
	if tg_op = 'DELETE' then
		if data.disposing() then -- of a pupil, whose marks have gone by then
			return null;
		end if;
	end if;
	stay := case tg_op when 'INSERT' then new else old end;
	if tg_op = 'INSERT' and not exists (
		select from data.enrolment e where e.pupil_id = stay.pupil_id and e.school_urn = stay.school_urn
		                               and e.admitted_on <> stay.admitted_on) then
		return null;
	end if;
	perform api.school_weeks_lock(array[stay.school_urn]);
	weeks := array(
		select w.week
		  from data.register_week w
		       cross join lateral (select data.sessions_between(w.week, old.admitted_on, old.left_on) as was,
		                                  data.sessions_between(w.week, new.admitted_on, new.left_on) as is_now) as r
		 where w.pupil_id = stay.pupil_id and w.school_urn = stay.school_urn
		   and case tg_op when 'INSERT' then 0 else r.was end <> case tg_op when 'DELETE' then 0 else r.is_now end);
	if weeks <> '{}' then
		perform api.school_weeks_renew(array_fill(stay.school_urn, array[cardinality(weeks)]), weeks);
	end if;
	return null;
end;
$$;
comment on function data.renew_school_weeks()
	is 'Trigger: what is known of the weeks of a school is worked out anew when the time of a pupil on its roll changes';

create or replace trigger renew_school_weeks after update on data.enrolment
	for each row when ((old.admitted_on, old.left_on) is distinct from (new.admitted_on, new.left_on))
	execute function data.renew_school_weeks();
create or replace trigger renew_school_weeks_of_stay after insert or delete on data.enrolment
	for each row execute function data.renew_school_weeks();

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
