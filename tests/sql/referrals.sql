-- Who is put forward for legal proceedings to be considered: the rules, the
-- figures, the lanes, what is safe; and the referral itself.
begin;
\ir helpers.sql
select plan(93);

\set scopes {visits:read,agreements:read,referrals:read,referrals:write,decisions:write}
select t.school(900001, 'potton'), t.school(900002, 'morecambe'), t.school(900003, 'tkat'), t.school(900004, 'morecambe'),
       t.client('a', '{900001}', :'scopes'), t.client('m', '{900002,900004}', :'scopes'), t.client('all', null, :'scopes'),
       t.client('reader', '{900001}', '{visits:read,referrals:read}'), t.client('few', '{900001}', '{visits:read}') \gset
select t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('AO', 900001, 'Officer', '{attendance_officer}') as officer,
       t.staff('D', 900001, 'Deputy', '{deputy}') as deputy, t.staff('M', 900002) as elsewhere \gset

-- Codes with how often, from a Monday on, session after session; what is left of the last week stays blank.
create function t.codes(said text) returns text
language sql
return (select string_agg(repeat(c.symbol::text, split_part(m, '*', 2)::int), '' order by n)
          from string_to_table(said, ' ') with ordinality as w (m, n)
               join data.attendance_code c on c.code = split_part(m, '*', 1) and c.valid_to is null);
create function t.fill_weeks(pupil bigint, school int, monday date, symbols text) returns void
language sql
return (select count(t.marks(pupil, school, monday + 7 * n, substr(symbols, 10 * n + 1, 10)))
          from generate_series(0, (length(symbols) - 1) / 10) as n)::text::void;
create function t.listed(client text, school int, day date, near boolean default false) returns text
language sql
return t.get(client, format($$ select coalesce(string_agg(pupil_id || ' ' || attended || '/' || possible, ', ' order by pupil_id), 'nobody')
	from api.legal_referral_list(%L, %L, %L) $$, school, day, near), 'doorstep_reports');
create function t.row(client text, pupil bigint, day date, columns text) returns text
language sql
return t.get(client, format('select concat_ws($$ $$, %s) from api.legal_referral_list(null, %L) where pupil_id = %s', columns, day, pupil),
	'doorstep_reports');

-- The worked example: 84 of 120 is exactly 70 %, and not below it.
\set as_of '2026-05-31'
select t.pupil(1, 900001) as at70, t.pupil(2, 900001) as below, t.pupil(3, 900001) as ill, t.pupil(4, 900001) as straddling,
       t.pupil(5, 900001) as young, t.pupil(6, 900001) as near \gset
select t.contact(:below) \g /dev/null
select t.fill_weeks(:at70, 900001, '2026-03-02', t.codes('/*40 \*38 L*4 B*2 I*14 C2*2 O*9 N*3 U*2 G*6 Y4*2 #*4')) \g /dev/null
select is(t.listed('a', 900001, :'as_of'), 'nobody', '84 of 120 is not below 70 %');
select is(data.figures_of(:at70, '2026-03-01', :'as_of') - 'from' - 'to', '{"possible": 120, "attended": 84, "authorised": 16, "unauthorised": 20,
	"unresolved": 3, "gaps": 0, "percentage": 70.0, "lowest": 70.0, "highest": 72.5}', 'it stands at 70.0, from 70.0 to 72.5');
select t.fill_weeks(:below, 900001, '2026-03-02', t.codes('/*40 \*37 L*4 B*2 I*15 C2*2 O*12 U*2 G*6 Y4*2 #*4')) \g /dev/null
select is(t.listed('a', 900001, :'as_of'), :'below' || ' 83/120', '83 of 120 is');
select is(t.row('a', :below, :'as_of', 'rule, clause, window_start, window_end, percentage, lowest, highest, compulsory_school_age, lane, safe_to_refer'),
	'below 70 % over 3 months legal 2026-03-01 2026-05-31 69.1 69.1 69.1 t legal t', 'with its rule, clause, window, lane, and that it is safe');
