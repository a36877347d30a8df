-- What staff had and no longer have: judged as the duties of a visit on that day judge it.
begin;
\ir helpers.sql
select plan(24);

select t.school(900001, 'morecambe'), t.school(900002, 'potton'), t.client('all', null, '{counts:read}') \gset
select t.pupil(1, 900001) as pupil \gset

create function t.checked(staff bigint, level data.dbs_level, barred boolean, since date, until date default null) returns void
language sql
begin atomic
	insert into data.staff_check (staff_id, level, barred_list, checked_on, valid_until) values (staff, level, barred, since, until);
end;
create function t.trained(staff bigint, since date, until date default null) returns void
language sql
begin atomic
	insert into data.training (staff_id, course, completed_on, valid_until) values (staff, 'violence_prevention', since, until);
end;
create function t.insured(staff bigint, registration text, since date, until date, business boolean default true) returns void
language sql
begin atomic
	insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until, business_use)
	values (staff, 'Ford', 'Ka', registration, 'red', since, until, business);
end;
-- Everything but what holds without end.
create function t.facts(staff bigint, day date default '2026-01-31') returns text
language sql
return (select string_agg(f.what || ' ' || f.valid_until, '; ' order by f.valid_until, f.what)
          from data.staff_facts(day) f where f.staff_id = staff and f.valid_until <> 'infinity');

-- Checks
select t.staff('A', 900001) as a, t.staff('B', 900001) as b, t.staff('C', 900001) as c, t.staff('D', 900001) as d, t.staff('E', 900001) as e \gset
select t.checked(:a, 'basic', false, '2020-01-01', '2023-01-01'), t.checked(:a, 'enhanced', false, '2022-01-01') \g /dev/null
select is(t.facts(:a), null, 'a lower check that has expired is held by a higher one');
select t.checked(:b, 'enhanced', false, '2020-01-01', '2025-12-31'), t.checked(:b, 'basic', false, '2024-01-01') \g /dev/null
select is(t.facts(:b), 'DBS check, enhanced 2025-12-31', 'a higher one that has expired is not by a lower');
select t.checked(:c, 'enhanced', true, '2020-01-01', '2025-12-31'), t.checked(:c, 'enhanced', false, '2025-12-01') \g /dev/null
select is(t.facts(:c), 'DBS check, enhanced, with the barred list 2025-12-31', 'the barred list is told when the new check is without it');
select is(t.facts(:c, '2025-12-31'), 'DBS check, enhanced, with the barred list 2025-12-31', 'until when it holds as well');
select t.checked(:d, 'enhanced', false, '2020-01-01', '2025-12-31'), t.checked(:d, 'basic', true, '2025-12-01', '2026-02-28'),
       t.checked(:d, 'basic', false, '2019-01-01', '2021-12-31') \g /dev/null
select is(t.facts(:d), 'DBS check, enhanced 2025-12-31; DBS check, basic, with the barred list 2026-02-28',
	'each that stands for no other is told, and of those that end together the strongest');
select t.checked(:e, 'standard', false, '2020-01-01', '2022-12-31'), t.checked(:e, 'enhanced', true, '2022-12-01', '2025-12-31') \g /dev/null
select is(t.facts(:e), 'DBS check, enhanced, with the barred list 2025-12-31', 'what went over into a stronger one is told once');

-- Trainings, and gaps in general
select t.staff('F', 900001) as f, t.staff('G', 900001) as g, t.staff('H', 900001) as h \gset
select t.trained(:f, '2022-01-01', '2025-01-31'), t.trained(:f, '2025-02-01', '2026-01-31'), t.trained(:f, '2026-02-01', '2029-01-31') \g /dev/null
select is(t.facts(:f), 'training: violence prevention 2029-01-31', 'periods that follow one another are one, those to come included');
select is(t.facts(:f, '2021-12-31'), null, 'what begins after the day was not had on it');
select t.trained(:g, '2022-01-01', '2026-01-30'), t.trained(:g, '2026-02-01', '2029-01-31') \g /dev/null
select is(t.facts(:g), 'training: violence prevention 2026-01-30', 'in a gap, what held last is told');
select is(t.facts(:g, '2026-01-30'), 'training: violence prevention 2026-01-30', 'and the day before');
select is(t.facts(:g, '2026-02-01'), 'training: violence prevention 2029-01-31', 'on the day of the renewal that is told');
select t.trained(:h, '2022-01-01', '2026-06-30'), t.trained(:h, '2023-01-01', '2023-12-31') \g /dev/null
select is(t.facts(:h), 'training: violence prevention 2026-06-30', 'a shorter one since takes nothing away');

