-- Sessions as bits: a week has ten, Monday morning is 1, Monday afternoon 2,
-- … Friday afternoon 512.  What a pupil attended, was on roll for, and what the
-- school held are all numbers of this form, so a window is cut with "&".

create or replace function data.monday_of(day date) returns date
language sql immutable strict parallel safe
return day - (extract(isodow from day)::int - 1);
comment on function data.monday_of(date) is 'The Monday of the week of a day';

-- first, last: null means that there is no end on that side.
create or replace function data.sessions_between(week date, first date, last date) returns smallint
language sql immutable parallel safe
return case
	when coalesce(first, '-infinity') <= week and coalesce(last, 'infinity') >= week + 4 then 1023
	when first > week + 4 or last < week or first > last then 0
	else (((1 << 2 * least(coalesce(last, week + 4) - week + 1, 5)) - 1)
	      & ~((1 << 2 * greatest(coalesce(first, week) - week, 0)) - 1))
end::smallint;
comment on function data.sessions_between(date, date, date) is 'The sessions of a week (its Monday) from a first to a last day, both included';

create or replace function data.session_count(sessions int) returns int
language sql immutable strict parallel safe
return bit_count(sessions::bit(10))::int;
comment on function data.session_count(int) is 'How many sessions these bits are';

-- n: 0 Monday morning to 9 Friday afternoon.
create or replace function data.session_day(week date, n int) returns date
language sql immutable strict parallel safe
return week + n / 2;
comment on function data.session_day(date, int) is 'The day of the nth session of a week, from 0';

create or replace function data.session_of(n int) returns data.session
language sql immutable strict parallel safe
return case n % 2 when 0 then 'AM' else 'PM' end::data.session;
comment on function data.session_of(int) is 'Whether the nth session of a week, from 0, is a morning or an afternoon';

create or replace function data.session_number(week date, day date, session data.session) returns int
language sql immutable strict parallel safe
return 2 * (day - week) + (session = 'PM')::int;
comment on function data.session_number(date, date, data.session) is 'Which session of its week a session is, from 0';

-- The code of a symbol; - where no mark was taken, null where nothing is known.
create or replace function data.code_of(symbol text) returns text
language sql stable strict parallel safe
begin atomic
	select case symbol when '-' then '-'
	       else (select c.code from data.attendance_code c where c.symbol = code_of.symbol::"char") end;
end;
comment on function data.code_of(text) is 'The code that a symbol of a week stands for; - for no mark taken, null for nothing known';

create or replace function data.symbol_of(code text, day date) returns text
language sql stable strict parallel safe
begin atomic
	select c.symbol::text from data.attendance_code c
	 where c.code = symbol_of.code and day between c.valid_from and coalesce(c.valid_to, 'infinity');
end;
comment on function data.symbol_of(text, date) is 'The symbol of a code on a day; null where it is none that may be used then';

-- What weeks of marks are in sessions.  Given each text once, however many
-- pupils have such a week, for that is what takes time.
create or replace function data.mark_sessions(weeks text[])
returns table (marks text, attended smallint, authorised smallint, unauthorised smallint, unresolved smallint,
	not_possible smallint, administrative smallint)
language sql stable parallel safe
begin atomic
	select w.marks,
	       coalesce(sum(1 << n) filter (where c.class in ('attending', 'approved_educational_activity')), 0)::smallint,
	       coalesce(sum(1 << n) filter (where c.class = 'authorised'), 0)::smallint,
	       coalesce(sum(1 << n) filter (where c.class = 'unauthorised'), 0)::smallint,
	       coalesce(sum(1 << n) filter (where c.code = 'N'), 0)::smallint,
	       coalesce(sum(1 << n) filter (where c.class = 'not_possible'), 0)::smallint,
	       coalesce(sum(1 << n) filter (where c.class = 'administrative'), 0)::smallint
	  from unnest(weeks) as w (marks) cross join generate_series(0, 9) as n
	       left join data.attendance_code c on c.symbol = substr(w.marks, n + 1, 1)::"char"
	 group by w.marks;
end;
comment on function data.mark_sessions(text[]) is 'Which sessions of a week are attended, absent and so on, for each of many weeks of marks';

-- Whole numbers are compared as whole numbers; this is for people to read, and
-- rounds down, so that nobody who is below a threshold shows as being at it.
create or replace function data.percentage(attended bigint, possible bigint) returns numeric
language sql immutable parallel safe
return case when possible > 0 then trunc((1000 * attended / possible)::numeric / 10, 1) end;
comment on function data.percentage(bigint,
	bigint) is 'Attendance in percent, rounded down to one decimal; null where nothing was possible';
