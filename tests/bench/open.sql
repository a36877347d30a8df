-- For the bench, after fill.sql: :open visits that are out under a policy with
-- a check-in call, over 44 schools, and as many under no policy, of the 45th.
-- They are numbered on from :visits, and nothing of them is due for an hour.
set session_replication_role = replica;
insert into data.adoption (school_urn, follows_from, policy_code)
select 100000 + n, '-infinity', 'potton' from generate_series(1, 44) n;
create temp table out as
select :visits + n as visit_id, n <= :open as is_followed, k, 100001 + k as school_urn, n
  from generate_series(1, 2 * :open) n, lateral (select case when n <= :open then n % 44 else 44 end as k) at;
insert into data.visit (visit_id, school_urn, purpose, planned_start, planned_end, address, postcode, announced,
                        parents_told_by, parents_agreed, necessity, plan, state, approved_at, departed_at, arrived_at)
select visit_id, school_urn, 'attendance', t + interval '1 hour', t + interval '2 hours', n || ' Example Street',
       'ZZ1 1ZZ', true, 'phone', true, 'Calls have not helped.', 'attendance', 'arrived', t - interval '1 hour',
       t - interval '20 minutes', t - interval '5 minutes'
  from out, lateral (select date_trunc('second', now()) as t) at;
insert into data.visit_pupil (visit_id, school_urn, pupil_id, position)
select visit_id, school_urn, 45 + k + 45 * (n % 500), 1 from out;
insert into data.team_member (visit_id, school_urn, position, staff_id, lead, phone)
select visit_id, school_urn, position, 45 + k + 45 * ((n + position) % 15), position = 1, '07700 900123'
  from out, generate_series(1, 2) as position;
insert into data.event (visit_id, school_urn, kind, at, client_id)
select visit_id, school_urn, kind::data.event_kind, case kind when 'departed' then departed_at else arrived_at end, 'bench'
  from out join data.visit using (visit_id, school_urn), unnest(array['departed', 'arrived']) as kind;
select count(*) from (select duty.weigh(visit_id) from out) as weighed \g /dev/null
set session_replication_role = origin;
select count(*) from data.duty where clause = 'check-in-call' and open;
analyze;
