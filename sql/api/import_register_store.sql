-- What marks of a file do to the register.

-- How the marks of register_in compare with those that are stored: new ones,
-- other ones, the same, and those on which the school has decided, which stay.
-- What is to be written is in register_new then: was is null for a week that
-- is not there yet.
--
-- No nested loops here and below: of weeks that are newer than its statistics
-- PostgreSQL expects one row, and would look for each row among all others.
create function api.import_register_compare(out added bigint, out changed bigint, out unchanged bigint, out kept bigint)
language plpgsql volatile set enable_nestloop = off
as $$
declare
	first date;
	last  date;
begin
	select min(i.week), max(i.week) into first, last from pg_temp.register_in i;
	create temporary table register_new on commit drop as
	select i.pupil_id, i.school_urn, i.week, i.marks as said, i.marks, w.marks as was, coalesce(w.decided, 0) as decided
	  from pg_temp.register_in i
	       left join data.register_week w on w.pupil_id = i.pupil_id and w.week = i.week and w.school_urn = i.school_urn
	                                     and w.week between first and last;
	create temporary table register_decided on commit drop as
	select r.pupil_id, r.school_urn, r.week, r.decided from register_new r where r.decided <> 0;
	-- The marks of weeks that are there already and differ.
	create temporary table register_mark on commit drop as
	select r.pupil_id, r.school_urn, r.week, n, substr(r.was, n + 1, 1) as was, substr(r.said, n + 1, 1) as said,
	       r.decided & (1 << n) <> 0 as decided
	  from register_new r cross join generate_series(0, 9) as n
	 where r.was <> r.said and substr(r.said, n + 1, 1) not in (' ', substr(r.was, n + 1, 1));
	update register_new r
	   set marks = (select string_agg(case when substr(r.said, n + 1, 1) = ' ' or r.decided & (1 << n) <> 0
	                                       then substr(r.was, n + 1, 1) else substr(r.said, n + 1, 1) end, '' order by n)
	                  from generate_series(0, 9) as n)
	 where r.was <> r.said;
	select coalesce(sum(length(replace(r.said, ' ', ''))) filter (where r.was is null), 0),
	       coalesce(sum(length(replace(r.said, ' ', ''))) filter (where r.was is not null), 0)
	  into added, unchanged from register_new r;
	select count(*) filter (where m.decided), count(*) filter (where not m.decided and m.was <> ' '),
	       added + count(*) filter (where not m.decided and m.was = ' '), unchanged - count(*)
	  into kept, changed, added, unchanged from register_mark m;
	delete from register_new r where r.was = r.marks;
end;
$$;
comment on function api.import_register_compare() is 'How the marks of a file compare with the register';

-- Who amends a mark meanwhile makes this fail, to be done again.
create function api.import_register_store() returns void
language plpgsql volatile set enable_nestloop = off
as $$
declare
	wanted  bigint := (select count(*) from pg_temp.register_new r where r.was is not null);
	written bigint;
begin
	create temporary table register_sessions on commit drop as
	select s.* from data.mark_sessions(array(select distinct r.marks from pg_temp.register_new r)) as s;
	analyze register_sessions;
	insert into data.register_week as w (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved,
	                                     not_possible, administrative)
	select r.pupil_id, r.week, r.school_urn, r.marks, s.attended, s.authorised, s.unauthorised, s.unresolved,
	       s.not_possible, s.administrative
	  from pg_temp.register_new r join register_sessions s using (marks)
	 where r.was is null order by r.pupil_id, r.week, r.school_urn;
	if wanted = 0 then
		return;
	end if;
	update data.register_week w
	   set marks = r.marks, attended = s.attended, authorised = s.authorised, unauthorised = s.unauthorised,
	       unresolved = s.unresolved, not_possible = s.not_possible, administrative = s.administrative
	  from pg_temp.register_new r join register_sessions s using (marks)
	 where r.was is not null and (w.pupil_id, w.week, w.school_urn) = (r.pupil_id, r.week, r.school_urn)
	   and w.week between (select min(n.week) from pg_temp.register_new n)
	                  and (select max(n.week) from pg_temp.register_new n)
	   and (w.marks, w.decided) = (r.was, r.decided);
	get diagnostics written = row_count;
	if written <> wanted then
		raise exception 'marks were amended meanwhile' using errcode = '40001';
	end if;
	insert into data.mark_amendment (pupil_id, school_urn, day, session, was, is_now, import_id, client_id)
	select m.pupil_id, m.school_urn, data.session_day(m.week, m.n), data.session_of(m.n), data.code_of(m.was),
	       data.code_of(m.said), api.import_current(), auth.client_id()
	  from pg_temp.register_mark m
	 where not m.decided and m.was not in (' ', '-')
	 order by m.week, m.pupil_id, m.n;
