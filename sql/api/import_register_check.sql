-- Whose marks they are, and which of them may stand in the register.

-- A school by its URN or its LAESTAB; a pupil by the UPN, the number in the
-- school's management information system, or both, which must then agree.
create function api.import_register_keys() returns void
language plpgsql volatile
as $$
begin
	create temporary table register_school on commit drop as
	select k.school, s.urn
	  from (select distinct r.school from pg_temp.register_row r) as k
	       left join data.school s on s.urn::text = k.school or s.laestab = replace(k.school, '/', '');
	create temporary table register_key on commit drop as
	select k.school, k.upn, k.mis_id, s.urn as school_urn, null::bigint as pupil_id, null::datemultirange as stays,
	       null::text as field, null::text as detail
	  from (select distinct r.school, r.upn, r.mis_id from pg_temp.register_row r) as k
	       join pg_temp.register_school s using (school);
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
end;
$$;
comment on function api.import_register_keys() is 'Finds the schools and pupils of an import of marks';

-- The marks of register_in that may not stand, each once.  The marks of nobody
-- before or after the time on the roll (closed, prospective) may.
create function api.import_register_bad() returns void
language plpgsql volatile
as $$
begin
	create temporary table register_bad on commit drop as
	select r.place, m.n, m.mark_line, 'date' as field, 'is before August 2015, when this register begins' as detail, m.said
	  from register_in r,
	       lateral api.register_marks(r.line, r.step, r.slots, r.school, r.upn, r.mis_id, r.week, r.marks) as m
	 where r.week < '2015-08-01';
	insert into register_bad
	select r.place, m.n, m.mark_line, 'date', 'is outside the time on the roll of this school', m.said
	  from register_in r,
	       lateral api.register_marks(r.line, r.step, r.slots, r.school, r.upn, r.mis_id, r.week, r.marks) as m
	 where not r.on_roll and r.week >= '2015-08-01'
	   and not r.stays @> data.session_day(r.week, m.n) and m.symbol not in (' ', '-', '#', 'Z');

	-- Of the sessions of a week that stands in several places: all that are said,
	-- the first with its line, and the first other one with its.
	create temporary table register_twice on commit drop as
	select r.place, r.pupil_id, r.school_urn, r.week, m.n, m.symbol, m.mark_line, m.said,
	       first_value(m.symbol) over session as first_symbol, first_value(m.mark_line) over session as first_line
	  from register_in r,
	       lateral api.register_marks(r.line, r.step, r.slots, r.school, r.upn, r.mis_id, r.week, r.marks) as m
	 where (r.pupil_id, r.school_urn, r.week) in
	       (select d.pupil_id, d.school_urn, d.week from register_in d
	         group by d.pupil_id, d.school_urn, d.week having count(*) > 1)
	window session as (partition by r.pupil_id, r.school_urn, r.week, m.n order by m.mark_line, r.place);
	insert into register_bad
	select t.place, t.n, t.mark_line, 'code',
	       format('is another mark than that on line %s for the same session',
	           case when t.symbol = t.first_symbol then o.other_line else t.first_line end), t.said
	  from register_twice t
	       join (select o.pupil_id, o.school_urn, o.week, o.n, min(o.mark_line) as other_line
	               from register_twice o where o.symbol <> o.first_symbol
	              group by o.pupil_id, o.school_urn, o.week, o.n) as o
	       on (o.pupil_id, o.school_urn, o.week, o.n) = (t.pupil_id, t.school_urn, t.week, t.n)
	 where not exists (select from register_bad b where (b.place, b.n) = (t.place, t.n));
	drop table register_twice;
end;
$$;
comment on function api.import_register_bad() is 'Finds the marks that may not stand in the register';

-- Leaves of register_in the marks that may stand, in one row a pupil and week.
create function api.import_register_merge() returns void
language plpgsql volatile
as $$
begin
	update register_in r
	   set marks = (select string_agg(case when b.n is not null then ' '
	                           when not r.on_roll and substr(r.marks, s.n + 1, 1) = '-'
	                                and not r.stays @> data.session_day(r.week, s.n) then ' '
	                           else substr(r.marks, s.n + 1, 1) end, '' order by s.n)
	                  from generate_series(0, 9) as s (n)
	                       left join register_bad b on b.place = r.place and b.n = s.n)
	 where not r.on_roll or r.place in (select b.place from register_bad b);
	create temporary table register_merged on commit drop as
	select d.pupil_id, d.school_urn, d.week, array_agg(d.marks) as parts
	  from register_in d group by d.pupil_id, d.school_urn, d.week having count(*) > 1;
	delete from register_in r using register_merged m
	 where (m.pupil_id, m.school_urn, m.week) = (r.pupil_id, r.school_urn, r.week);
	insert into register_in (pupil_id, school_urn, week, marks)
	select m.pupil_id, m.school_urn, m.week,
	       (select string_agg(coalesce((select substr(p.part, s.n + 1, 1) from unnest(m.parts) as p (part)
	                                     where substr(p.part, s.n + 1, 1) <> ' ' limit 1), ' '), '' order by s.n)
	          from generate_series(0, 9) as s (n))
	  from register_merged m;
	delete from register_in r where r.marks = '          ';
end;
$$;
comment on function api.import_register_merge() is 'Leaves the marks that may stand, in one row a pupil and week';

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
	select row_number() over () as place, r.*, k.pupil_id, k.school_urn, k.stays,
	       k.stays @> daterange(r.week, r.week + 5) as on_roll
	  from pg_temp.register_row r join pg_temp.register_key k using (school, upn, mis_id)
	 where k.detail is null;
	analyze register_in;
	perform api.import_register_bad();
	insert into pg_temp.import_problem (line, field, detail, said)
	select b.mark_line, b.field, b.detail, b.said from register_bad b;
	get diagnostics bad = row_count;
	update pg_temp.import_problem p
	   set said = p.said || jsonb_strip_nulls(jsonb_build_object('minutes_late', n.minutes_late, 'comment', n.comment))
	  from pg_temp.register_note n
	 where p.said ->> 'school_urn' = n.school and coalesce(p.said ->> 'upn', '') = n.upn
	   and coalesce(p.said ->> 'mis_id', '') = n.mis_id and p.said ->> 'date' = n.day::text
	   and p.said ->> 'session' = n.session::text;
	perform api.import_register_merge();
	return unknown + bad;
end;
$$;
comment on function api.import_register_check() is 'Rejects marks that may not stand in the register';
