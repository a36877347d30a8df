-- When a pupil is put forward for legal proceedings to be considered, and with
-- which figures.  The law does not say what "over the course of three months"
-- is: here it is the three months that end on a day, both ends included
-- (data.months_before).
--
--   below_percent   100 * attended < below_percent * possible, in whole numbers:
--                   exactly at the percentage is not below it
--   falling         each of the successive months, of the same form, lower than
--                   the month before; the month before the first is included
--
-- Unresolved (N) and missing marks may still turn out either way: a row is safe
-- when the rule is met whatever becomes of them.

-- The rules of schools on a day: those of their policies; of a school whose
-- policy states none, the trust's, where it has set one.
create or replace function data.referral_rules(schools int[], day date)
returns table (school_urn int, place int, months int, below_percent int, falling boolean, policy_version_id bigint,
	clause text)
language sql stable rows 50
begin atomic
	with followed as (
		select s.urn, data.policy_of(s.urn, day) as version from data.school s where s.urn = any (schools)
	), stated as (
		select f.urn, c.position as place, (c.parameters ->> 'months')::int as months,
		       (c.parameters ->> 'below_percent')::int as below_percent,
		       coalesce((c.parameters ->> 'falling')::boolean, false) as falling, c.policy_version_id, c.clause
		  from followed f join data.clause c on c.policy_version_id = f.version and c.kind = 'legal_referral'
	)
	select s.urn, s.place, s.months, s.below_percent, s.falling, s.policy_version_id, s.clause from stated s
	union all
	select f.urn, 0, r.months, r.below_percent, r.falling, null, 'trust-default'
	  from followed f
	       cross join lateral (select r.* from data.referral_rule r where r.from_on <= day
	                            order by r.from_on desc limit 1) as r
	 where not exists (select from stated s where s.urn = f.urn);
end;
comment on function data.referral_rules(int[], date) is 'The rules by which schools put pupils forward, on a day';

-- Compulsory school age: from the prescribed day (31 March, 31 August, 31
-- December) on or after the fifth birthday to the last Friday in June of the
-- school year, September to August, in which the child becomes sixteen.
-- Education Act 1996, section 8; SI 1998/1607; SI 1997/1970.
create or replace function data.compulsory_age(birth date, day date) returns boolean
language sql immutable strict parallel safe
return (select day >= case when five <= make_date(year, 3, 31) then make_date(year, 3, 31)
                           when five <= make_date(year, 8, 31) then make_date(year, 8, 31)
                           else make_date(year, 12, 31) end
               and day <= june - (extract(isodow from june)::int + 2) % 7
          from (select (birth + interval '5 years')::date as five, extract(year from birth)::int + 5 as year,
                       make_date(extract(year from birth)::int + 16 + (extract(month from birth) >= 9)::int, 6, 30)
                           as june) as k);
comment on function data.compulsory_age(date, date) is 'Whether a child is of compulsory school age on a day';
