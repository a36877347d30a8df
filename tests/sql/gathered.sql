-- Subject access: what is gathered of whom, from where, and who may see it.
begin;
\ir helpers.sql
\ir fill.sql
select plan(46);

\set scopes {subject:read,subject:write,visits:read,visits:write,pupils:read,contacts:read,records:read,concerns:read,incidents:read,risk:read,checks:read,alarms:read,attendance:read,agreements:read,referrals:read,audit:read}
select t.school(900001), t.school(900002), t.client('all', null, :'scopes'), t.client('a', '{900001}', :'scopes'), t.client('b', '{900002}', :'scopes'),
       t.client('alarms', '{900001}', '{subject:read,subject:write,visits:read,alarms:read}'),
       t.client('concerns', '{900001}', '{subject:read,subject:write,visits:read,concerns:read}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as other, t.staff('A1', 900001) as staff, t.staff('A2', 900001) as second \gset
select t.contact(:pupil) as contact, t.visit(900001, :pupil, :staff) as visit, t.visit(900001, :other, :staff) as elsewhere \gset

-- As a client that gathers: the number of the request, or why not
create function t.ask(client text, kind text, id bigint, by bigint) returns bigint
language plpgsql
as $$
declare
	made bigint;
begin
	perform auth.begin(t.hash('token of ' || client), 'subject:write', 'request-1');
	made := data.subject_gather(jsonb_build_object('subject', kind, 'id', id, 'received_on', '2026-01-20', 'requester', 'x', 'by', by));
	perform set_config('doorstep.token', '', true);
	return made;
end;
$$;
create function t.has(request bigint, kind text, what text) returns bigint -- items of this kind that say so
language sql
return (select count(*) from data.subject_item i where i.request_id = request and i.kind = has.kind and i.content::text ~ what);

-- Agreements and referrals
insert into data.agreement (school_urn, pupil_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, client_id)
values (900001, :pupil, '2026-01-13', :staff, 'Parent', 'cpoms', '2026-01-14', '2026-06-01', 'a') returning agreement_id as agreement \gset
insert into data.duty (agreement_id, school_urn, policy_version_id, clause, scope, applies, missing)
select :agreement, 900001, c.policy_version_id, c.clause, 'agreements', true, 'A reminder of Orsino'
  from data.clause c where c.policy_version_id = data.policy_of(900001, current_date) limit 1 returning duty_id as duty \gset
insert into data.deviation (agreement_id, school_urn, clause, kind, by_staff_id, reason, at, client_id)
values (:agreement, 900001, 'a-clause', 'waived', :staff, 'For Orsino it is waived', now(), 'a');
insert into data.referral (school_urn, pupil_id, rule, clause, as_of, window_start, window_end, evidence_from, figures, lane, safe_to_refer,
                           missing, proposed_by, proposed_at, reason, client_id)
values (900001, :pupil, 'x', 'x', current_date, current_date, current_date, current_date, '{}', 'legal', true, '{}', :staff, now(), 'x', 'a')
returning referral_id as referral \gset
insert into data.notification (school_urn, visit_id, cause, scope, subject, duty_id, words, roles, due_at) values
	(900001, null, 'duty', 'agreements', 'step:' || :duty, :duty, 'Call Orsino.', '{office}', now()),
	(900001, null, 'evidence', 'referrals', 'evidence:' || :referral, null, 'A mark of Orsino changed.', '{office}', now()),
	(900001, :visit, 'duty', 'concerns', 'duty:1', null, 'A concern on Orsino.', '{office}', now());

-- What was done about a concern and an incident, or let be
create function t.clause_of(scope text) returns text -- the first clause of the school's policy whose kind takes it
language sql
return (select c.clause from data.clause c join data.clause_kind k using (kind)
         where c.policy_version_id = data.policy_of(900001, current_date) and k.scope = clause_of.scope order by c.position limit 1);
insert into data.event (visit_id, school_urn, kind, at, note, by_staff_id, clause, client_id) values
	(:visit, 900001, 'done', now(), 'Olivia: the lead was told, Parent Example, too.', :second, t.clause_of('concerns'), 'a'),
	(:visit, 900001, 'done', now(), 'Olivia: the head was told.', :second, t.clause_of('incidents'), 'a'),
	(:visit, 900001, 'note', now(), 'Olivia: a note.', :second, null, 'a');
insert into data.deviation (visit_id, school_urn, clause, kind, by_staff_id, reason, at, client_id) values
	(:visit, 900001, t.clause_of('concerns'), 'waived', :second, 'Olivia need not be told.', now(), 'a'),
	(:visit, 900001, 'a-clause', 'waived', :second, 'Olivia asked for it.', now(), 'a');

-- The trail: an address before, a visit's, the team's; a pupil who was taken off a visit; a comment on a mark
update data.pupil set address = 'Illyria Road' where pupil_id = :pupil;
update data.pupil set address = 'Other Road' where pupil_id = :pupil;
update data.visit set address = 'Elsewhere Lane' where visit_id = :visit;
update data.agreement set barriers = 'Malvolio' where agreement_id = :agreement;
update data.agreement set barriers = null where agreement_id = :agreement;
update data.contact set phone = '07700900001' where contact_id = :contact;
update data.contact set phone = null where contact_id = :contact;
insert into data.visit_pupil values (:elsewhere, 900001, :pupil, 2);
delete from data.visit_pupil where visit_id = :elsewhere and pupil_id = :pupil;
update data.team_member set lead = false where visit_id = :visit;
insert into data.team_member (visit_id, school_urn, position, staff_id, lead) values (:visit, 900001, 2, :second, true);
delete from data.team_member where visit_id = :visit and position = 2;
update data.team_member set lead = true where visit_id = :visit;
insert into data.mark_note (pupil_id, day, session, school_urn, comment) values
	(:pupil, '2026-01-05', 'AM', 900001, 'Sebastian came late'), (:other, '2026-01-05', 'AM', 900001, 'Of another pupil');
update data.mark_note set comment = upper(comment);
delete from data.mark_note;

-- Looks at the trail, and at what has no page of its own
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id)
values (:visit, 900001, :pupil, :staff, now(), 'x', false, 'a') returning concern_id as concern \gset
insert into audit.access (client_id, request_id, resource, filters, format, row_count) values
	('a', 'look-1', '/api/v1/reports/audit-trail', jsonb_build_object('record', 'visit', 'id', :visit::text), 'csv', 1),
	('a', 'look-2', '/api/v1/reports/audit-trail', jsonb_build_object('record', 'concern', 'id', :concern::text), 'csv', 1),
	('a', 'look-3', '/api/v1/reports/audit-trail', jsonb_build_object('record', 'visit', 'id', '999999'), 'csv', 1),
	('a', 'look-4', '/api/v1/visits.csv', jsonb_build_object('pupil', :pupil::text), 'csv', 1),
	('a', 'look-5', '/api/v1/visits/' || :visit, '{}', 'json', 1), ('a', 'look-6', '/api/v1/visits/' || :visit || '0', '{}', 'json', 1);

