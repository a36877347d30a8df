-- Whose marks they are, and which of them may stand in the register.

-- A school by its URN or its LAESTAB; a pupil by the UPN, the number in the
-- school's management information system, or both, which must not be of different pupils.
create function api.import_register_keys() returns void
language plpgsql volatile
as $$
begin
	create temporary table register_key on commit drop as
	select k.school, k.upn, k.mis_id, null::int as school_urn, null::bigint as pupil_id, null::datemultirange as stays,
	       null::date as since, null::date as until, null::text as field, null::text as detail
	  from (select distinct r.school, r.upn, r.mis_id from pg_temp.register_row r) as k;
	update pg_temp.register_key k set school_urn = s.urn
	  from (select distinct o.school from pg_temp.register_key o) as o
	       join data.school s on s.urn::text = o.school or s.laestab = replace(o.school, '/', '')
	 where k.school = o.school;
	analyze pg_temp.register_key;
	create temporary table register_found on commit drop as
	select k.school, k.upn, k.mis_id, min(f.pupil_id) as pupil_id, count(distinct f.pupil_id) as pupils
	  from pg_temp.register_key k,
	       lateral (select e.pupil_id from data.pupil p join data.enrolment e using (pupil_id)
	                 where p.upn = k.upn and e.school_urn = k.school_urn
	                union all
	                select e.pupil_id from data.enrolment e
	                 where k.mis_id <> '' and e.mis_id = k.mis_id and e.school_urn = k.school_urn
	                   and not (k.upn <> '' and not exists
	                       (select from data.pupil p join data.enrolment o using (pupil_id)
	                         where p.upn = k.upn and o.school_urn = k.school_urn))) as f
	 group by k.school, k.upn, k.mis_id;

	update pg_temp.register_key k
	   set pupil_id = f.pupil_id,
	       stays = (select range_agg(daterange(e.admitted_on, e.left_on, '[]')) from data.enrolment e
	                 where e.pupil_id = f.pupil_id and e.school_urn = k.school_urn)
	  from pg_temp.register_found f
	 where (f.school, f.upn, f.mis_id) = (k.school, k.upn, k.mis_id) and f.pupils = 1;
	update pg_temp.register_key k
	   set field = case when k.school_urn is null then 'school_urn' when k.upn <> '' then 'upn' else 'mis_id' end,
	       detail = case when k.school_urn is null then 'is not a school that this client sees'
	           when f.pupils > 1 and k.upn <> '' then 'and mis_id stand for different pupils'
	           when f.pupils > 1 then 'stands for more than one pupil of this school'
	           when data.upn_problem(nullif(k.upn, '')) is not null then data.upn_problem(k.upn)
	           else 'is not a pupil of this school' end
	  from pg_temp.register_key o
	       left join pg_temp.register_found f on (f.school, f.upn, f.mis_id) = (o.school, o.upn, o.mis_id)
	 where (o.school, o.upn, o.mis_id) = (k.school, k.upn, k.mis_id) and k.pupil_id is null;
	-- A week between these is on roll; any other has to be looked at day by day.
	update pg_temp.register_key k set since = greatest(s.since, '2015-08-01'), until = coalesce(s.until, 'infinity')
	  from (select o.school, o.upn, o.mis_id, lower(t.stay) as since, upper(t.stay) as until,
	               row_number() over (partition by o.school, o.upn, o.mis_id order by t.stay desc) as place
	          from pg_temp.register_key o cross join unnest(o.stays) as t (stay)) as s
	 where (s.school, s.upn, s.mis_id) = (k.school, k.upn, k.mis_id) and s.place = 1;
	analyze pg_temp.register_key;
end;
$$;
comment on function api.import_register_keys() is 'Finds the schools and pupils of an import of marks';

