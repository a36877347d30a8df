-- What the register says of a window, its first and last day included.  Sums
-- are of sessions while on roll only: roll dates may be corrected after marks
-- came, and a mark outside any stay counts for nothing.
--
-- possible is attended, authorised and unauthorised.  Sessions that are not a
-- possible attendance, administrative ones and gaps are in neither sum.  A gap
-- is a session while on roll where the register says that no mark was taken
-- (-), or that the school held and of which it says nothing.

-- The first day of the academic year of a day: years run from August to July.
create or replace function data.school_year_of(day date) returns date
language sql immutable strict parallel safe
return make_date(extract(year from day)::int - (extract(month from day) < 8)::int, 8, 1);
comment on function data.school_year_of(date) is 'First day of the academic year of a day, 1 August';

-- The first day of the so many months that end on a day, both included.  A
-- month that lacks the day is taken to its end: three months to 31 May begin on
-- 1 March, to 30 April on 31 January, to 29 May 2026 on 1 March.
create or replace function data.months_before(as_of date, months int) returns date
language sql immutable strict parallel safe
return (as_of - make_interval(months => months))::date + 1;
comment on function data.months_before(date, int) is 'First day of the so many months that end on a day';

create or replace function data.sessions_marked(marks text, symbol text) returns int
language sql immutable parallel safe
return case when position(symbol in marks) = 0 then 0 else
	(substr(marks, 1, 1) = symbol)::int | ((substr(marks, 2, 1) = symbol)::int << 1)
	| ((substr(marks, 3, 1) = symbol)::int << 2) | ((substr(marks, 4, 1) = symbol)::int << 3)
	| ((substr(marks, 5, 1) = symbol)::int << 4) | ((substr(marks, 6, 1) = symbol)::int << 5)
	| ((substr(marks, 7, 1) = symbol)::int << 6) | ((substr(marks, 8, 1) = symbol)::int << 7)
	| ((substr(marks, 9, 1) = symbol)::int << 8) | ((substr(marks, 10, 1) = symbol)::int << 9)
end;
comment on function data.sessions_marked(text, text) is 'The sessions of a week of marks that have this symbol';

-- Which gaps a week of a register has.  roll: sessions on roll; coded: those
-- with a code; marks: null where the register has no such week.
create or replace function data.sessions_missing(marks text, held int, coded int, roll int) returns int
language sql immutable parallel safe
return roll & ~coded & (held | case when marks like '%-%' then data.sessions_marked(marks, '-') else 0 end);
comment on function data.sessions_missing(text, int, int, int) is 'The sessions of a week whose mark is missing';

-- The weeks of pupils, each school's own register: a row for a stay and a week
-- of its school, whether it has marks of the pupil or not.
create or replace function data.stay_weeks("first" date, "last" date, school int, pupils bigint[])
returns table (pupil_id bigint, school_urn int, admitted_on date, week date, marks text, held int, roll int,
	attended int, authorised int, unauthorised int, unresolved int, not_possible int, administrative int, decided int)
language sql stable
begin atomic
	select e.pupil_id, e.school_urn, e.admitted_on, s.week, w.marks, s.held::int, r.roll,
	       coalesce(w.attended & r.roll, 0), coalesce(w.authorised & r.roll, 0), coalesce(w.unauthorised & r.roll, 0),
	       coalesce(w.unresolved & r.roll, 0), coalesce(w.not_possible & r.roll, 0),
	       coalesce(w.administrative & r.roll, 0), coalesce(w.decided & r.roll, 0)
	  from data.enrolment e
	       join data.school_week s on s.school_urn = e.school_urn and s.week between "first" - 4 and "last"
	                              and s.week between e.admitted_on - 4 and coalesce(e.left_on, 'infinity')
	       left join data.register_week w on w.pupil_id = e.pupil_id and w.week = s.week and w.school_urn = e.school_urn
	                                     and w.week between "first" - 4 and "last"
	       cross join lateral (select data.sessions_between(s.week, greatest(e.admitted_on, "first"),
	                               least(e.left_on, "last"))::int as roll) as r
	 where (school is null or e.school_urn = school) and (pupils is null or e.pupil_id = any (pupils));
end;
comment on function data.stay_weeks(date, date, int, bigint[]) is 'The weeks of pupils by the register of each of their schools';

-- The weeks of pupils, the registers of their schools joined session by
-- session, so that a session counts once: attended at one school wins over
-- absent at another, an authorised absence over an unauthorised one, whatever
-- was possible over a gap and over what was not possible.  A gap stays one where
-- the other school says D, expected here: that is just what nobody knows.  A
-- client that sees one school gets what its register says.
-- An absence of which a school does not know the reason yet (N) stays
-- unresolved as long as it counts, whatever another school says: it may turn out attended.
-- held: what any of the schools held.  ill: sessions of code I that count as absence.
create or replace function data.pupil_weeks("first" date, "last" date, pupils bigint[])
returns table (pupil_id bigint, week date, held int, attended int, authorised int, unauthorised int, unresolved int,
	not_possible int, gaps int, ill int)
language sql stable
begin atomic
	select j.pupil_id, j.week, j.held, j.attended, j.authorised & ~j.attended,
	       j.unauthorised & ~(j.attended | j.authorised), j.unresolved & ~(j.attended | j.authorised),
	       j.not_possible & ~(j.attended | j.authorised | j.unauthorised | j.gaps),
	       j.gaps & ~(j.attended | j.authorised | j.unauthorised), j.ill & ~j.attended
	  from (select w.pupil_id, w.week,
	               bit_or(w.held & data.sessions_between(w.week, "first", "last")) as held,
	               bit_or(w.attended) as attended, bit_or(w.authorised) as authorised,
	               bit_or(w.unauthorised) as unauthorised, bit_or(w.unresolved) as unresolved,
	               bit_or(w.not_possible) as not_possible,
	               bit_or(data.sessions_missing(w.marks, w.held, c.coded, w.roll)) as gaps,
	               bit_or(coalesce(data.sessions_marked(w.marks, 'I'), 0) & w.authorised) as ill
	          from data.stay_weeks("first", "last", null, pupils) w
	               cross join lateral (select w.attended | w.authorised | w.unauthorised | w.not_possible
	                                          | w.administrative as coded) as c
	         group by w.pupil_id, w.week) as j;
end;
comment on function data.pupil_weeks(date, date, bigint[]) is 'The weeks of pupils, the registers of their schools joined session by session';