-- Insurances
select t.staff('I', 900001) as i, t.staff('J', 900001) as j, t.staff('K', 900001) as k \gset
select t.insured(:i, 'AB12 CDE', '2024-03-01', '2025-02-28'), t.insured(:i, 'ab12cde', '2025-03-01', '2026-02-28') \g /dev/null
select is(t.facts(:i), 'insurance of ab12cde, for driving for the school 2026-02-28', 'however its registration is spelt, a vehicle is one');
select t.insured(:j, 'AB12 CDE', '2025-01-01', '2025-12-31'), t.insured(:j, 'AB12 CDE', '2026-01-01', '2026-12-31', false) \g /dev/null
select is(t.facts(:j), 'insurance of AB12 CDE, for driving for the school 2025-12-31; insurance of AB12 CDE 2026-12-31'
	, 'an insurance without driving for the school does not hold one with');
select t.insured(:k, 'AB12 CDE', '2025-01-31', '2026-01-30'), t.insured(:k, 'AB12 CDE', '2026-02-01', '2027-01-31'),
       t.insured(:k, 'XY34 ZZZ', '2025-06-01', '2026-05-31') \g /dev/null
select is(t.facts(:k), 'insurance of AB12 CDE, for driving for the school 2026-01-30; insurance of XY34 ZZZ, for driving for the school 2026-05-31',
	'in a gap a vehicle is not insured, whatever other is');

-- The duties say the same on that day
create function t.duty(staff bigint, wanted text) returns boolean
language plpgsql
as $$
declare
	visit bigint := t.visit(900001, (select min(p.pupil_id) from data.pupil p), staff);
begin
	update data.visit v set planned_start = '2026-01-31T09:30Z', planned_end = '2026-01-31T10:00Z', vehicle_registration = 'AB12CDE'
	 where v.visit_id = visit;
	return (select bool_and(f.holds) from data.visit v, data.clause c,
	               lateral (select * from duty.vetting(v, c) where c.kind = 'vetting'
	                        union all select * from duty.vehicle_insured(v, c) where c.kind = 'vehicle_insured') f
	         where v.visit_id = visit and c.policy_version_id = v.policy_version_id and c.kind = wanted);
end;
$$;
select is(t.duty(:c, 'vetting'), false, 'the duty wants the barred list again, too');
select is(t.duty(:i, 'vehicle_insured'), true, 'finds the vehicle under the other spelling');
select is(t.duty(:j, 'vehicle_insured'), false, 'wants driving for the school');
select is(t.duty(:k, 'vehicle_insured'), false, 'and no gap');

-- The page for governors
create function t.expired(school int, "last" date) returns text
language sql
return t.get('all', format($$ select value from data.governors_seen(%s, '2026-01-01', %L)
	where measure = 'Staff whose vetting or training has expired' $$, school, "last"), 'doorstep_reports');
select is(t.expired(900001, '2026-01-31'), '5', 'the page for governors counts them once each, and no insurance'); -- b, c, d, e, g
select is(t.expired(900001, '2026-02-01'), '4', 'on another day those of that');
select is(t.expired(900001, '2025-12-31'), '0', 'of which some are not yet');
select is(t.expired(900002, '2026-01-31'), '0', 'of another school none');
update data.post set left_on = '2026-01-30' where staff_id = :b;
select is(t.expired(900001, '2026-01-31'), '4', 'nor of who has left');

select * from finish();
rollback;
