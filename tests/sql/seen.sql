-- What duties and notifications tell to whom, and who may say that somebody
-- knows of a visit.
begin;
\ir helpers.sql
select plan(13);

select t.school(900001, 'rookeries'), t.client('full', '{900001}', '{visits:read,visits:write,approvals:write,alarms:read,concerns:read}'),
       t.client('office', '{900001}', '{visits:read,visits:write,alarms:read}') \gset
select t.pupil(1, 900001) as pupil, t.staff('S1', 900001) as staff, t.staff('H', 900001, 'Head', '{headteacher}') as head \gset
select t.visit(900001, :pupil, :staff) as visit, duty.weigh(currval('data.visit_visit_id_seq')) \gset

-- A notice that counts as an approval
select jsonb_build_object('kind', 'done', 'clause', 'knowledge', 'by', :head) as notice \gset
select is(t.run('office', format('select api.event_append(%s, %L)', :visit, :'notice')), 'DS430',
	'that the head knows is not said by who may not approve');
select is(t.run('full', format('select api.event_append(%s, %L)', :visit, :'notice')), '1 rows', 'but by who may');
select is(t.get('full', format('select state from api.visit_read(%s)', :visit)), 'approved', 'and then the visit is approved');

-- Concerns
insert into data.event (visit_id, school_urn, kind, at, client_id) values (:visit, 900001, 'departed', '2026-01-13T09:10Z', 'a');
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id)
values (:visit, 900001, :pupil, :staff, '2026-01-13T09:40Z', 'A secret', false, 'a');
select duty.weigh(:visit) \gset
select count(*) from watch.tick('2026-01-14T12:00Z') \gset
select cmp_ok(t.get('full', 'select count(*) from api.notification_list() n where n.clause = $$concern$$ or n.words ~ $$concern$$')::int,
	'>=', 1, 'who may read concerns is told that one waits');
select is(t.get('office', 'select count(*) from api.notification_list() n where n.words ~ $$concern$$'), '0', 'who may not sees nothing of it');
select is(t.get('office', format('select count(*) from api.duty_list(%s) d where d.kind = $$concern_to_dsl$$', :visit)), '0',
	'among the duties neither');
select is_empty($$ select watch.letter(n) from data.notification n where n.scope is not null and watch.letter(n) ~* 'concern' $$,
	'nor does the e-mail say so');
select is_empty($$ select watch.webhook_body(n, 1) from data.notification n where n.scope is not null and watch.webhook_body(n, 1) ~* 'concern' $$,
	'nor a webhook');
select is_empty($$ select notification_id from data.notification where words ~ 'secret' $$, 'the concern itself is in no notification');

-- A waiver is of the plan as it stood
select t.school(900002, 'tkat'), t.client('tkat', '{900002}', '{visits:read,visits:write,approvals:write}') \gset
select t.pupil(2, 900002) as pupil, t.staff('S2', 900002) as staff, t.staff('D', 900002, 'Dsl', '{dsl}') as dsl \gset
select t.visit(900002, :pupil, :staff) as visit, duty.weigh(currval('data.visit_visit_id_seq')) \gset
select format('select count(*) from api.duty_waive(%s, %L)', :visit,
	jsonb_build_object('clause', 'essential', 'by', :dsl, 'reason', 'Said by telephone')) as waive \gset
select is(t.get('tkat', :'waive'), '1', 'a duty is waived');
select is(t.run('tkat', format('select * from api.visit_change(%s, %L, %L)', :visit, '{*}', '{"place": {"address": "2 Street"}}')), '1 rows',
	'the plan is changed');
select is(t.get('tkat', :'waive'), '1', 'and the duty, open again, can be waived again');
select is(t.get('tkat', format('select count(*) from api.duty_list(%s) d where d.clause = $$essential$$', :visit)), '1', 'and is listed once');

select * from finish();
rollback;