select is(t.row('a', :below, :'as_of', 'school_urn, upn, given_name, family_name, possible, attended, authorised, unauthorised, unresolved, gaps'),
	format('900001 %s Pupil Example 120 83 17 20 0 0', t.upn(2)), 'and its figures');
select is(t.row('a', :below, :'as_of', 'visits, agreements, letters, missing'), 'an agreement with the family; a reminder letter; a follow-up visit; a home visit; a Notice to Improve whose time is over',
	'and with what is missing');

-- Lanes
select t.fill_weeks(:ill, 900001, '2026-03-02', t.codes('/*72 I*48')) \g /dev/null
select is(t.row('a', :ill, :'as_of', 'percentage, lane, missing ~ $$unauthorised absence$$'), '60.0 support t', '60 % through illness is for support');
update data.pupil set date_of_birth = '2021-06-01' where pupil_id = :young;
select t.fill_weeks(:young, 900001, '2026-03-02', t.codes('/*72 O*48')) \g /dev/null
select is(t.row('a', :young, :'as_of', 'percentage, compulsory_school_age, lane'), '60.0 f support', 'who need not be at school yet is for support');
select is(data.compulsory_age('2021-06-01', d::date), wanted, format('a child of 1 June 2021 on %s', d))
  from (values ('2026-05-31', false), ('2026-08-30', false), ('2026-08-31', true), ('2026-09-01', true)) as v (d, wanted);
select is(data.compulsory_age('2021-08-31', '2026-08-31'), true, 'who becomes five on a prescribed day is of age on it');
select is(data.compulsory_age('2021-09-01', '2026-12-30'), false, 'a day later, at the next');
select is(data.compulsory_age('2021-09-01', '2026-12-31'), true, 'which is 31 December');
select is(data.compulsory_age('2021-01-05', '2026-03-31'), true, 'or 31 March');
select is(data.compulsory_age('2010-09-01', d::date), wanted, format('a child of 1 September 2010 on %s', d))
  from (values ('2026-06-26', true), ('2027-06-25', true), ('2027-06-26', false)) as v (d, wanted);
select is(data.compulsory_age('2010-08-31', d::date), wanted, format('a child of 31 August 2010 on %s', d))
  from (values ('2026-06-26', true), ('2026-06-27', false)) as v (d, wanted);

-- What may still turn out otherwise
select t.fill_weeks(:straddling, 900001, '2026-03-02', t.codes('/*83 O*33 N*4')) \g /dev/null
select is(t.row('a', :straddling, :'as_of', 'percentage, highest, lane, safe_to_refer'), '69.1 72.5 legal f', 'a range that straddles 70 % is not safe yet');
select matches(t.row('a', :straddling, :'as_of', 'missing'), 'the reason of 4 sessions \(N\)', 'and says what is missing');
delete from data.register_week where pupil_id = :straddling;
select t.fill_weeks(:straddling, 900001, '2026-03-02', t.codes('/*83 O*35 N*2')) \g /dev/null
select is(t.row('a', :straddling, :'as_of', 'highest, safe_to_refer'), '70.8 f', 'with two N still: 85 of 120');
delete from data.register_week where pupil_id = :straddling;
select t.fill_weeks(:straddling, 900001, '2026-03-02', t.codes('/*81 O*37 N*2')) \g /dev/null
select is(t.row('a', :straddling, :'as_of', 'highest, safe_to_refer'), '69.1 t', 'a range that is all below is');
update data.register_week set marks = rpad('', 10, '-'), attended = 0, authorised = 0, unauthorised = 0, unresolved = 0
 where pupil_id = :straddling and week = '2026-03-02';
select is(t.row('a', :straddling, :'as_of', 'attended, possible, gaps, lowest, highest, safe_to_refer'), '71 110 10 59.1 69.1 t', 'missing marks count as attended for the highest, as absent for the lowest');

