-- Some rows of every table, as the release of 0000.sql took them: a visit in
-- each state, a school with a policy, and the trail of it all.
\set ON_ERROR_STOP on
set timezone = 'UTC';
begin;
insert into data.school (urn, laestab, name, phase, policy) values
	(900001, '8000001', 'With a policy', 'primary', 'tkat'),
	(900002, '8000002', 'With the same', 'secondary', 'tkat'),
	(900003, '8000003', 'With its own', 'special', 'our-own-policy'),
	(900004, '8000004', 'With none', 'all_through', null);
insert into data.post (staff_id, school_urn, roles) values
	(1, 900001, '{headteacher,dsl}'), (2, 900001, '{}'), (3, 900003, '{compliance_officer,visitor}');
insert into data.staff (staff_id, staff_code, given_name, family_name, phone) overriding user value values
	(default, 'S1', 'Amal', 'Head', '020 7946 0001'), (default, 'S2', 'Bo', 'Visitor', null),
	(default, 'S3', 'Cai', 'Officer', null);
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on) values
	(1, 900001, 'R', '2020-09-01', null), (1, 900002, '7', '2018-09-01', '2019-07-20');
insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth, address)
values (default, 'B801200005001', 'Dee', 'Pupil', '2015-01-01', '1 High Street');
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility)
values (1, 'Eve', 'Pupil', 'mother', true);
insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced, parents_told_by,
                        created_at)
select 900001, 'attendance', at, at + interval '1 hour', '1 High Street', n <> 2,
       case when n <> 2 then 'phone'::data.telling end, at - interval '1 day'
  from generate_series(1, 7) n, lateral (select timestamptz '2025-03-03T09:30Z' + n * interval '1 day') as day (at);
insert into data.visit_pupil (visit_id, school_urn, pupil_id, position)
select visit_id, school_urn, 1, 1 from data.visit;
insert into data.team_member (visit_id, school_urn, position, staff_id, name, organisation, lead)
select visit_id, school_urn, 1, 2, null, null, true from data.visit
 union all
select visit_id, school_urn, 2, null, 'Flo Social', 'Council', false from data.visit;
commit;

select auth.client_create('office', 'The office', '{visits:read,visits:write}', '{900001}') as secret \gset
begin;
select auth.token_issue('office', encode(sha256(:'secret'::bytea), 'hex'), repeat('ab', 32), null, 3600);
select auth.begin(repeat('ab', 32), 'visits:write', 'request-1');
select audit.access_append('visits', '{"state": "planned"}', 'csv', 7);
insert into data.idempotency (client_id, key, request_hash, status, body)
values ('office', 'k', sha256('x'), 201, '{}');
-- Visit 1 stays planned; 7 is called off on the way.
insert into data.event (visit_id, school_urn, kind, at, note, client_id)
select v.visit_id, v.school_urn, e.kind, v.planned_start + e.place * interval '10 minutes',
       case when e.kind in ('cancelled', 'note') then 'Said why' end, 'office'
  from (values (2, 1, 'departed'::data.event_kind),
               (3, 1, 'departed'), (3, 2, 'arrived'),
               (4, 1, 'departed'), (4, 2, 'arrived'), (4, 3, 'left'), (4, 4, 'note'), (4, 5, 'note'),
               (5, 1, 'departed'), (5, 2, 'arrived'), (5, 3, 'left'), (5, 4, 'returned'),
               (6, 0, 'cancelled'),
               (7, 1, 'departed'), (7, 2, 'cancelled'), (7, 3, 'returned')) as e (visit, place, kind)
  join data.visit v on v.visit_id = e.visit
 order by e.visit, e.place;
update data.contact set phone = '07700 900001';
commit;
