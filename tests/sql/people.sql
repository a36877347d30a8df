-- People, beside the matrix: how far a role reaches at each school, in whose name they
-- act, reasons, formats, and that a role that is taken away is gone at once.
begin;
\ir helpers.sql
\ir fill.sql
select plan(131);

select t.school(900001), t.school(900002), t.client('a', null, '{visits:read,visits:write,approvals:write}') \gset
select t.staff('P', 900001, roles => '{visitor}') as self, t.staff('H', 900001, roles => '{headteacher}') as head,
       t.staff('H2', 900001, roles => '{headteacher,dsl}') as second, t.staff('T', 900001, roles => '{compliance_officer}') as trust \gset
insert into data.post (staff_id, school_urn, roles) values (:self, 900002, '{dsl}');
select t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as other_pupil, t.pupil(3, 900002) as there \gset
select t.visit(900001, :pupil, :self) as own, t.visit(900001, :other_pupil, :head) as same, t.visit(900002, :there, t.staff('D', 900002)) as at_two \gset
select t.fill(:own), t.fill(:same), t.fill(:at_two) \gset
select t.person('self', :self, 900001), t.person('head', :head, 900001), t.person('trust', :trust, null) \gset

-- Rights
select is_empty($$ select scope, role from auth.rights() group by 1, 2 having count(*) > 1 $$, 'a role has a scope once, with one reach');
select is_empty($$ select r.role, r.scope from auth.rights() r where r.reach not in ('own', 'school', 'trust') $$, 'a reach is one of three');
select is_empty($$ select r.scope from auth.rights() r where r.scope !~ '^[a-z]+:(read|write)$' $$, 'every right is a scope');
select is_empty($$ select unnest(enum_range(null::data.staff_role)) except select role from auth.formats() $$, 'every role has its formats');
select is_empty($$ select distinct split_part(r.scope, ':', 1) from auth.rights() r where r.reach = 'own'
	except select unnest('{visits,contacts,risk,records,concerns,incidents,alarms}'::text[]) $$,
	'what reaches own visits only is of a kind for which row-level security knows what those are');
select is((select scopes from auth.rights_of(:self, 900003)), null, 'who holds no post at a school may nothing there');
select is((select scopes from auth.rights_of(:head, null)), null, 'nor for the trust with a role at a school');
select is((select own_scopes from auth.rights_of(:self, 900002)), '{}', 'as DSL of the one school nothing is confined to own visits');
select is((select scopes from auth.rights_of(:second, 900001)), (select scopes from auth.rights_of(:head, 900001)), 'two roles give what they give together');

-- One school at a time
select is(t.get('self', $$ select string_agg(distinct visit_id::text, ',') from data.visit $$), :'own', 'a visitor sees their own visits, at the school at which they act');
select is(t.get('self', $$ select count(*) from data.concern $$), '1', 'and concerns of those alone');
select is(t.get('self', 'select count(*) from data.contact'), '0', 'as long as nobody has approved it, nor after it is over, of the pupil nothing more is told');
set local session_replication_role = replica;
update data.visit set approved_at = now(), state = 'approved', planned_start = now(), planned_end = now() + interval '1 hour' where visit_id = :own;
set local session_replication_role = origin;
select is(t.get('self', $$ select string_agg(distinct pupil_id::text, ',') from data.contact $$), :'pupil', 'then whom to call of their pupils alone');
savepoint past;
set local session_replication_role = replica;
update data.visit set planned_start = now() - interval '9 days', planned_end = now() - interval '8 days' where visit_id = :own;
set local session_replication_role = origin;
select is(t.get('self', 'select count(*) from data.contact'), '0', 'a week after it that ends');
rollback to savepoint past;
select t.person('self', :self, 900002) \gset
select is(t.get('self', $$ select count(*) from data.visit where school_urn = 900001 $$), '0', 'acting at another school they see nothing of the first');
select is(t.get('self', $$ select count(*) from data.concern $$), '1', 'and of that what their role there opens');
select is(t.get('self', 'select auth.schools()::text'), '{900002}', 'it is the one school that they see');
select t.run('self', $$ select api.idempotency_keep('k', repeat('ab', 32), 201, null, null, 'of 900002') $$) \gset
select is(t.get('self', $$ select body from api.idempotency_claim('k', repeat('ab', 32)) $$), 'of 900002', 'what they did there is answered again there');
select t.person('self', :self, 900001) \gset
select is(t.get('self', $$ select body from api.idempotency_claim('k', repeat('ab', 32)) $$), 'DS423', 'and told at no other place');
select t.person('self', :self, 900002) \gset
select is(t.get('trust', 'select auth.schools()::text'), '{900001,900002}', 'who acts for the trust sees every school');
select is(t.get('trust', $$ select count(distinct school_urn) from data.visit $$), '2', 'and the visits of all');
select is(t.get('trust', 'select auth.sees_all_schools()'), 'true', 'those to come included');