-- Near misses: 84 of 120 would be below; who is far from it would not
select t.fill_weeks(:near, 900001, '2026-03-02', t.codes('/*120')) \g /dev/null
select is(t.listed('a', 900001, :'as_of', true), :'at70' || ' 84/120', 'who would fall below if the next week were missed is told apart');
select matches(t.get('a', format('select rule from api.legal_referral_list(900001, %L, true)', :'as_of'), 'doorstep_reports'),
	'^below 70 % over 3 months, if the next week is missed: 6', 'with what the figure would be');

-- As of a day gone by, what the register has of the week after it is not counted twice
select t.marks(:at70, 900001, '2026-06-01', '/\/\/\/\/\') \g /dev/null
select is(t.listed('a', 900001, :'as_of', true), :'at70' || ' 84/120', 'also when the next week is marked already');
delete from data.register_week where week = '2026-06-01';

-- What was long ago is not there
create function t.lacks(client text, pupil bigint, day date) returns text
language sql return t.row(client, pupil, day, 'missing');
select t.visit(900001, :below, :officer) as visit \gset
insert into data.event (visit_id, school_urn, kind, at, client_id) values (:visit, 900001, 'departed', '2025-05-31T10:00Z', 'a');
select is(t.lacks('a', :below, :'as_of') ~ 'a home visit', false, 'a visit of the year before is there');
select is(t.row('a', :below, :'as_of', 'visits'), '1: 2025-05-31', 'and in the report');
update data.visit set departed_at = '2025-05-30T10:00Z' where visit_id = :visit;
select is(t.lacks('a', :below, :'as_of') ~ 'a home visit', true, 'one before that is not');
insert into data.agreement (school_urn, pupil_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, client_id)
values (900001, :below, '2023-01-10', :officer, 'x', 'cpoms', '2023-01-11', '2023-06-01', 'a') returning agreement_id as agreement \gset
select is(t.lacks('a', :below, :'as_of') ~ 'an agreement', false, 'an agreement that runs still is there, whenever it was made');
update data.visit set departed_at = '2026-05-30T10:00Z', agreement_id = :agreement where visit_id = :visit;
select is(t.lacks('a', :below, :'as_of') ~ 'a follow-up visit', false, 'so is a follow-up visit');
update data.visit set drill = true where visit_id = :visit;
select is(t.lacks('a', :below, :'as_of') ~ 'a follow-up visit.*a home visit', true, 'a drill is neither');
update data.agreement set ended_on = '2023-06-01', ended_by = :officer, end_reason = 'x' where agreement_id = :agreement;
select is(t.lacks('a', :below, :'as_of') ~ 'an agreement', true, 'an agreement that ended over a year before is not there');

-- Who sees it
select is(t.listed('m', null, :'as_of'), 'nobody', 'a client sees the rows of its schools only');
select is(t.listed('m', 900001, :'as_of'), 'DS400', 'and is told so when it asks for another');
select is(t.listed('few', 900001, :'as_of'), 'nobody', 'nor does one without the scope');
select isnt(t.listed('all', null, :'as_of'), 'nobody', 'who sees the trust sees all');

-- A pupil who moved inside the window is counted once, on all marks, at the
-- school where they are now, whichever of them the client sees.
select t.pupil(7, 900002) as moved \gset
update data.enrolment set left_on = '2026-04-12' where pupil_id = :moved;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:moved, 900001, '4', '2026-04-13');
select t.fill_weeks(:moved, 900002, '2026-03-02', t.codes('/*30 O*30')) \g /dev/null
select t.fill_weeks(:moved, 900001, '2026-04-13', t.codes('/*48 I*12')) \g /dev/null
select is(t.row('a', :moved, :'as_of', 'attended, possible, unauthorised, school_urn, lane'), '78 120 30 900001 legal', 'a pupil who moved counts on all marks');
select is(t.get('all', format('select count(*) from api.legal_referral_list(null, %L) where pupil_id = %s', :'as_of', :moved), 'doorstep_reports'), '1', 'and once');
select is(t.listed('m', 900002, :'as_of'), 'nobody', 'the school that they left has them no more');
select is(t.listed('m', 900002, '2026-04-10') ~ ('^|, ' || :moved || ' '), true, 'it had');
-- Dual registration: a session counts once
select t.pupil(8, 900001) as dual \gset
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:dual, 900003, '4', '2026-01-01');
select t.fill_weeks(:dual, 900001, '2026-03-02', t.codes('/*60 D*60')), t.fill_weeks(:dual, 900003, '2026-03-02', t.codes('D*60 O*40 /*20')) \g /dev/null
select is(t.row('all', :dual, :'as_of', 'attended, possible, school_urn'), '80 120 900001', 'of two schools at once, each session counts once, under the rule of the one that has one');