select t.ask('a', 'pupil', :pupil, :staff) as request \gset
select is(t.has(:request, 'duty', 'Orsino'), 1::bigint, 'a duty of an agreement is gathered, once');
select is(t.has(:request, 'deviation', 'Orsino'), 1::bigint, 'what was waived of it');
select is(t.has(:request, 'notification', 'Call Orsino'), 1::bigint, 'who was told of it');
select is(t.has(:request, 'notification', 'mark of Orsino'), 1::bigint, 'and of the evidence of a referral');
select is(t.has(:request, 'entry', 'Illyria Road'), 1::bigint, 'what was said of the pupil before');
select is(t.has(:request, 'entry', '1 Example Street'), 1::bigint, 'where a visit was to be before');
select is(t.has(:request, 'entry', 'Malvolio'), 1::bigint, 'what an agreement said before');
select is(t.has(:request, 'entry', '07700900001'), 1::bigint, 'how a contact could be reached before');
select is(t.has(:request, 'entry', format('"visit id: %s, pupil id: %s"', :elsewhere, :pupil)) + t.has(:request, 'entry', format('"pupil id: %s, visit id: %s"', :pupil, :elsewhere)),
	1::bigint, 'that the pupil was taken off a visit');
select is(t.has(:request, 'entry', format('staff id: %s\M', :second)), 1::bigint, 'who was taken out of the team of a visit');
select is(t.has(:request, 'entry', 'Sebastian came late'), 1::bigint, 'a comment on a mark that is changed');
select is(t.has(:request, 'entry', 'SEBASTIAN CAME LATE'), 2::bigint, 'and one that is gone');
select is(t.has(:request, 'entry', '(?i)another pupil'), 0::bigint, 'but none of another pupil');
select set_eq(format($$ select f ->> 'value' from data.subject_item i, jsonb_array_elements(i.content) f
	where i.request_id = %s and i.kind = 'access' and f ->> 'field' = 'request_id' $$, :request), '{look-1,look-2,look-4,look-5}'::text[],
	'who looked at the pupil''s records, by path, by filter and at their trail');
