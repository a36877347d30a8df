-- A visit log of :visits rows for the bench, straight into the tables: 45
-- schools, 27,000 pupils, 900 staff.  Run by a superuser on a fresh schema.
set session_replication_role = replica; -- no audit entries, no deferred checks: not what is measured
insert into data.school (urn, laestab, name, phase)
select 100000 + n, (9000000 + n)::text, 'School ' || n, 'primary' from generate_series(1, 45) n;
insert into data.staff (staff_id, staff_code, given_name, family_name)
select n, 'S' || n, 'Given' || n, 'Family' || n from generate_series(1, 900) n;
insert into data.post (staff_id, school_urn, roles)
select n, 100001 + n % 45, '{visitor}' from generate_series(1, 900) n;
insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth)
select n, data.upn_check_letter(body) || substr(body, 2), 'Given' || n, 'Family' || n, '2015-01-01'
  from generate_series(1, 27000) n, lateral (select 'A900' || lpad((n / 1000)::text, 4, '0') || '20' || lpad((n % 1000)::text, 3, '0') as body) b;
insert into data.enrolment (pupil_id, school_urn, admitted_on)
select n, 100001 + n % 45, '2020-09-01' from generate_series(1, 27000) n;
insert into data.visit (visit_id, school_urn, purpose, planned_start, planned_end, address, postcode, announced,
                        state, departed_at, arrived_at, left_at, returned_at)
select n, 100001 + n % 45, 'attendance', t, t + interval '30 minutes', n || ' Example Street', 'ZZ1 1ZZ', true,
       'returned', t - interval '10 minutes', t, t + interval '30 minutes', t + interval '40 minutes'
  from generate_series(1, :visits) n, lateral (select timestamptz '2024-01-01 09:00Z' + n * interval '5 minutes' as t) at;
insert into data.visit_pupil (visit_id, school_urn, pupil_id, position)
select n, 100001 + n % 45, 45 + n % 45 + 45 * (n % 500), 1 from generate_series(1, :visits) n;
insert into data.team_member (visit_id, school_urn, position, staff_id, lead, phone)
select n, 100001 + n % 45, 1, 45 + n % 45 + 45 * (n % 15), true, '07700 900123' from generate_series(1, :visits) n;
insert into data.team_member (visit_id, school_urn, position, name, organisation, role)
select n, 100001 + n % 45, 2, 'Outside Professional', 'Children''s services', 'social worker'
  from generate_series(1, :visits) n;
set session_replication_role = origin;
analyze;