-- A reason
select is(t.get('trust', 'select count(*) from data.concern'), '0', 'who may read concerns with a reason only reads none without');
select set_config('t.reason', '  ', true) \gset
select is(t.get('trust', 'select count(*) from data.concern'), '0', 'blanks are no reason');
select set_config('t.reason', 'Serious case review 12', true) \gset
select is(t.get('trust', 'select count(*) from data.concern'), '3', 'with one all of them');
select is(t.run('trust', $$ select audit.access_append('/api/v1/concerns', '{"school": "900001"}', 'json', 3) $$), '1 rows', 'the access is noted');
select is((select filters from audit.access order by access_id desc limit 1),
	'{"school": "900001", "reason": "Serious case review 12", "acting_at": "trust"}', 'with the reason, and the place');
-- Who saw lists: of a school, those who act at it
select t.person('head', :head, 900001), t.client('auditor', '{900001}', '{audit:read,pupils:read}'), t.client('elsewhere', '{900002}', '{audit:read,pupils:read}') \gset
select t.run('head', $$ select audit.access_append('/api/v1/pupils.csv', '{}', 'csv', 2) $$) as seen, t.run('trust', $$ select audit.access_append('/api/v1/pupils.csv', '{}', 'csv', 2) $$) as too \gset
select is(t.get('auditor', format($$ select string_agg(client_id, ' ' order by access_id) from audit.access_to(%s, current_date, current_date) where resource = '/api/v1/pupils.csv' $$, :pupil), 'doorstep_reports'),
	'head trust', 'of a pupil, who took a list in which they stand: at their school, and for the trust');
select is(t.get('auditor', $$ select string_agg(client_id, ' ') from audit.access_list() where resource = '/api/v1/pupils.csv' $$, 'doorstep_audit'), 'head', 'the school is told who looked there');
select is(t.get('elsewhere', $$ select count(*) from audit.access_list() where resource = '/api/v1/pupils.csv' $$, 'doorstep_audit'), '0', 'and no other is');
select set_config('t.reason', '', true) \gset
select is(t.why('trust', $$ select auth.begin(t.hash('token of trust'), 'concerns:read', 'r') $$, 'postgres'),
	'Say why: this is opened with a reason only, in the header Doorstep-Reason; it is kept.', 'a request without one is told so');

-- Formats
select t.person('self', :self, 900001) \gset
select is(t.why('self', $$ select auth.begin(t.hash('token of self'), 'visits:read', 'r', 'csv') $$, 'postgres'),
	'The token allows no CSV: it allows JSON, HTML.', 'a visitor takes no CSV away');
select is(t.run('self', $$ select auth.begin(t.hash('token of self'), 'visits:read', 'r', 'html') $$, 'postgres'), '1 rows', 'but prints');
select is(t.run('a', $$ select auth.begin(t.hash('token of a'), 'visits:read', 'r', 'csv') $$, 'postgres'), '1 rows', 'a program of which nothing is said has all');
update auth.client set formats = '{xml}' where client_id = 'a';
select is(t.run('a', $$ select auth.begin(t.hash('token of a'), 'visits:read', 'r', 'csv') $$, 'postgres'), 'DS430', 'of which something is said, that');

-- In whose name
create function t.plan(person text, staff bigint, pupil bigint) returns text
language sql
return (select coalesce(o.detail, o.state, o.rows || ' rows') from t.act(person, format($$ select api.visit_plan('{"school_urn": 900001, "purpose": "attendance", "pupils": [%s], "announced": true,
	"planned_start": "2026-01-14T09:30Z", "planned_end": "2026-01-14T10:00Z", "place": {"address": "1 Street"}, "team": [{"staff_id": %s, "lead": true}]}') $$,
	pupil, staff), 'doorstep_records') as o);