-- The marks of nobody: before this register begins, or outside the time on the
-- roll, where only closed and prospective may stand.
create function api.import_register_off_roll() returns void
language plpgsql volatile
as $$
begin
	create temporary table register_bad on commit drop as
	select m.mark_line, 'date' as field,
	       case when i.week < '2015-08-01' then 'is before August 2015, when this register begins'
	            else 'is outside the time on the roll of this school' end as detail, m.said
	  from pg_temp.register_in i
	       join pg_temp.register_row r on r.ctid = i.place
	       join pg_temp.register_key k using (school, upn, mis_id),
	       lateral api.register_marks(r.line, r.step, r.slots, r.school, r.upn, r.mis_id, r.week, r.marks) as m
	 where not i.on_roll
	   and (i.week < '2015-08-01'
	        or not k.stays @> data.session_day(i.week, m.n) and m.symbol not in (' ', '-', '#', 'Z'));
	update pg_temp.register_in i
	   set marks = (select string_agg(case when i.week >= '2015-08-01'
	                                        and (k.stays @> data.session_day(i.week, n)
	                                             or substr(i.marks, n + 1, 1) in ('#', 'Z'))
	                                       then substr(i.marks, n + 1, 1) else ' ' end, '' order by n)
	                  from generate_series(0, 9) as n)
	  from pg_temp.register_row r join pg_temp.register_key k using (school, upn, mis_id)
	 where r.ctid = i.place and not i.on_roll;
end;
$$;
comment on function api.import_register_off_roll() is 'Takes the marks of nobody out of an import';

-- Joins the rows of a pupil and week in register_double; differ: where two say
-- something of the same session, and not all say the same.  What is not blank
-- is greater than a blank.
create function api.import_register_join() returns void
language plpgsql volatile
as $$
begin
	create temporary table register_double on commit drop as
	select g.pupil_id, g.school_urn, g.week, m.marks, g.differ and g.said > length(replace(m.marks, ' ', '')) as differ
	  from (select i.pupil_id, i.school_urn, i.week, sum(length(replace(i.marks, ' ', ''))) as said,
	               min(i.marks collate "C") <> max(i.marks collate "C") as differ,
	               max(get_byte(b.bytes, 0)) as s0, max(get_byte(b.bytes, 1)) as s1, max(get_byte(b.bytes, 2)) as s2,
	               max(get_byte(b.bytes, 3)) as s3, max(get_byte(b.bytes, 4)) as s4, max(get_byte(b.bytes, 5)) as s5,
	               max(get_byte(b.bytes, 6)) as s6, max(get_byte(b.bytes, 7)) as s7, max(get_byte(b.bytes, 8)) as s8,
	               max(get_byte(b.bytes, 9)) as s9
	          from pg_temp.register_in i
	               join pg_temp.register_again a using (pupil_id, school_urn, week)
	               cross join lateral (select convert_to(i.marks, 'UTF8') as bytes offset 0) as b
	         group by i.pupil_id, i.school_urn, i.week) as g
	       cross join lateral (select chr(s0) || chr(s1) || chr(s2) || chr(s3) || chr(s4) || chr(s5) || chr(s6) || chr(s7)
	                                  || chr(s8) || chr(s9) as marks offset 0) as m;
	analyze pg_temp.register_double;
end;
$$;
comment on function api.import_register_join() is 'Joins the rows of a pupil and week that do not stand together in the file';

-- Sessions of which rows say different things: none of them may stand.
create function api.import_register_differ() returns void
language plpgsql volatile
as $$
begin
	-- All that is said of the sessions of such weeks, with the first of it and its line.
	create temporary table register_twice on commit drop as
	select i.pupil_id, i.school_urn, i.week, m.n, m.symbol, m.mark_line, m.said,
	       first_value(m.symbol) over session as first_symbol, first_value(m.mark_line) over session as first_line
	  from pg_temp.register_double d
	       join pg_temp.register_in i using (pupil_id, school_urn, week)
	       join pg_temp.register_row r on r.ctid = i.place,
	       lateral api.register_marks(r.line, r.step, r.slots, r.school, r.upn, r.mis_id, r.week, r.marks) as m
	 where d.differ and substr(i.marks, m.n + 1, 1) <> ' '
	window session as (partition by i.pupil_id, i.school_urn, i.week, m.n order by m.mark_line, i.place);
	-- The first line that says another thing.
	create temporary table register_differ on commit drop as
	select t.pupil_id, t.school_urn, t.week, t.n, min(t.mark_line) as other_line
	  from pg_temp.register_twice t where t.symbol <> t.first_symbol
	 group by t.pupil_id, t.school_urn, t.week, t.n;
	insert into pg_temp.register_bad (mark_line, field, detail, said)
	select t.mark_line, 'code',
	       format('is another mark than that on line %s for the same session',
	           case when t.symbol = t.first_symbol then o.other_line else t.first_line end), t.said
	  from pg_temp.register_twice t join pg_temp.register_differ o using (pupil_id, school_urn, week, n);
	update pg_temp.register_double d
	   set marks = (select string_agg(case when n = any (b.slots) then ' ' else substr(d.marks, n + 1, 1) end, ''
	                                  order by n)
	                  from generate_series(0, 9) as n)
	  from (select pupil_id, school_urn, week, array_agg(n) as slots
	          from pg_temp.register_differ group by pupil_id, school_urn, week) as b
	 where (b.pupil_id, b.school_urn, b.week) = (d.pupil_id, d.school_urn, d.week);