-- Morecambe: attendance that goes on falling, month by month, the month before
-- the first included.
create function t.months(pupil bigint, attended int[], possible int[]) returns void
language sql
return (select count(t.fill_weeks(pupil, 900004, monday, repeat('/', attended[n]) || repeat('O', possible[n] - attended[n])
                                                         || repeat('X', 30 - possible[n])))
          from unnest('{2026-02-02,2026-03-02,2026-04-06,2026-05-04}'::date[]) with ordinality as m (monday, n))::text::void;
select t.pupil(11, 900004) as falls, t.pupil(12, 900004) as rests, t.pupil(14, 900004) as opened, t.pupil(15, 900004) as stops \gset
select t.months(:falls, '{23,27,22,17}', '{25,30,25,20}'), t.months(:rests, '{23,27,18,17}', '{25,30,20,20}'),
       t.months(:stops, '{23,27,22,0}', '{25,30,25,0}') \g /dev/null
select is(t.row('m', :falls, :'as_of', 'rule, clause, percentage, safe_to_refer'), 'falling over 3 months: 92.0, 90.0, 88.0, 85.0 % legal 88.0 t', '92, 90, 88, 85 falls');
select is(t.row('m', :rests, :'as_of', 'rule'), null, '92, 90, 90, 85 does not');
select is((select evidence_from from data.legal_referrals('{900004}', array[:falls], :'as_of', false)), '2026-02-01', 'its evidence begins with the month before');
select is(t.row('m', :falls, :'as_of', 'window_start, window_end, attended, possible'), '2026-03-01 2026-05-31 66 75', 'its sums are those of the three months');
update data.register_week set unauthorised = unauthorised, unresolved = unauthorised, marks = replace(marks, 'O', 'N')
 where pupil_id = :falls and week between '2026-05-04' and '2026-05-25';
select is(t.row('m', :falls, :'as_of', 'rule is not null, safe_to_refer'), 't f', 'with reasons open it falls, but not surely');
select is(t.row('m', :stops, :'as_of', 'rule'), null, 'a month without a possible session is neither lower nor higher');
-- Exact fractions: 2/3 is not lower than 4/6
select t.fill_weeks(:opened, 900004, '2026-02-02', t.codes('/*4 O*2')), t.fill_weeks(:opened, 900004, '2026-03-02', t.codes('/*2 O*1')),
       t.fill_weeks(:opened, 900004, '2026-04-06', t.codes('/*1 O*1')), t.fill_weeks(:opened, 900004, '2026-05-04', t.codes('/*1 O*2')) \g /dev/null
select is(t.row('m', :opened, :'as_of', 'rule'), null, 'two thirds are not lower than four sixths');

-- A policy that is silent, and the rule of the trust
select t.pupil(21, 900003) as silent \gset
select t.fill_weeks(:silent, 900003, '2026-03-02', t.codes('/*60 O*60')) \g /dev/null
select is(t.row('all', :silent, :'as_of', 'rule'), null, 'where the policy is silent nobody is put forward');
select is(t.run('a', $$ select api.referral_rule_add('{"from_on": "2026-01-01", "months": 3, "below_percent": 60, "reason": "x"}') $$), 'DS430',
	'a client of one school sets no rule for the trust');