exception when unique_violation then
	raise exception 'marks were amended meanwhile' using errcode = '40001';
end;
$$;
comment on function api.import_register_store() is 'Stores the marks of register_new';

-- Holds the weeks of which notes are to be written as they were compared: the
-- school must not have decided on a mark since.  Nobody else sees those that
-- this import has made.
create function api.import_register_still() returns void
language plpgsql volatile
as $$
begin
	create temporary table note_week on commit drop as
	select distinct n.pupil_id, n.school_urn, data.monday_of(n.day) as week from pg_temp.note_new n
	except
	select r.pupil_id, r.school_urn, r.week from pg_temp.register_new r where r.was is null;
	analyze note_week;
	if not exists (select from note_week) then
		return;
	end if;
	perform from data.register_week w
	         where (w.pupil_id, w.school_urn, w.week) in (select n.pupil_id, n.school_urn, n.week from note_week n)
	           and w.week between (select min(n.week) from note_week n) and (select max(n.week) from note_week n)
	         order by w.pupil_id, w.week, w.school_urn for update;
	if exists (select from note_week n
	            join data.register_week w using (pupil_id, school_urn, week)
	            left join pg_temp.register_decided d using (pupil_id, school_urn, week)
	           where w.decided <> coalesce(d.decided, 0)) then
		raise exception 'marks were amended meanwhile' using errcode = '40001';
	end if;
end;
$$;
comment on function api.import_register_still() is 'Holds the weeks of notes, and fails where the school has decided on a mark of them since';

-- Minutes and comments of the marks that stand.  What is stored goes where the
-- file says that there is none, and with the mark that it was about.
create function api.import_register_notes(says_minutes boolean, says_comment boolean) returns void
language plpgsql volatile set enable_nestloop = off
as $$
declare
	first date;
	last  date;
begin
	select min(i.week), max(i.week) into first, last from pg_temp.register_in i;
	if not exists (select from pg_temp.register_note) and not exists (select from data.mark_note) then
		return;
	end if;
	create temporary table note_new on commit drop as
	with given as (
		select distinct on (k.pupil_id, n.day, n.session, k.school_urn) -- the last line counts
		       k.pupil_id, k.school_urn, n.day, n.session, n.minutes_late, n.comment, n.says_minutes, n.says_comment
		  from pg_temp.register_note n join pg_temp.register_key k using (school, upn, mis_id) where k.pupil_id is not null
		 order by k.pupil_id, n.day, n.session, k.school_urn, n.line desc
	), told as (
		select pupil_id, school_urn, day, session, o.pupil_id is not null as is_old, g.minutes_late, g.comment,
		       coalesce(g.says_minutes, false) as says_minutes, coalesce(g.says_comment, false) as says_comment,
		       o.minutes_late as old_minutes, o.comment as old_comment
		  from given g
		       full join (select * from data.mark_note o where o.day between first and last + 4) as o
		            using (pupil_id, school_urn, day, session)
	)
	select t.*, exists (select from pg_temp.register_mark m
	                     where (m.pupil_id, m.school_urn, m.week, m.n) = (t.pupil_id, t.school_urn, i.week,
	                         data.session_number(i.week, t.day, t.session))) as changes
	  from told t
	       join pg_temp.register_in i on i.pupil_id = t.pupil_id and i.school_urn = t.school_urn
	                                 and i.week = data.monday_of(t.day)
	       left join pg_temp.register_decided d on (d.pupil_id, d.school_urn, d.week) = (i.pupil_id, i.school_urn, i.week)
	 where substr(i.marks, data.session_number(i.week, t.day, t.session) + 1, 1) <> ' '
	   and coalesce(d.decided, 0) & (1 << data.session_number(i.week, t.day, t.session)) = 0;
	update note_new n
	   set minutes_late = case when n.minutes_late is not null or n.changes or n.says_minutes
	                                or import_register_notes.says_minutes then n.minutes_late
	                           else n.old_minutes end,
	       comment = case when n.comment is not null or n.changes or n.says_comment
	                           or import_register_notes.says_comment then n.comment
	                      else n.old_comment end;
	perform api.import_register_still();
	delete from data.mark_note o using note_new n
	 where (o.pupil_id, o.school_urn, o.day, o.session) = (n.pupil_id, n.school_urn, n.day, n.session)
	   and n.is_old and num_nonnulls(n.minutes_late, n.comment) = 0;
	update data.mark_note o set minutes_late = n.minutes_late, comment = n.comment
	  from note_new n
	 where (o.pupil_id, o.school_urn, o.day, o.session) = (n.pupil_id, n.school_urn, n.day, n.session)
	   and n.is_old and num_nonnulls(n.minutes_late, n.comment) > 0
	   and (o.minutes_late, o.comment) is distinct from (n.minutes_late, n.comment);
	insert into data.mark_note (pupil_id, school_urn, day, session, minutes_late, comment)
	select n.pupil_id, n.school_urn, n.day, n.session, n.minutes_late, n.comment
	  from note_new n where not n.is_old and num_nonnulls(n.minutes_late, n.comment) > 0
	 order by n.pupil_id, n.day, n.session;
