-- Who may read which part of the trail.
begin;
\ir helpers.sql
select plan(18);
select t.school(900001, 'potton'), t.school(900002, 'tkat'), t.client('a', '{900001}', '{audit:read,visits:read}'), t.client('b', '{900002}', '{audit:read,visits:read}'),
       t.client('reader', '{900001}', '{audit:read,visits:read,pupils:read}'), t.client('few', '{900001}', '{visits:read}'),
       t.client('trust', null, '{visits:read}') \gset
select t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as other \gset
select t.visit(900001, :pupil, :staff) as visit, t.contact(:pupil) \gset
update data.visit set address = '2 Example Street' where visit_id = :visit;
update data.pupil set address = '3 Example Street' where pupil_id = :pupil;

create function t.trail(client text, kind text, id bigint, columns text default '"column"') returns text
language sql
return t.get(client, format('select coalesce(string_agg(concat_ws($$ $$, %s), $$; $$ order by entry_id), $$nothing$$) from audit.trail_of(%L, %s) where action = $$update$$',
	columns, kind, id), 'doorstep_reports');
select is(t.trail('a', 'visit', :visit), 'address', 'a trail says what was changed');
select is(t.trail('a', 'visit', :visit, 'was, is_now'), '1 Example Street 2 Example Street', 'from what, to what, to who may read the record');
select is(t.trail('a', 'pupil', :pupil, '"column", was, is_now'), 'address', 'to who may not, only that it was changed');
select is(t.trail('reader', 'pupil', :pupil, '"column", was, is_now'), 'address 3 Example Street', 'who may read it hears what it is now');
select is(t.trail('b', 'visit', :visit), 'DS404', 'another school reads nothing of it');
select is(t.trail('few', 'visit', :visit), 'DS404', 'nor does one without the scope');
select is(t.trail('a', 'visit', 999999), 'DS404', 'there is none of what is not there');
select is(t.trail('a', 'auth.client', 1), 'DS404', 'nor of what has no trail to be asked for');
select is(t.trail('a', 'pupil', :other), 'DS404', 'nor of a pupil of another school');
select is(t.run('a', 'select * from audit.entry', 'doorstep_reports'), '42501', 'nobody reads the trail past these functions');

create function t.saw(client text, resource text, filters jsonb default '{}', day timestamptz default '2026-01-13') returns void
language sql
begin atomic
	insert into audit.access (at, client_id, request_id, resource, filters, format, row_count) values (day, client, 'r', resource, filters, 'csv', 1);
end;
create function t.access(client text, pupil bigint) returns text
language sql
return t.get(client, format('select string_agg(resource || $$ $$ || how, $$; $$ order by access_id) from audit.access_to(%s, $$2026-01-01$$, $$2026-01-31$$)', pupil), 'doorstep_reports');
select t.saw('few', '/api/v1/pupils/' || :pupil || '/attendance'), t.saw('few', '/api/v1/pupils/' || :pupil || '1/attendance'),
       t.saw('few', '/api/v1/visits/' || :visit), t.saw('few', '/api/v1/letters.csv', jsonb_build_object('pupil', :pupil)),
       t.saw('few', '/api/v1/letters.csv', jsonb_build_object('pupil', :other)), t.saw('few', '/api/v1/reports/audit-trail',
       jsonb_build_object('record', 'visit', 'id', :visit::text)), t.saw('few', '/api/v1/reports/audit-trail', '{"record": "visit", "id": "999999"}') \g /dev/null
select is(t.access('a', :pupil), format('/api/v1/pupils/%s/attendance named; /api/v1/visits/%s named; /api/v1/letters.csv named; /api/v1/reports/audit-trail named', :pupil, :visit),
	'who was named, by path, record or filter');
alter table audit.access disable trigger user;
delete from audit.access;
alter table audit.access enable trigger user;
select t.saw('few', '/api/v1/visits.csv'), t.saw('b', '/api/v1/visits.json'), t.saw('trust', '/api/v1/reports/visit-log.xml'),
       t.saw('trust', '/api/v1/visits.csv', '{"school": "900002"}'), t.saw('trust', '/api/v1/pupils.csv', '{"school": "900001"}') \g /dev/null
select is(t.access('a', :pupil), '/api/v1/visits.csv in a list; /api/v1/reports/visit-log.xml in a list; /api/v1/pupils.csv in a list', 'and which lists may have had them');
select t.saw('few', '/api/v1/visits.ndjson', '{"made": "for them"}') \g /dev/null
select is(t.access('a', :pupil) ~ 'ndjson', false, 'what was made for somebody they have not seen yet');
select t.saw('few', '/api/v1/agreements.csv', '{"export": "1", "made_at": "2026-01-09T10:00:00Z"}') \g /dev/null
select is(t.access('b', :pupil), 'DS404', 'another school asks in vain');
select is(t.access('few', :pupil), 'DS404', 'and who lacks the scope');
update data.enrolment set left_on = '2026-01-10' where pupil_id = :pupil;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:pupil, 900002, '4', '2026-01-12');
select is(t.access('a', :pupil), '/api/v1/agreements.csv in a list', 'what was seen at the next school is not told to the one before; what was in a file is of the day when it was made');
select matches(t.access('b', :pupil), '/api/v1/visits.json in a list', 'but to that one');
select is(t.run('a', format('select * from audit.access_to(%s, $$2026-01-01$$, $$2026-01-31$$)', :pupil), 'doorstep_records'), '42501', 'the program reports alone asks');
select * from finish();
rollback;
