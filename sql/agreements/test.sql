-- Testing the promises of an agreement against the register.
--
-- What is not a possible attendance (D, Q, X, Y…), what is administrative (#, Z)
-- and what has no mark never counts against the family, and nothing is decided
-- while a reason is not established (N) among the marks that are looked at.
--
-- A promise is tested in the rounds of breach.sql.  What is looked at ends with the
-- stay at the school of the agreement: how a pupil does at the next is no business
-- of the one before.

-- The marks of a window as a test keeps them.
create or replace function data.marks_text(pupil bigint, "first" date, "last" date) returns text
language sql stable
return (select coalesce(string_agg(format('%s %s %s', d.day, coalesce(d.am, '.'), coalesce(d.pm, '.')), '; '
	order by d.day), '')
	  from (select s.day, max(coalesce(s.code, '-')) filter (where s.session = 'AM') as am,
	               max(coalesce(s.code, '-')) filter (where s.session = 'PM') as pm
	          from data.pupil_sessions(pupil, "first", "last") s group by s.day) as d);
comment on function data.marks_text(bigint, date, date)
	is 'The marks of a pupil, day by day: - for a mark that is missing, . for a session that was not held';

-- No marks of some codes in the first so many school days: days on which
-- something could be attended, or has no mark.
create or replace function data.try_no_marks(p data.promise, pupil bigint, starts date, until date)
returns data.promise_test
language plpgsql stable
as $$
declare
	found data.promise_test;
begin
	with session as (
		select s.* from data.pupil_sessions(pupil, starts, until) s
	), school_day as (
		select s.day, row_number() over (order by s.day) as n
		  from session s where s.gap or s.class not in ('not_possible', 'administrative') group by s.day
	), span as (
		select coalesce((select d.day from school_day d where d.n = p.days), until) as ends,
		       (select count(*) from school_day d where d.n <= p.days) as days
	)
	select span.ends, span.days, count(*) filter (where s.code = any (p.codes)), count(*) filter (where s.code = 'N'),
	       min(s.day) filter (where s.code = any (p.codes))
	  into found.last_day, found.counted, found.against, found.unresolved, found.decided_on
	  from span left join session s on s.day <= span.ends group by span.ends, span.days;
	found.verdict := case when found.unresolved > 0 then 'unresolved' when found.against > 0 then 'broken'
		when found.counted = p.days and found.last_day < data.day_of(now()) then 'kept' else 'open' end;
	if found.verdict = 'kept' then
		found.decided_on := found.last_day;
	end if;
	found.reason := format('%s of %s in %s of %s school days', found.against, array_to_string(p.codes, ' or '),
		found.counted, p.days);
	return found;
end;
$$;
comment on function data.try_no_marks(data.promise, bigint, date, date) is 'Tests a promise of no marks of some codes';

-- Attendance of at least so many percent to a day, compared in whole numbers.
create or replace function data.try_attendance(p data.promise, pupil bigint, starts date, until date, ends date)
returns data.promise_test
language plpgsql stable
as $$
declare
	found data.promise_test;
	over  constant boolean := until >= ends and ends < data.day_of(now());
begin
	found.last_day := least(until, ends);
	select count(*) filter (where s.class in ('attending', 'approved_educational_activity', 'authorised', 'unauthorised')),
	       count(*) filter (where s.class in ('authorised', 'unauthorised')), count(*) filter (where s.code = 'N')
	  into found.counted, found.against, found.unresolved
	  from data.pupil_sessions(pupil, starts, found.last_day) s;
	found.verdict := case when not over then 'open' when found.unresolved > 0 then 'unresolved'
		when found.counted = 0 then 'untested'
		when 100 * (found.counted - found.against) < p.percent * found.counted then 'broken' else 'kept' end;
	found.decided_on := case when found.verdict in ('broken', 'kept', 'untested') then ends end;
	found.reason := format('attended %s of %s sessions%s; %s %% are promised by %s', found.counted - found.against,
		found.counted, coalesce(format(', %s %%', data.percentage(found.counted - found.against, found.counted)), ''),
		p.percent, ends);
	return found;
end;
$$;
comment on function data.try_attendance(data.promise, bigint, date, date, date) is 'Tests a promise of so many percent';

-- In before the register closes (at the morning session: present, late before
-- it was closed, or at an activity) on so many of so many days.  Mornings of
-- authorised absence are no days to be in, and don't count either way.
create or replace function data.try_in_on_time(p data.promise, pupil bigint, starts date, until date)
returns data.promise_test
language plpgsql stable
as $$
declare
	found data.promise_test;
begin
	with morning as (
		select s.day, s.code, s.class, row_number() over (order by s.day) as n
		  from data.pupil_sessions(pupil, starts, until) s
		 where s.session = 'AM' and s.class in ('attending', 'approved_educational_activity', 'unauthorised')
	), counted as (
		select m.*, count(*) filter (where m.class = 'unauthorised' and m.code <> 'N') over (order by m.day) as missed
		  from morning m where m.n <= p.of_days
	)
	select coalesce(max(c.day) filter (where c.n = p.of_days), until), count(*), coalesce(max(c.missed), 0),
	       count(*) filter (where c.code = 'N'), min(c.day) filter (where c.missed > p.of_days - p.days)
	  into found.last_day, found.counted, found.against, found.unresolved, found.decided_on from counted c;
	found.verdict := case when found.unresolved > 0 then 'unresolved' when found.decided_on is not null then 'broken'
		when found.counted = p.of_days and found.last_day < data.day_of(now()) then 'kept' else 'open' end;
	if found.verdict = 'kept' then
		found.decided_on := found.last_day;
	end if;
	found.reason := format('in on time on %s of %s days; %s of %s are promised', found.counted - found.against
		- found.unresolved, found.counted, p.days, p.of_days);
	return found;
end;
$$;
comment on function data.try_in_on_time(data.promise, bigint, date, date) is 'Tests a promise of being in on time';

-- Tests one measured promise.  until: the last day to look at.
create or replace function data.promise_try(p data.promise, a data.agreement, in_round int, starts date, until date)
returns data.promise_test
language plpgsql stable
as $$
declare
	found data.promise_test;
	sums  jsonb;
	stood date := (select t.decided_on from data.promise_test t
	                where t.promise_id = p.promise_id and t.round = in_round and t.verdict in ('broken', 'kept', 'open')
	                order by t.test_id desc limit 1);
begin
	found := case p.kind when 'no_marks' then data.try_no_marks(p, a.pupil_id, starts, until)
		when 'attendance' then data.try_attendance(p, a.pupil_id, starts, until, starts + (p.until_on - a.from_on))
		else data.try_in_on_time(p, a.pupil_id, starts, until) end;
	-- What was decided before the reason of a later absence was asked for stays so.
	if found.verdict = 'unresolved' then
		if found.against > 0 and found.decided_on is not null and found.decided_on = stood then
			found.verdict := 'broken';
		else
			found.decided_on := null;
			found.reason := found.reason || format('; %s not established yet (N)', found.unresolved);
		end if;
	end if;
	if found.verdict in ('open', 'unresolved') then
		found.decided_on := null;
	end if;
	sums := data.figures_of(a.pupil_id, starts, found.last_day);
	found.promise_id := p.promise_id;
	found.agreement_id := a.agreement_id;
	found.school_urn := a.school_urn;
	found.round := in_round;
	found.first_day := starts;
	found.possible := sums ->> 'possible';
	found.attended := sums ->> 'attended';
	found.gaps := sums ->> 'gaps';
	found.marks := data.marks_text(a.pupil_id, starts, found.last_day);
	return found;
end;
$$;
comment on function data.promise_try(data.promise, data.agreement, int, date, date) is 'Tests a promise, and stores nothing';

create or replace function data.promise_test_keep(found data.promise_test) returns void
language sql volatile
begin atomic
	insert into data.promise_test (promise_id, agreement_id, school_urn, round, first_day, last_day, verdict, possible,
	                               attended, counted, against, unresolved, gaps, decided_on, reason, marks, client_id)
	values ((found).promise_id, (found).agreement_id, (found).school_urn, (found).round, (found).first_day,
	        (found).last_day, (found).verdict, (found).possible, (found).attended, (found).counted, (found).against,
	        (found).unresolved, (found).gaps, (found).decided_on, (found).reason, (found).marks, auth.client_id());
	update data.promise p
	   set state = (found).verdict, decided_on = (found).decided_on
	 where p.promise_id = (found).promise_id
	   and (p.state, p.decided_on) is distinct from ((found).verdict, (found).decided_on);
end;
comment on function data.promise_test_keep(data.promise_test) is 'Keeps a test, and lets the promise stand as it says';

-- Tests every measured promise in the round that runs until a day, the last one at
-- the school at most, and takes the steps that follow.  A round that begins only
-- after that day is not tested.
create or replace function data.agreement_test(agreement bigint, until date) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	a    data.agreement;
	run  record;
	last date;
begin
	select x.* into a from data.agreement x where x.agreement_id = agreement for no key update;
	last := least(until, data.on_roll_until(a.pupil_id, a.school_urn));
	select r.* into run from data.agreement_rounds(agreement) r order by r.round desc limit 1;
	if run.starts <= last then
		perform data.promise_test_keep(data.promise_try(p, a, run.round, run.starts, last))
		   from data.promise p where p.agreement_id = agreement and p.kind <> 'text' order by p.position;
	end if;
	update data.agreement x set tested_to = last where x.agreement_id = agreement and x.tested_to is distinct from last;
	perform duty.weigh_agreement(agreement);
end;
$$;
comment on function data.agreement_test(bigint, date) is 'Tests the promises of an agreement until a day, and weighs its duties';
