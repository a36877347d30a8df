-- Penalty notices under the national framework, from 19 August 2024: Department
-- for Education, "Working together to improve school attendance".  At least ten
-- unauthorised sessions (G, N, O, U) in ten school weeks.  To the same parent
-- for the same child: the first £160, £80 if paid within 21 days; a second within
-- three years £160 flat; no third within the three years, which run from the first.

-- The latest span in which a pupil reached the threshold by a day; of sessions
-- after another day only.  A definer, for the marks of all schools count; of a
-- school that the client sees.
create or replace function data.penalty_reached(pupil bigint, school int, day date, later_than date)
returns table (first_week date, last_week date, sessions bigint, unresolved bigint)
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	select s.first_week, s.last_week, n.sessions, n.unresolved
	  from data.penalty_spans(day, school) s
	       cross join lateral (
	           select sum(data.session_count(w.unauthorised)) as sessions,
	           	sum(data.session_count(w.unresolved)) as unresolved
	             from data.pupil_weeks(greatest(s.first_week, later_than + 1), least(s.last_week + 4, day),
	             	array[pupil]) w) as n
	 where s.pupil_id = pupil and school = any (auth.schools()) and n.sessions >= 10;
end;
comment on function data.penalty_reached(bigint, int, date, date)
	is 'The span in which a pupil reached the threshold for a penalty notice; no row when not';

-- The how manieth of its three years a notice is, after those that there are,
-- in order: a notice begins the three years when none before it runs them.
create or replace function data.penalty_number(notices date[], day date) returns int
language plpgsql immutable
as $$
declare
	began  date;
	number int;
	n      date;
begin
	foreach n in array array(select d from unnest(notices || day) as d order by d) loop
		if began is null or n >= began + interval '3 years' then
			began := n;
			number := 0;
		end if;
		number := number + 1;
	end loop;
	return number;
end;
$$;
comment on function data.penalty_number(date[], date) is 'The how manieth of its three years a notice is, after earlier ones';

-- The days of the notices to a parent about a pupil that were not withdrawn: a
-- parent who was taken down twice is one.  Of every school of the trust; a definer.
create or replace function data.penalty_days(pupil bigint, contact bigint) returns date[]
language sql stable security definer set search_path = pg_catalog
return coalesce((select array_agg(n.issued_on order by n.issued_on)
	  from data.penalty_notice n, data.contact c
	 where c.contact_id = contact and n.pupil_id = pupil and n.withdrawn_on is null
	   and (n.contact_id = c.contact_id or n.person_key = data.person_key(c.given_name, c.family_name, c.phone))
	   and exists (select from data.enrolment e where e.pupil_id = pupil and e.school_urn = any (auth.schools()))), '{}');
comment on function data.penalty_days(bigint, bigint) is 'When notices were issued to a parent about a pupil';