select is_empty(format($$ select i.record from data.subject_item i where i.request_id = %s group by i.record, i.content having count(*) > 1 $$, :request),
	'nothing is gathered twice');

select is((select sum((e.after ->> 'items')::bigint) from audit.entry e where e.record = 'data.subject_item' and e.key = jsonb_build_object('request_id', :request)),
	(select count(*)::numeric from data.subject_item where request_id = :request), 'the trail has how much was gathered, of which school');

-- Scopes
select set_eq(format($$ select distinct scopes::text from data.subject_item where request_id = %s and kind in ('notification', 'duty') and content::text ~ 'Orsino' $$, :request),
	'{"{agreements}","{agreements,alarms}","{alarms,referrals}","{alarms,concerns}"}'::text[], 'what takes a scope of its own takes that of its source besides');
select is(t.get('alarms', format($$ select count(*) from data.subject_item where request_id = %s and content::text ~ 'concern on Orsino' $$, :request)), '0',
	'who reads alarms alone sees no alarm of a concern');
select is(t.get('concerns', format($$ select count(*) from data.subject_item where request_id = %s and content::text ~ 'concern on Orsino' $$, :request)), '0',
	'nor who reads concerns alone');
select is(t.get('a', format($$ select count(*) from data.subject_item where request_id = %s and content::text ~ 'concern on Orsino' $$, :request)), '1', 'who reads both does');
create function t.takes(request bigint, kind text, what text) returns text -- the scopes of items of this kind that say so
language sql
return (select string_agg(array_to_string(i.scopes, '+'), ' ' order by i.item_no) from data.subject_item i
         where i.request_id = request and i.kind = takes.kind and i.content::text ~ what);
select is(t.takes(:request, 'event', 'Olivia'), 'concerns+visits incidents+visits visits', 'so does what was done about a concern or an incident');
select is(t.takes(:request, 'deviation', 'Olivia'), 'concerns+visits visits', 'and that it was let be');
select is(t.takes(:request, 'deviation', 'Orsino'), 'agreements', 'of an agreement what was waived takes its own');
select is(t.get('alarms', format($$ select count(*) from data.subject_item where request_id = %s and content::text ~ 'Olivia' $$, :request)), '2',
	'who reads visits alone sees no more of it than of the visit');
select is(t.get('concerns', format($$ select count(*) from data.subject_item where request_id = %s and content::text ~ 'Olivia' $$, :request)), '4',
	'who reads concerns sees what was done about them');
select is(t.takes(t.ask('a', 'contact', :contact, :staff), 'event', 'Olivia'), 'concerns+visits', 'of a contact likewise');
select t.ask('a', 'staff', :second, :staff) as of_second \gset
select is((select string_agg(array_to_string(i.scopes, '+'), ' ' order by i.scopes) from data.subject_item i
	where i.request_id = :of_second and i.kind in ('event', 'deviation')),
	'concerns+visits concerns+visits incidents+visits visits visits', 'and of who did it');
select set_eq(format('select unnest(scopes) from data.subject_request where request_id = %s', :request),
	format('select distinct unnest(scopes) from data.subject_item where request_id = %s', :request), 'the request has the scopes of all items');