select is(t.run('all', $$ select api.referral_rule_add('{"from_on": "2026-01-01", "months": 3, "reason": "x"}') $$), 'DS422', 'a rule says something');
select is(t.run('all', $$ select api.referral_rule_add('{"from_on": "2026-01-01", "months": 3, "below_percent": 60, "reason": "Board of 12 December"}') $$), '1 rows', 'the trust sets one');
select is(t.run('all', $$ select api.referral_rule_add('{"from_on": "2026-01-01", "months": 4, "below_percent": 50, "reason": "x"}') $$), 'DS409', 'from a day on there is one');
select is(t.row('all', :silent, :'as_of', 'rule, clause'), 'below 60 % over 3 months trust-default', 'then it holds for schools whose policy is silent');
select is(t.row('all', :silent, '2025-12-31', 'rule'), null, 'from its day on');
select is(t.row('all', :below, :'as_of', 'rule'), 'below 70 % over 3 months', 'and not for those whose policy is not');

-- A referral
create function t.propose(pupil bigint, staff bigint, day date default '2026-05-31', client text default 'a', more jsonb default '{}') returns text
language sql
return t.get(client, format('select id from api.referral_propose(%L)', jsonb_build_object('school_urn', 900001, 'pupil', pupil, 'by', staff,
	'reason', 'Nothing else has helped', 'as_of', day) || more));
select is(t.propose(:at70, :officer), 'DS409', 'who does not meet the rule is not put forward');
select is(t.propose(:falls, :officer), 'DS422', 'nor another school''s pupil');
select is(t.propose(:below, :elsewhere), 'DS422', 'nor by another school''s staff');
select is(t.propose(:below, :officer, '2199-01-01'), 'DS422', 'nor as of a day to come');
select is(t.propose(:below, :officer, client => 'reader'), '42501', 'nor by who only reads');
select t.propose(:below, :officer) as referral \gset
select is(t.get('a', format('select concat_ws($$ $$, state, rule, attended, possible, percentage, lane, safe_to_refer) from api.referral_read(%s)', :referral)),
	'proposed below 70 % over 3 months 83 120 69.1 legal t', 'a referral keeps the rule and its figures');
select is(t.propose(:below, :officer), 'DS409', 'a pupil has one open referral at most');
select is(t.run('m', format('select api.referral_read(%s)', :referral)), '0 rows', 'another school does not see it');
select is(t.run('few', format('select api.referral_read(%s)', :referral)), '0 rows', 'nor who lacks the scope');

create function t.decide(referral text, staff bigint, decision text) returns text
language sql
return t.get('a', format('select state from api.referral_decide(%s, %L)', referral, jsonb_build_object('by', staff, 'decision', decision, 'reason', 'As the file shows')));
create function t.step(referral text, step text, body jsonb) returns text
language sql
return t.get('a', format('select state from api.referral_%s(%s, %L)', step, referral, body));
select is(t.step(:'referral', 'notify', jsonb_build_object('authority', 'x', 'how', 'x', 'by', :officer)), 'DS409', 'nobody is notified before the head has decided');
select is(t.decide(:'referral', :officer, 'refer'), 'DS430', 'the attendance officer does not decide');
select is(t.decide(:'referral', :deputy, 'refer'), 'DS430', 'nor a deputy');
insert into data.delegation (school_urn, from_staff_id, to_staff_id, role, from_on, until_on)
values (900001, :head, :deputy, 'headteacher', '2020-01-01', '2020-12-31');
select is(t.decide(:'referral', :deputy, 'refer'), 'DS430', 'nor one who once stood in for the head');
insert into data.delegation (school_urn, from_staff_id, to_staff_id, role, from_on) values (900001, :head, :deputy, 'headteacher', '2021-01-01');
select is(t.decide(:'referral', :deputy, 'refer'), 'approved', 'who stands in for the head today does');
select is(t.decide(:'referral', :head, 'do_not_refer'), 'DS409', 'and it is decided once');
select is(t.step(:'referral', 'conclude', '{"outcome": "prosecution", "on": "2026-06-01"}'), 'DS409', 'there is no outcome before the authority is notified');
select is(t.step(:'referral', 'notify', jsonb_build_object('authority', 'Example Council, attendance support team', 'how', 'secure e-mail', 'by', :officer,
	'reference', 'EC/1', 'at', '2020-01-01T00:00Z')), 'DS422', 'nor before the decision');