end;
$$;
comment on function api.import_register_differ() is 'Takes sessions of which a file says different things out of an import';

-- Leaves in register_in one row a pupil and week.
create function api.import_register_merge() returns void
language plpgsql volatile
as $$
begin
	-- One number is hashed sooner than three columns; a pupil with two schools at once is found, too.
	if exists (select from pg_temp.register_in i
	            group by (i.pupil_id << 16) + (i.week - date '2015-08-03') having count(*) > 1) then
		create temporary table register_again on commit drop as
		select i.pupil_id, i.school_urn, i.week
		  from pg_temp.register_in i group by i.pupil_id, i.school_urn, i.week having count(*) > 1;
		analyze pg_temp.register_again;
		perform api.import_register_join();
		if exists (select from pg_temp.register_double d where d.differ) then
			perform api.import_register_differ();
		end if;
		-- In place, row by row, this would take most of the time.
		create temporary table register_once on commit drop as
		select i.pupil_id, i.school_urn, i.week, i.marks
		  from pg_temp.register_in i
		 where not exists (select from pg_temp.register_double d
		                    where (d.pupil_id, d.school_urn, d.week) = (i.pupil_id, i.school_urn, i.week));
		truncate pg_temp.register_in;
		insert into pg_temp.register_in (pupil_id, school_urn, week, marks)
		select o.pupil_id, o.school_urn, o.week, o.marks from pg_temp.register_once o
		union all
		select d.pupil_id, d.school_urn, d.week, d.marks from pg_temp.register_double d;
		analyze pg_temp.register_in;
	end if;
	delete from pg_temp.register_in i where i.marks = '          ';
end;
$$;
comment on function api.import_register_merge() is 'Leaves the marks that may stand, in one row a pupil and week';

-- Minutes and comments of the rejected marks, for who is to mend them.
create function api.import_register_said() returns void
language plpgsql volatile
as $$
begin
	update pg_temp.import_problem p
	   set said = p.said || jsonb_strip_nulls(jsonb_build_object('minutes_late', n.minutes_late, 'comment', n.comment))
	  from pg_temp.register_note n
	 where p.line = n.line and p.said ->> 'school_urn' = n.school and coalesce(p.said ->> 'upn', '') = n.upn
	   and coalesce(p.said ->> 'mis_id', '') = n.mis_id and p.said ->> 'date' = n.day::text
	   and p.said ->> 'session' = n.session::text;
end;
$$;
comment on function api.import_register_said() is 'Adds to rejected marks what they said besides their code';

-- How many marks may not stand: each has its problem then.
create function api.import_register_check() returns bigint
language plpgsql volatile
as $$
declare
	unknown bigint;
	bad     bigint;
begin
	insert into pg_temp.import_problem (line, field, detail, said)
	select m.mark_line, k.field, k.detail, m.said
	  from pg_temp.register_row r join pg_temp.register_key k using (school, upn, mis_id),
	       lateral api.register_marks(r.line, r.step, r.slots, r.school, r.upn, r.mis_id, r.week, r.marks) as m
	 where k.detail is not null;
	get diagnostics unknown = row_count;

	create temporary table register_in on commit drop as
	select r.ctid as place, k.pupil_id, k.school_urn, r.week, r.marks,
	       coalesce(r.week >= k.since and r.week + 5 <= k.until, false) as on_roll
	  from pg_temp.register_row r join pg_temp.register_key k using (school, upn, mis_id)
	 where k.detail is null;
	analyze pg_temp.register_in;
	perform api.import_register_off_roll();
	perform api.import_register_merge();
	insert into pg_temp.import_problem (line, field, detail, said)
	select b.mark_line, b.field, b.detail, b.said from pg_temp.register_bad b;
	get diagnostics bad = row_count;
	perform api.import_register_said();
	return unknown + bad;
end;
$$;
comment on function api.import_register_check() is 'Rejects marks that may not stand in the register';