select is(t.get('a', format('select data.subject_scopes_missing(%s)', :request)), '{}', 'who has them all lacks none');
select is(t.get('concerns', format('select array_to_string(data.subject_scopes_missing(%s), $$ $$) ~ $$alarms:read$$', :request)), 'true', 'who lacks one hears which');

-- What lifts a redaction is seen by who may see that one
insert into data.redaction (request_id, item_no, reason, note, by_staff_id, client_id)
select :request, item_no, 'third_party', 'names Orsino', :staff, 'a' from data.subject_item where request_id = :request and kind = 'concern'
returning redaction_id as redaction \gset
insert into data.redaction (request_id, words, reason, by_staff_id, client_id) values (:request, 'Orsino', 'third_party', :staff, 'a') returning redaction_id as everywhere \gset
insert into data.redaction (request_id, lifts, note, by_staff_id, client_id)
values (:request, :redaction, 'Orsino agreed', :staff, 'a'), (:request, :everywhere, 'Orsino agreed', :staff, 'a');
select is(t.get('alarms', format('select count(*) from data.redaction where request_id = %s', :request)), '0', 'who may not read the item reads no note of the lifting');
select is(t.get('concerns', format('select count(*) from data.redaction where request_id = %s', :request)), '2', 'who may reads it, and nothing on words of all items');
select is(t.get('a', format('select count(*) from data.redaction where request_id = %s', :request)), '4', 'who reads all reads all');

-- Rejected rows have the school that they tell of
insert into data.import (kind, mode, dry_run, client_id, request_id, file_hash)
values ('pupils', 'all', false, 'b', 'r', sha256('x')) returning import_id as import \gset
insert into data.import_rejection (import_id, position, line, detail, said) values (:import, 1, 2, 'is wrong', jsonb_build_object('upn', ' ' || lower(t.upn(1)), 'school_urn', '900001'));
select is(t.has(t.ask('a', 'pupil', :pupil, :staff), 'import rejection', 'is wrong'), 1::bigint, 'a rejected row of the pupil''s school is gathered');
select is((select school_urn from data.subject_item where kind = 'import rejection' order by request_id desc limit 1), 900001, 'with its school');
savepoint rejected;
update data.import_rejection set said = said || '{"school_urn": "900002"}' where import_id = :import;
select throws_ok(format('select t.ask($$a$$, $$pupil$$, %s, %s)', :pupil, :staff), 'DS409', null, 'one of another school is not handed over');
select is(t.has(t.ask('all', 'pupil', :pupil, :staff), 'import rejection', 'is wrong'), 1::bigint, 'but to who sees all');
update data.import_rejection set said = said || '{"school_urn": "no number"}' where import_id = :import;
select throws_ok(format('select t.ask($$a$$, $$pupil$$, %s, %s)', :pupil, :staff), 'DS409', null, 'nor one that names no school, and was sent by another');
update data.import_rejection set said = '{"staff_code": "A1", "school_urn": "900002"}' where import_id = :import;
select throws_ok(format('select t.ask($$a$$, $$staff$$, %s, %s)', :staff, :staff), 'DS409', null, 'of staff likewise');
rollback to rejected;
select t.ask('a', 'staff', :second, :staff) as of_staff \gset
select is(t.has(:of_staff, 'entry', format('staff id: %s\M', :second)), 1::bigint, 'of staff it is gathered that they were in a team');

-- What there is not, and why
select cmp_ok((select count(*) from data.subject_limits(k)), '>=', 4::bigint, format('the package of a %s says what it does not have', k)) from unnest(enum_range(null::data.subject_kind)) k;
update data.subject_request set reviewed_at = now(), reviewed_by = :staff where request_id = :request;
select is(t.get('a', format('select count(*) from api.subject_package_list(%s) where item = 0', :request)),
	(select count(*)::text from data.subject_limits('pupil')), 'as rows');
select is(t.get('a', format('select count(*) from api.subject_package_list(%s, 9223372036854775807, 10)', :request)), '0', 'there is nothing after the end');
select is(t.get('a', format('select (length(document) - length(replace(document, $$<limit>$$, $$$$))) / 7 from api.subject_package(%s)', :request)),
	(select count(*)::text from data.subject_limits('pupil')), 'and in the document');

select * from finish();
rollback;