select is(t.step(:'referral', 'notify', jsonb_build_object('authority', 'Example Council, attendance support team', 'how', 'secure e-mail', 'by', :officer)), 'notified', 'the authority is notified');
select is(t.step(:'referral', 'conclude', jsonb_build_object('outcome', 'support', 'on', current_date)), 'concluded', 'and has an outcome');
select is(t.step(:'referral', 'withdraw', jsonb_build_object('by', :head, 'reason', 'x')), 'DS409', 'what is concluded is not withdrawn');
select t.propose(:below, :officer) as again \gset
select is(t.decide(:'again', :head, 'do_not_refer'), 'refused', 'the head may decide against it, with reasons');
select t.propose(:below, :officer) as third \gset
select is(t.step(:'third', 'withdraw', jsonb_build_object('by', :head, 'reason', 'They moved')), 'withdrawn', 'a referral is withdrawn, with a reason');
-- Who has moved on is not put forward by the former school, nor does its file tell where they are
select t.propose(:below, :officer) as moves \gset
savepoint moved;
update data.pupil set address = '1 New Street' where pupil_id = :below;
update data.enrolment set left_on = data.day_of(now()) - 1 where pupil_id = :below and school_urn = 900001;
select matches(data.evidence_people(r)::text, 'New Street.*contact', 'what is frozen of a family says where they live') from data.referral r where r.referral_id = :moves;
select is(t.step(:'moves', 'withdraw', jsonb_build_object('by', :head, 'reason', 'Anew')), 'withdrawn', 'while nobody else has the pupil');
select isnt(t.propose(:below, :officer), 'DS422', 'the last school may put them forward for then');
rollback to savepoint moved;
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:below, 900002, data.day_of(now()));
update data.pupil set address = '1 New Street' where pupil_id = :below;
update data.enrolment set left_on = data.day_of(now()) - 1 where pupil_id = :below and school_urn = 900001;
select unalike(data.evidence_people(r)::text, '%New Street%', 'once another school has, the former one is not told') from data.referral r where r.referral_id = :moves;
select unalike(data.evidence_people(r)::text, '%<contact%', 'nor whom to reach') from data.referral r where r.referral_id = :moves;
select is(t.decide(:'moves', :head, 'refer'), 'DS409', 'which decides no more that they are referred');
select is(t.step(:'moves', 'withdraw', jsonb_build_object('by', :head, 'reason', 'Anew')), 'withdrawn', 'it can withdraw');
select is(t.propose(:below, :officer), 'DS422', 'and puts nobody forward whom another school has');
rollback to savepoint moved;
select t.step(:'moves', 'withdraw', jsonb_build_object('by', :head, 'reason', 'Anew')) \gset
-- Not safe: decided when what is open is settled
update data.register_week set marks = replace(marks, 'O', 'N'), unresolved = unauthorised where pupil_id = :straddling;
select t.propose(:straddling, :officer) as unsafe \gset
select is(t.get('a', format('select safe_to_refer from api.referral_read(%s)', :unsafe)), 'false', 'one that is not safe can be proposed');
select is(t.decide(:'unsafe', :head, 'refer'), 'DS409', 'but not referred');
select is(t.get('a', format('select array_to_string(array(select json_array_elements_text(missing)), $$; $$) ~ $$reason of$$ from api.referral_read(%s)', :unsafe)), 'true', 'it says what is missing');
select * from finish();
rollback;