select is(t.plan('self', :self, :pupil), '1 rows', 'a visitor plans a visit');
select max(visit_id) as planned from data.visit \gset
select is((select planned_by from data.visit where visit_id = :planned), :self::bigint, 'in their own name');
select is((select by_staff_id from data.approval_request where visit_id = :planned), :self::bigint, 'which is who asks for approval');
select is(t.plan('self', :head, :pupil), '1 rows', 'for somebody else, too');
select is(t.run('self', format($$ insert into data.approval_request (visit_id, school_urn, by_staff_id, at, client_id)
	values (%s, 900001, %s, now(), 'self') $$, :planned, :head)), '42501', 'nobody asks in the name of another');
select is(t.run('head', format($$ select api.approval_add(%s, '{"decision": "refused", "note": "x", "by": %s}') $$, :planned, :second)), '42501',
	'nobody decides in the name of another');
select is(t.run('head', format($$ select api.approval_add(%s, '{"decision": "refused", "note": "x", "by": %s}') $$, :planned, :head)), '1 rows',
	'but in their own');
select is(t.run('self', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s}') $$, :planned, :self)), 'DS430',
	'a visitor approves nothing');
create function t.in_whose_name(call text, by bigint) returns text
language sql
return t.run('head', format('select ' || call, format('{"record": "export", "school_urn": 900001, "from_on": "2090-01-01", "starts": "closed",
	"months": 12, "what_then": "review", "source": "x", "subject": "visit", "id": 1, "records": [{"record": "visit", "id": "1"}],
	"reason": "x", "by": %s}', by)));
insert into data.retention_rule (kind, from_on, starts, months, what_then, source) values ('export', '-infinity', 'closed', 12, 'delete', 'x');
select is(array[t.in_whose_name('api.retention_rule_add(%L)', :second), t.in_whose_name('data.hold_place(%L)', :second),
	t.in_whose_name('data.disposal_ask(%L)', :second)], '{DS430,DS430,DS430}', 'nobody sets a rule, holds or disposes in the name of another');
select is(t.in_whose_name('api.retention_rule_add(%L)', :head), '1 rows', 'but in their own');
select t.plan('head', :self, :pupil) \gset
select max(visit_id) as of_head from data.visit \gset
select is(t.why('head', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s}') $$, :of_head, :head)),
	'Who asked for it does not approve it: somebody else decides.', 'nobody approves what they asked for');
select is(t.run('a', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s}') $$, :of_head, :head)), 'DS430',
	'through a program neither');
select is(t.run('head', format($$ select api.approval_add(%s, '{"decision": "refused", "note": "x", "by": %s}') $$, :of_head, :head)), '1 rows',
	'but refuses it');

-- That there is a concern
select duty.weigh(:same), duty.weigh(:own) \gset
create function t.told(person text, wanted text) returns text
language sql
return t.get(person, format($$ select least(count(*), 1) from data.%s $$, wanted));
update data.post set roles = '{assistant_head}' where staff_id = :second;
select t.person('second', :second, 900001) \gset
select is(t.told('second', $$ duty where scope = 'concerns' $$), '1', 'who decides on visits sees that there is a concern');
select is(t.told('second', 'concern'), '0', 'but not what it says');
update data.post set roles = '{office}' where staff_id = :second;
select t.person('second', :second, 900001) \gset
select is(t.told('second', $$ duty where scope = 'concerns' $$) || t.told('second', 'concern'), '00', 'the office sees neither');

-- Taken away
update data.post set roles = '{leadership}' where staff_id = :head;
select is(t.run('head', 'select 1'), 'DS401', 'whose roles change is signed out');
delete from data.post where staff_id = :self and school_urn = 900002;
select is(t.run('self', 'select 1'), '1 rows', 'at that school alone');

-- What subject access holds is opened by no other way than the records themselves
insert into data.subject_item (request_id, item_no, kind, record, school_urn, scopes, content)
select min(request_id), 77, 'concern', 'concern 1', 900001, '{concerns}', '[]' from data.subject_request where schools = '{900001}';
select is(t.get('trust', $$ select count(*) from data.subject_item where item_no = 77 $$), '0', 'a concern that was gathered is not read without a reason');
select set_config('t.reason', 'Serious case review 12', true) \gset
select is(t.get('trust', $$ select count(*) from data.subject_item where item_no = 77 $$), '1', 'but with one');
select set_config('t.reason', '', true) \gset

-- Nobody approves their own, whichever way they go about it
update data.post set roles = '{headteacher}' where staff_id = :head;
update data.post set roles = '{headteacher,dsl}' where staff_id = :second;
select t.person('head', :head, 900001), t.person('second', :second, 900001) \gset
savepoint own;
select t.plan('self', :self, :pupil) \gset
select max(visit_id) as its from data.visit \gset
select is(t.run('head', format($$ select api.visit_change(%s, array[(select version::text from data.visit where visit_id = %1$s)],
	'{"team": [{"staff_id": %s, "lead": true}]}') $$, :its, :head)), '1 rows', 'a head changes a plan that a visitor made');
select is((select by_staff_id from data.approval_request where visit_id = :its order by request_id desc limit 1), :head::bigint, 'and so is who asks');
select is(t.run('head', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s}') $$, :its, :head)), 'DS430', 'and does not approve it');
select is(t.run('self', format($$ select api.approval_request_add(%s, '{}') $$, :its)), '1 rows', 'nor does it help when another asks again');
select is((select by_staff_id from data.approval_request where visit_id = :its order by request_id desc limit 1), :self::bigint, 'who is told, though nobody said so');
select is(t.run('head', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s}') $$, :its, :head)), 'DS430', 'for who asked before is not another');
select isnt(t.run('second', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s}') $$, :its, :second)), 'DS430', 'somebody else is');
rollback to savepoint own;

-- A place is given away by who has it
select is(t.run('second', format($$ select api.delegation_add('{"school_urn": 900001, "from": %s, "to": %s, "role": "headteacher", "from_on": "2026-01-01"}') $$, :head, :second)),
	'DS430', 'nobody makes themselves the head''s stand-in');
select is(t.run('head', format($$ select api.delegation_add('{"school_urn": 900001, "from": %s, "to": %s, "role": "headteacher", "from_on": "2026-01-01", "until_on": "2090-01-01"}') $$,
	:head, :second)), '1 rows', 'the head does');
select is(t.run('second', $$ select api.delegation_change(max(delegation_id), array[max(version::text)], '{"until_on": "2091-01-01"}') from data.delegation $$),
	'DS430', 'nor longer than they were');
select is(t.run('second', $$ select api.delegation_change(max(delegation_id), array[max(version::text)], '{"until_on": "2026-02-01"}') from data.delegation $$),
	'1 rows', 'but less long');
select is(t.run('second', format($$ select api.subject_withdraw(%s, '{"by": %s, "reason": "x"}') $$, (select min(request_id) from data.subject_request where schools = '{900001}'), :head)),
	'DS430', 'nobody withdraws a request for subject access in the name of another');

-- A post that has ended opens nothing
select t.person('head', :head, 900001) \gset
select is(t.run('head', $$ select auth.begin(t.hash('token of head'), 'visits:read', 'r') $$, 'postgres'), '1 rows', 'who holds a post is let in');
update data.post set left_on = data.day_of(now()) where staff_id = :head;
select isnt((select revoked_at from auth.token where client_id = 'head'), null, 'who is said to leave is signed out');
select t.person('head', :head, 900001) \gset
select is(t.run('head', $$ select auth.begin(t.hash('token of head'), 'visits:read', 'r') $$, 'postgres'), '1 rows', 'and let in to the end of the last day');
set local session_replication_role = replica;
update data.post set left_on = data.day_of(now()) - 1 where staff_id = :head;
set local session_replication_role = origin;
select is(t.run('head', $$ select auth.begin(t.hash('token of head'), 'visits:read', 'r') $$, 'postgres'), 'DS401', 'then no more, though nobody changed anything');
select is((select scopes from auth.rights_of(:head, 900001)), null, 'nor are there rights any more');
select is((select count(*) from auth.places_of(:head)), 0::bigint, 'or a place to sign in at');
select is(t.run('a', format($$ select api.approval_add(%s, '{"decision": "approved", "by": %s, "role": "headteacher"}') $$, :same, :head)), 'DS430', 'who has left decides nothing, whoever says so');
select is(api.is_head(:head, 900001), false, 'and is the head no more');

-- What was done about a concern tells of it as much as the concern
insert into data.event (visit_id, school_urn, kind, clause, at, note, client_id)
select :same, 900001, 'done', min(c.clause), now(), 'Police told of bruises', 'a' from data.clause c join data.clause_kind k using (kind) where k.scope = 'concerns';
insert into data.event (visit_id, school_urn, kind, at, note, client_id) values (:same, 900001, 'note', now(), 'Nobody was in', 'a');
insert into data.deviation (visit_id, school_urn, clause, kind, by_staff_id, reason, at, client_id)
select :same, 900001, min(c.clause), 'waived', :second, 'The bruises were seen before', now(), 'a' from data.clause c join data.clause_kind k using (kind) where k.scope = 'concerns';
select t.client('plain', null, '{visits:read,visits:write}'), t.client('full', null, '{visits:read,concerns:read}') \gset
select is(t.get('plain', $$ select count(*) from data.event where note ~ 'bruises' $$), '0', 'with visits:read alone nobody reads it in an event');
select is(t.get('plain', $$ select count(*) from data.deviation where reason ~ 'bruises' $$), '0', 'nor in why a duty was waived');
select is(t.get('full', $$ select count(*) from data.event where note ~ 'bruises' $$), '1', 'with the scope for concerns one does');
select is(t.get('full', $$ select count(*) from data.deviation where reason ~ 'bruises' $$), '1', 'both');
select is(t.get('plain', $$ select count(*) > 0 from data.event where clause is null $$), 'true', 'other events are seen as ever');

-- Who writes concerns of their own visits alone reads no more of others in what tells of them
select t.staff('D2', 900001, roles => '{deputy}') as deputy, t.staff('L2', 900001, roles => '{assistant_head}') as assistant,
       t.staff('DD', 900001, roles => '{deputy_dsl}') as deputy_dsl \gset
select t.person('deputy', :deputy, 900001), t.person('assistant', :assistant, 900001), t.person('dsl', :deputy_dsl, 900001),
       t.person('self', :self, 900001) \gset
insert into data.event (visit_id, school_urn, kind, clause, at, note, client_id)
select :own, 900001, 'done', min(c.clause), now(), 'Police told of the bruises of their own', 'a' from data.clause c join data.clause_kind k using (kind) where k.scope = 'concerns';
select unnest(array[is(t.get(who, $$ select count(*) from data.concern $$), concerns, who || ': concerns'),
       is(t.get(who, $$ select count(*) from data.event where note ~ 'bruises' $$), events, who || ': what was done about them'),
       is(t.get(who, $$ select count(*) from audit.entry_list("table" => 'data.concern') where is_now ~ 'text' $$, 'doorstep_audit'), told, who || ': what the trail says of them'),
       is(t.get(who, format($$ select count(*) from audit.trail_of('concern', %s) where is_now is not null and "column" = 'text' $$,
               (select min(concern_id) from data.concern where visit_id = :same)), 'doorstep_reports'), trail, who || ': and the trail of one'),
       is(t.get(who, $$ select data.retention_opens('concern') $$), disposes, who || ': nor is it theirs to let them go')])
from (values ('deputy', '0', '0', '0', '0', 'false'), ('assistant', '0', '0', '0', 'DS404', 'false'),
             ('self', '1', '1', '0', 'DS404', 'false'), ('dsl', '2', '2', '2', '1', 'true')) as v (who, concerns, events, told, trail, disposes);

insert into data.deviation (visit_id, school_urn, clause, kind, by_staff_id, reason, at, client_id)
select :own, 900001, min(c.clause), 'waived', :second, 'The bruises of their own were seen', now(), 'a' from data.clause c join data.clause_kind k using (kind) where k.scope = 'concerns';
select is(t.get(who, $$ select count(*) from data.deviation where reason ~ 'bruises' $$), waived, who || ': why what is to be done about them was waived')
from (values ('deputy', '0'), ('assistant', '0'), ('self', '1'), ('dsl', '2')) as v (who, waived);
select duty.weigh(:same) \gset
insert into data.notification (school_urn, visit_id, cause, subject, words, scope, roles, due_at)
values (900001, :same, 'duty', 'duty:x', 'the concern to be told to the DSL', 'concerns', '{leadership}', now());
select is(t.get('assistant', $$ select count(*) from data.notification where subject = 'duty:x' $$), '1', 'what is told to who decides on visits they can open: it says no more than that there is one');
select is(t.get('assistant', $$ select count(*) > 0 from data.duty where scope = 'concerns' $$), 'true', 'as the duty does');
select alike(t.why('a', format($$ select api.duty_waive(%s, '{"clause": %s, "part": %s, "by": %s, "reason": "x"}') $$, :same, to_jsonb(d.clause), to_jsonb(d.part), :second)),
	'%with the scope for those.', 'which is not waived without the scope for concerns') from data.duty d where d.visit_id = :same and d.scope = 'concerns' and d.open order by d.clause, d.part limit 1;
insert into data.team_member (visit_id, school_urn, position, staff_id, lead) values (:same, 900001, 9, :assistant, false);
select is(t.get('assistant', 'select count(*) from data.concern'), '0', 'who joins the team of a visit to come reads no concern by that');
set local session_replication_role = replica;
update data.visit set departed_at = now() where visit_id = :same;
set local session_replication_role = origin;
select is(t.get('assistant', 'select count(*) from data.concern'), '1', 'of one that they were on they do');

-- A family that has moved on, to another school of the trust
select t.pupil(20, 900001) as gone, t.client('one', '{900001}', '{pupils:read,contacts:read,contacts:write,audit:read}'), t.client('two', '{900002}', '{pupils:read,contacts:read,audit:read}') \gset
insert into data.social_worker (pupil_id, name, phone, from_on) values (:gone, 'Mx Social', '0', '2020-01-01');
select t.contact(:gone) as old_contact \gset
update data.pupil set address = '1 New Street', postcode = 'AB1 2CD' where pupil_id = :gone;
create function t.told(client text) returns text language sql return concat_ws(' ',
	t.get(client, format('select count(*) from data.contact where pupil_id = %s', (select max(pupil_id) from data.pupil))),
	t.get(client, format('select count(*) from data.social_worker where pupil_id = %s', (select max(pupil_id) from data.pupil))),
	t.get(client, format('select concat_ws($$, $$, given_name, address, postcode) from api.pupil_read(%s)', (select max(pupil_id) from data.pupil))));
update data.enrolment set left_on = data.day_of(now()) - 1 where pupil_id = :gone;
select is(t.told('one'), '1 1 Pupil, 1 New Street, AB1 2CD', 'the last school of a pupil whom nobody has now reaches the family still');
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:gone, 900002, data.day_of(now()) + 1);
select is(t.told('one'), '1 1 Pupil, 1 New Street, AB1 2CD', 'nor before another school has the pupil on roll');
update data.enrolment set admitted_on = data.day_of(now()) where pupil_id = :gone and school_urn = 900002;
select is(t.told('one'), '0 0 Pupil', 'not once it has');
select is(t.told('two'), '1 1 Pupil, 1 New Street, AB1 2CD', 'which does');
select is(t.told('full'), '1 0 Pupil, 1 New Street, AB1 2CD', 'and who sees all schools sees the pupil as ever, the rest by their scopes');
select is(t.run('one', format($$ select api.social_worker_add(%s, '{"name": "Other", "from_on": "2026-01-01"}') $$, :gone)), '42501', 'a former school adds nobody');
select is(t.run('one', format($$ update data.social_worker set phone = '1' where pupil_id = %s $$, :gone)), '0 rows', 'and changes nothing');
update data.contact set phone = '0700 900 001' where contact_id = :old_contact;
set local session_replication_role = replica;
insert into audit.entry (at, action, record, key, before, after, salt, commitment)
select now() - interval '9 days', action, record, key, before, jsonb_set(after, '{phone}', '"then"'), salt, commitment from audit.entry
 where record = 'data.contact' and action = 'update' and (key ->> 'contact_id')::bigint = :old_contact;
set local session_replication_role = origin;
select is(t.get('one', $$ select string_agg(is_now::jsonb ->> 'phone', ' ') from audit.entry_list("table" => 'data.contact', kind => 'update') $$, 'doorstep_audit'), 'then', 'the trail tells a former school what was written while it had the pupil, and nothing since');
select is(t.get('two', $$ select count(*) from audit.entry_list("table" => 'data.contact', kind => 'update') $$, 'doorstep_audit'), '2', 'and the new one all');
select is(t.get(who, format($$ select count(*) from audit.trail_of('pupil', %s) where is_now ~ 'New Street' $$, :gone), 'doorstep_reports'), told, 'the trail of the pupil likewise: ' || who)
from (values ('one', '0'), ('two', '1')) as v (who, told);
select is(audit.is_of(row(0, at, null, null, null, null, 'update', 'data.contact', jsonb_build_object('pupil_id', :gone), null, null, null, null, null)::audit.entry, '{900001}'), told, format('%s: %s', at, told))
from (values ('2021-01-01Z'::timestamptz, true), ('2019-01-01Z', false), (now(), false)) as v (at, told);
select is(data.letter_recipients(:gone, 900001), '[]', 'a letter of the former school goes to nobody by itself');
select is(jsonb_array_length(data.letter_recipients(:gone, 900002)), 1, 'one of the new school to the parent');
select matches(coalesce(t.problems('one', format($$ select api.visit_plan('{"school_urn": 900001, "pupils": [%s], "purpose": "attendance", "planned_start": "%s", "planned_end": "%s", "announced": true, "necessity": "x",
	"place": {"address": "1"}, "team": [{"staff_id": %s, "lead": true}]}') $$, :gone, at, at + interval '1 hour', :self)), 'none'), said, 'a visit to who has moved on: ' || said)
from (values (now(), 'is at another school now'), (now() - interval '3 days', '^none$')) as v (at, said);
update data.enrolment set left_on = data.day_of(now()) where pupil_id = :gone and school_urn = 900002;
update data.enrolment set left_on = data.day_of(now()) - 1 where pupil_id = :gone and school_urn = 900001;
set local session_replication_role = replica;
update data.enrolment set admitted_on = data.day_of(now()) - 3, left_on = data.day_of(now()) - 1 where pupil_id = :gone and school_urn = 900002;
update data.enrolment set left_on = data.day_of(now()) - 4 where pupil_id = :gone and school_urn = 900001;
set local session_replication_role = origin;
select is(t.told('one') || ', ' || t.told('two'), '0 0 Pupil, 1 1 Pupil, 1 New Street, AB1 2CD', 'when the last has no longer either, it is the last that reaches the family');
update data.enrolment set left_on = data.day_of(now()) where pupil_id = :gone and school_urn = 900001;
select is(t.told('one'), '1 1 Pupil, 1 New Street, AB1 2CD', 'on the last day it still has the pupil');

-- The trail of who has gone to another school of the trust
select t.staff('T9', 900001) as gone_staff, t.client('checks', '{900001}', '{checks:read,audit:read}') \gset
insert into data.next_of_kin (staff_id, name, phone, from_on) values (:gone_staff, 'Kin', 'then', '2020-01-01');
update data.post set left_on = data.day_of(now()) - 1 where staff_id = :gone_staff;
set local session_replication_role = replica;
insert into audit.entry (at, action, record, key, before, after, salt, commitment)
select now() - interval '9 days', action, record, key, before, jsonb_set(after, '{phone}', '"long ago"'), salt, commitment from audit.entry
 where record = 'data.next_of_kin' and (after ->> 'staff_id')::bigint = :gone_staff;
set local session_replication_role = origin;
create function t.kin_told() returns text
language sql return t.get('checks', $$ select string_agg(is_now::jsonb ->> 'phone', ', ' order by is_now::jsonb ->> 'phone') from audit.entry_list("table" => 'data.next_of_kin') where is_now::jsonb ->> 'phone' in ('then', 'long ago') $$, 'doorstep_audit');
select is(t.kin_told(), 'long ago, then', 'the last school of somebody reads the trail of it');
insert into data.post (staff_id, school_urn) values (:gone_staff, 900002);
select is(t.kin_told(), 'long ago', 'a former one what was written while they were there');

select * from finish();
rollback;
