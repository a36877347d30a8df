-- The register of the trust of fill.sql for the report on legal referrals, straight
-- into the tables and the same at every run.  weeks: the Mondays of all years, as
-- an array; year: in which the last of them began; as_of: the day of the report.
-- Run by a superuser.
--
-- Half of the schools follow Potton, four Morecambe, the others a policy that
-- states no rule.  A pupil stays for seven years and then makes room for another;
-- one in a hundred moves to the next school within the window, and one in two
-- hundred is on the roll of that as well.  One in 67 misses a third and more.
set session_replication_role = replica;
insert into data.adoption (school_urn, follows_from, policy_code)
select s.urn, '-infinity', case when s.urn <= 100022 then 'potton' when s.urn <= 100026 then 'morecambe' else 'tkat' end
  from data.school s;

insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth)
select n, data.upn_check_letter(body) || substr(body, 2), 'Given' || n, 'Family' || n, '2013-01-01'
  from generate_series(27001, 54000) n,
       lateral (select 'A900' || lpad((n / 1000)::text, 4, '0') || '20' || lpad((n % 1000)::text, 3, '0') as body) b;
insert into data.enrolment (pupil_id, school_urn, admitted_on, left_on)
select e.pupil_id + 27000, e.school_urn, make_date(:year - 7 - k.age, 9, 1), make_date(:year - k.age, 7, 31)
  from data.enrolment e, lateral (select e.pupil_id::int / 45 % 7 as age) as k;
update data.enrolment e
   set admitted_on = make_date(:year - pupil_id::int / 45 % 7, 9, 1),
       left_on = case when pupil_id % 100 = 3 then :'as_of'::date - 40 end
 where pupil_id <= 27000;
insert into data.enrolment (pupil_id, school_urn, admitted_on)
select n, 100001 + (n + 1) % 45, :'as_of'::date - case when n % 100 = 3 then 39 else 30 end
  from generate_series(1, 27000) as n where n % 100 = 3 or n % 200 = 7;

-- What was done about those who miss much.
update data.visit v set planned_start = planned_start + m.by, planned_end = planned_end + m.by,
       departed_at = departed_at + m.by, arrived_at = arrived_at + m.by, left_at = left_at + m.by, returned_at = returned_at + m.by
  from (select make_interval(days => :'as_of'::date - '2024-03-01') as by) as m;
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id)
select v.visit_id, v.school_urn, 1, v.returned_at, 'spoke_at_door', 'All is well.', 'attendance_file', 'bench' from data.visit v where v.visit_id % 3 > 0;
insert into data.agreement (school_urn, pupil_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, client_id)
select 100001 + n % 45, n, d, 1, 'The parents', 'attendance_file', d, d + 30, 'bench'
  from generate_series(1, 27000) as n, lateral (select :'as_of'::date - 100 - n % 50 as d) as at where n % 5 = 0 or n % 67 = 0;
insert into data.letter (school_urn, pupil_id, kind, agreement_id, round, recipients, subject, text, figures, by_staff_id,
                         sent_on, sent_by, page, page_sha256, client_id)
select a.school_urn, a.pupil_id, 'reminder', a.agreement_id, 1, '[{}]', 'Attendance', 'A reminder.', '{}', 1,
       a.made_on + 20, 'post', 'A page.', '', 'bench' from data.agreement a where a.pupil_id % 3 > 0;

-- Weeks with none to ten sessions missed one after another, 200 of each.
create schema bench;
select setseed(0.5);
create table bench.week as
select v.n, (select string_agg(case when i > v.since and i <= v.since + v.missed then v.code when random() < 0.01 then 'L'
                                    when random() < 0.002 then '-' when i % 2 = 1 then '/' else '\' end, '' order by i)
               from generate_series(1, 10) as i where v.n >= 0) as marks
  from (select n, n / 200 as missed, floor(random() * (11 - n / 200))::int as since,
               substr('IIIIIIIIIIMMMOOOGGECXN', 1 + floor(random() * 22)::int, 1) as code
          from generate_series(0, 2199) as n) as v;
create table bench.sessions as select * from data.mark_sessions((select array_agg(distinct marks) from bench.week));
analyze bench.week, bench.sessions;

-- Of each pupil and week, which of them; from a hash, for random() asks for an order.
create function bench.week_of(pupil bigint, week date) returns int
language sql immutable
return (select (h.n & 255) % 200 + 200 * case when (h.n >> 8 & 65535) / 65536.0 < h.rate / 0.55 then 1 + (h.n >> 24 & 1023) % 10 else 0 end
  from (select hashint8extended(pupil, week - date '2000-01-03') as n,
               case when pupil % 67 = 0 then 0.33 + 0.3 * r else 0.02 + 0.15 * r ^ 3 end as rate
          from (select (hashint8extended(pupil, 0) & 65535) / 65536.0 as r) as random) as h);

insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised, unresolved,
                                not_possible, administrative)
select e.pupil_id, w.week, e.school_urn, s.*
  from unnest(:'weeks'::date[]) as w (week)
       join data.enrolment e on e.admitted_on <= w.week + 4 and (e.left_on is null or e.left_on >= w.week)
       join bench.week b on b.n = bench.week_of(e.pupil_id, w.week)
       join bench.sessions s on s.marks = b.marks
 order by w.week, e.school_urn, e.pupil_id;
insert into data.school_week (school_urn, week, held, marked)
select w.school_urn, w.week, 1023, count(*)
  from data.register_week w
       join data.enrolment e on e.pupil_id = w.pupil_id and e.school_urn = w.school_urn
                            and e.admitted_on <= w.week + 4 and (e.left_on is null or e.left_on >= w.week)
 group by w.school_urn, w.week;
set session_replication_role = origin;
vacuum (analyze);

-- The same as one row for each mark, of the years from :first on.
create table bench.mark (
	pupil_id bigint not null, school_urn int not null, day date not null, session data.session not null, code text not null,
	attended boolean not null, possible boolean not null);
insert into bench.mark
select w.pupil_id, w.school_urn, w.week + i / 2, data.session_of(i), substr(w.marks, i + 1, 1),
       w.attended >> i & 1 = 1, (w.attended | w.authorised | w.unauthorised) >> i & 1 = 1
  from data.register_week w, generate_series(0, 9) as i
 where w.week >= :'first';
create index on bench.mark (day);
vacuum (analyze) bench.mark;