end;
$$;
comment on function api.import_register_notes(boolean, boolean) is 'Stores minutes and comments of the marks of a file';

-- The sessions that a school held are those that some pupil on roll could attend;
-- marked counts the stays on its roll of which it has marks in the week, never one too
-- many: data.referral_suspects rests on it.  A few weeks are looked up pupil by
-- pupil; many, where they lie.  One after another, or each would leave out what
-- the other has just written.
create function api.school_weeks_lock(urns int[]) returns void
language sql volatile
begin atomic
	select pg_advisory_xact_lock(hashtextextended('school weeks ' || u.urn, 0))
	  from (select distinct urn from unnest(urns) as urn order by urn) as u;
end;
comment on function api.school_weeks_lock(int[]) is 'Keeps the weeks of schools from being worked out by anybody else until the end of the transaction';

create function api.school_weeks_renew(urns int[], weeks date[]) returns void
language plpgsql volatile set plan_cache_mode = force_custom_plan
as $$
declare
	few   boolean := cardinality(weeks) <= 50;
	first date := (select min(w) from unnest(weeks) as w);
	last  date := (select max(w) from unnest(weeks) as w);
begin
	perform api.school_weeks_lock(urns);
	insert into data.school_week as s (school_urn, week, held, marked)
	select h.school_urn, h.week, coalesce(bit_or(h.held), 0)::smallint, sum(h.marked)
	  from (select a.urn as school_urn, a.week, k.held & r.roll as held, (r.roll <> 0)::int as marked
	          from unnest(urns, weeks) as a (urn, week)
	               join data.enrolment e on e.school_urn = a.urn
	               cross join lateral (select data.sessions_between(a.week, e.admitted_on, e.left_on) as roll) as r
	               cross join lateral (select w.attended | w.authorised | w.unauthorised as held
	                                     from data.register_week w
	                                    where w.pupil_id = e.pupil_id and w.week = a.week and w.school_urn = a.urn
	                                      and w.week between first and last offset 0) as k
	         where few
	        union all
	        select w.school_urn, w.week, bit_or((w.attended | w.authorised | w.unauthorised)
	                                            & data.sessions_between(w.week, e.admitted_on, e.left_on)), count(*)
	          from data.register_week w
	               join data.enrolment e on e.pupil_id = w.pupil_id and e.school_urn = w.school_urn
	                                    and e.admitted_on <= w.week + 4 and coalesce(e.left_on, 'infinity') >= w.week
	         where not few and w.week between first and last
	         group by w.school_urn, w.week
	        having (w.school_urn, w.week) in (select * from unnest(urns, weeks))) as h
	 group by h.school_urn, h.week
	    on conflict (school_urn, week) do update set held = excluded.held, marked = excluded.marked
	      where (s.held, s.marked) <> (excluded.held, excluded.marked);
end;
$$;
comment on function api.school_weeks_renew(int[], date[]) is 'Works out anew which sessions schools held in these weeks';

create function api.import_school_weeks() returns void
language plpgsql volatile
as $$
declare
	urns  int[];
	weeks date[];
begin
	select array_agg(r.school_urn), array_agg(r.week) into urns, weeks
	  from (select distinct r.school_urn, r.week from pg_temp.register_new r) as r;
	perform api.school_weeks_renew(urns, weeks);
end;
$$;
comment on function api.import_school_weeks() is 'Works out anew which sessions the schools of an import held';
