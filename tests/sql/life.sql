-- The life of a visit under its policy: who lets it go, what a departure waits
-- for, what was broken, which version counts, and what the code word does.
begin;
\ir helpers.sql
\ir visits_of.sql
select plan(157);
select t.set_up(p) from unnest('{none,tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p \g /dev/null
create function t.visit_state(visit bigint) returns text
language sql return (select v.state::text from data.visit v where v.visit_id = visit);
-- The clauses in the DETAIL of a refusal.
create function t.listed(query text) returns text
language sql
return (select string_agg(concat_ws(' ', d ->> 'clause', nullif(d ->> 'part', '')), ', ' order by n)
          from jsonb_array_elements(t.problems('a', query)::jsonb -> 'duties') with ordinality as l (d, n));
create function t.stored() returns text
language sql
return concat_ws(' ', (select count(*) from data.event), (select count(*) from data.deviation), (select count(*) from data.notification),
	(select count(*) from data.approval_decision), (select md5(string_agg(d::text, ' ' order by d.duty_id)) from data.duty d),
	(select md5(string_agg(v::text, ' ' order by v.visit_id)) from data.visit v));

-- Who approves
select t.prepared(t.planned('tkat')) as visit \gset
select is(t.get('a', t.decides(:visit, 'approved', role)), outcome, 'tkat: approved by ' || role || case outcome when 'DS430' then ' it is not' else '' end)
  from (values ('visitor', 'DS430'), ('deputy', 'DS430'), ('leadership', 'DS430'), ('office', 'DS430')) as v (role, outcome);
select is(t.get('a', t.decides(:visit, 'approved', 'headteacher')), 'requested', 'tkat: approved by the head alone it is not yet');
select is(t.run('a', t.appends(:visit, 'departed')), 'DS409', 'nobody departs');
select is(t.listed(t.appends(:visit, 'departed')), 'approval dsl', 'the approval of the safeguarding lead is missing');
select is(t.get('a', t.decides(:visit, 'approved', 'dsl')), 'approved', 'by both it is');
select is(t.get('a', t.appends(:visit, 'departed')), 'departed', 'and the team departs');
select is((select count(*) from data.deviation where visit_id = :visit), 0::bigint, 'with nothing broken');
select is(t.get('a', t.decides(t.prepared(t.planned('rookeries')), 'approved', role)), outcome, 'rookeries: the knowledge of ' || role)
  from (values ('headteacher', 'approved'), ('assistant_head', 'approved'), ('deputy', 'DS430'), ('dsl', 'DS430'), ('leadership', 'DS430')) as v (role, outcome);
select is(t.get('a', t.appends(t.prepared(t.planned('rookeries')), 'done', format('{"clause": "knowledge", "by": "@%s"}', role))), outcome,
	format('rookeries: a notice to %s makes it %s', role, outcome))
  from (values ('headteacher', 'approved'), ('assistant_head', 'approved'), ('deputy', 'requested'), ('dsl', 'requested'), ('visitor', 'requested')) as v (role, outcome);
select is(t.get('a', t.decides(t.prepared(t.planned('thomas-more')), 'approved', role)), outcome, 'thomas-more: agreed by ' || role)
  from (values ('leadership', 'approved'), ('dsl', 'DS430')) as v (role, outcome);
select is(t.get('a', t.decides(t.prepared(t.planned('morecambe')), 'approved', role)), outcome, 'morecambe: discussed by ' || role)
  from (values ('leadership', 'approved'), ('headteacher', 'DS430')) as v (role, outcome);
select is(t.get('a', t.decides(t.planned('none'), 'approved', role)), outcome, 'no policy: approved by ' || role)
  from (values ('headteacher', 'approved'), ('dsl', 'approved'), ('visitor', 'DS430')) as v (role, outcome);
select is(t.run('a', t.decides(:visit, 'approved', 'deputy', '{"role": "headteacher"}')), 'DS430', 'a role that is said must be held');

-- What an approval and a departure wait for: all of it is told, nothing stored
select t.planned('tkat', '{"necessity": null, "planned_end": "2025-11-19T18:30:00Z", "team": [{"staff_id": "@visitor", "lead": true}]}') as visit, t.stored() as before \gset
select is(t.run('a', t.decides(:visit, 'approved', 'headteacher')), 'DS409', 'an approval waits');
select is(t.listed(t.decides(:visit, 'approved', 'headteacher')), 'essential, no-evenings, risk-assessment, hazards, pair-rule', 'for all that stands before it');
select is(t.run('a', t.appends(:visit, 'departed')), 'DS409', 'a departure waits');
select is(t.listed(t.appends(:visit, 'departed')), 'essential, approval dsl, approval headteacher, no-evenings, risk-assessment, hazards, well-informed, '
	'pair-rule, phone charged, phone numbers, code-word', 'for all that stands before either');
select is(t.stored(), :'before', 'and nothing of that is stored');
select is(t.problems('a', t.appends(:visit, 'departed'))::jsonb #> '{duties,0}' ?& '{clause,part,policy,version,place,words,strength,missing}', true,
	'each with its clause and what is missing');
select t.planned('potton', '{"purpose": "safeguarding"}') as visit \gset
select is(t.listed(t.decides(t.prepared(:visit), 'approved', 'headteacher')), 'dsl-joins', 'potton: the safeguarding lead must be in the team of a safeguarding visit');
select is(t.get('a', t.decides(t.prepared(t.planned('potton', '{"purpose": "safeguarding", "team": [{"staff_id": "@visitor", "lead": true, "phone": "1"}, {"staff_id": "@dsl", "phone": "2"}]}')),
	'approved', 'headteacher')), 'approved', 'and is then approved');
select is(t.get('a', t.decides(t.prepared(t.planned('thomas-more', '{"purpose": "safeguarding"}')), 'approved', 'headteacher')), 'approved',
	'thomas-more: not of one of theirs');

-- Alone at Potton: the head decides so, and lone working is assessed
select t.prepared(t.planned('potton', '{"team": [{"staff_id": "@visitor", "lead": true, "phone": "1"}]}')) as visit \gset
select is(t.listed(t.decides(:visit, 'approved', 'headteacher')), 'pair-rule', 'potton: approved as any other visit, one does not go alone');
select is(t.get('a', t.decides(:visit, 'approved', 'headteacher', '{"lone": true}')), 'approved', 'but when the head decides that one may');
select is(t.listed(t.appends(:visit, 'departed')), 'lone-assessment', 'once lone working is assessed');
select t.must(t.assess(:visit, 'lone_working', 'headteacher')) \g /dev/null
select is(t.get('a', t.appends(:visit, 'departed')), 'departed', 'one goes alone');
select is(t.listed(t.decides(t.prepared(t.planned('tkat', '{"team": [{"staff_id": "@visitor", "lead": true}]}')), 'approved', 'headteacher', '{"lone": true}')), 'pair-rule',
	'tkat: no decision lets one go alone');
select t.prepared(t.planned('potton', '{"planned_end": "2025-11-19T16:00:00Z"}')) as visit \gset
select is(t.listed(t.decides(:visit, 'approved', 'headteacher')), 'school-hours', 'potton: outside school hours not without reason and contact');
select t.must(format('select id from api.visit_change(%s, %L, %L)', :visit, '{*}', '{"out_of_hours_reason": "Both work", "responsible_contact": "The head"}')) \g /dev/null
select is(t.get('a', t.decides(:visit, 'approved', 'headteacher')), 'approved', 'with both it is approved');
select t.must(format('insert into data.social_worker (pupil_id, name, from_on) select pupil_id, %L, %L from data.enrolment where school_urn = 900006', 'Ms Worker', '2025-01-01')) \g /dev/null
select t.approved(t.planned('thomas-more')) as visit \gset
select is(t.listed(t.appends(:visit, 'departed')) like 'social-worker-number %', true, 'thomas-more: the number of the social worker is at hand before the team departs');
update data.social_worker set phone = '07700 900900';
select is(t.happens(:visit, 'departed 13:40', 'arrived 14:00', 'left 15:00'), 'left', 'then it departs');
select is(t.state(:visit, 'social-worker-told', null, '2025-11-19T15:30Z') || ' ' || t.state(:visit, 'social-worker-told', null, '2025-11-19T15:30:01Z'), 'due late',
	'who is to be told before, or until half an hour after');
select t.must(t.appends(:visit, 'done', '{"clause": "social-worker-told", "at": "2025-11-19T15:20:00Z"}')) \g /dev/null
select is(t.get('a', format('select concat(state, met_late) from api.duty where visit_id = %s and clause = $$social-worker-told$$', :visit)), 'metf', 'told in time');

-- Emergencies: the visit goes ahead, what was unmet is on record and told once
select t.planned('tkat') as visit, t.planned('tkat') as late \gset
select is(t.problems('a', t.appends(:visit, 'departed', '{"emergency": true}'))::jsonb, '[{"pointer": "/reason", "detail": "is required: say why it cannot wait"}]', 'an emergency says why');
select is(t.get('a', t.appends(:visit, 'departed', '{"emergency": true, "reason": "The child is alone"}')), 'departed', 'an emergency goes ahead');
select is((select string_agg(distinct concat_ws(' ', kind, emergency, reason), ', ') from data.deviation where visit_id = :visit), 'breached t The child is alone', 'as breaches, with the reason');
select is((select string_agg(concat_ws(' ', d.clause, nullif(d.part, '')), ', ' order by c.position, d.part) from data.deviation d join data.visit v using (visit_id) join data.clause c using (policy_version_id, clause) where visit_id = :visit),
	'approval dsl, approval headteacher, risk-assessment, hazards, well-informed, phone charged, phone numbers, code-word', 'of each duty that was unmet');
select is((select string_agg(array_to_string(array(select r from unnest(roles) r order by r), '/'), '; ') from data.notification where visit_id = :visit and cause = 'breach'), 'headteacher/dsl', 'told once, to whom the policy has approve');
select is(t.get('a', format('select concat_ws($$ $$, state, breach_reason, emergency) from api.duty where visit_id = %s and clause = $$code-word$$', :visit)),
	'missed The child is alone t', 'the duty is missed, for that reason');
select is(t.happens(:late, 'departed 13:40'), 'departed', 'a departure that is recorded late is recorded');
select is((select at = '2025-11-19T13:40Z' and recorded_at > '2025-11-19T14:00Z' from data.event where visit_id = :late and kind = 'departed'), true, 'with both times');
select is((select count(*) || ' ' || bool_or(emergency) || ' ' || min(reason) from data.deviation where visit_id = :late and kind = 'breached'), '8 false The departure was recorded after it took place.', 'as breaches, too');
select is((select count(*) from data.notification where visit_id = :late and cause = 'breach'), 1::bigint, 'told once');
select t.planned('tkat') as visit \gset
select is(t.get('a', t.decides(:visit, 'approved', 'headteacher', '{"emergency": true, "reason": "The child is alone"}')), 'requested', 'an approval in an emergency');
select is((select string_agg(concat_ws(' ', clause, kind, by_staff_id = t.who('tkat', 'headteacher'), emergency), ', ' order by clause) from data.deviation where visit_id = :visit),
	'hazards waived t t, risk-assessment waived t t', 'waives what stands before it, by who approves');
select is(t.get('a', t.decides(:visit, 'approved', 'dsl')), 'approved', 'which the second approval need not do again');
select is(t.state(:visit, 'hazards'), 'waived', 'the duty is waived');
select matches((select string_agg(words, '; ') from data.notification where visit_id = :visit), '^In an emergency these duties were waived: hazards, risk-assessment', 'and that is told');

-- Refused, changed, approved anew
select t.approved(t.planned('potton')) as visit \gset
select is(t.visit_state(:visit), 'approved', 'potton: approved');
select is(t.problems('a', t.decides(:visit, 'refused', 'headteacher', '{"note": " "}'))::jsonb, '[{"pointer": "/note", "detail": "is required: say why the visit is refused"}]', 'a refusal says why');
select is(t.get('a', t.decides(:visit, 'refused', 'headteacher')), 'refused', 'refused after all');
select is(t.run('a', t.appends(:visit, 'departed')), 'DS409', 'the team does not depart');
select matches(t.why('a', t.appends(:visit, 'departed')), 'was refused', 'because it was refused');
select is(t.get('a', t.decides(:visit, 'approved', 'headteacher')), 'approved', 'the head may think better of it');
create function t.change(visit bigint, patch text) returns text
language sql return t.get('a', format('select state from api.visit_change(%s, %L, %L)', visit, '{*}', t.resolved(t.policy_of(visit), patch)));
select is(t.change(:visit, '{"necessity": "Still absent"}'), 'approved', 'what an approval does not cover can be changed');
select is(t.change(:visit, patch), 'requested', 'a change asks for approval again: ' || patch)
  from (values ('{"planned_end": "2025-11-19T15:10:00Z"}'), ('{"purpose": "meeting"}'), ('{"place": {"address": "2 Example Street"}}'),
               ('{"team": [{"staff_id": "@visitor", "lead": true, "phone": "1"}, {"staff_id": "@dsl", "phone": "1"}]}')) as v (patch),
       lateral t.must(t.decides(:visit, 'approved', 'headteacher', format('{"note": %s}', to_json(patch)))) as again;
select is(t.listed(t.appends(:visit, 'departed')), 'authorisation headteacher', 'and nobody departs before');
select is(t.get('a', t.decides(:visit, 'approved', 'headteacher')), 'approved', 'it is approved again');

-- Delegation, where a policy has it
select t.must(format('select id from api.delegation_add(%L)', t.resolved(p, format(
	'{"school_urn": %s, "from": "@headteacher", "to": "@deputy", "role": "headteacher", "from_on": "2025-01-01"}', t.urn(p))))) from unnest('{tkat,potton}'::text[]) p \g /dev/null
select is(t.run('a', t.decides(:visit, 'approved', 'colleague', '{"for": "@headteacher"}')), 'DS430', 'who was not delegated to decides for nobody');
select t.prepared(t.planned('potton')) as visit \gset
select t.get('a', t.decides(:visit, 'approved', 'deputy', '{"for": "@headteacher"}')) \g /dev/null
select is(t.visit_state(:visit), 'requested', 'potton: an approval that is delegated does not count');
select is(t.listed(t.appends(:visit, 'departed')), 'authorisation headteacher', 'and nobody departs on it');

-- Duties are waived by who may approve
select t.planned('tkat') as visit \gset
create function t.waives(visit bigint, clause text, role text) returns text
language sql return format('select state from api.duty_waive(%s, %L)', visit,
	t.resolved(t.policy_of(visit), format('{"clause": "%s", "by": "@%s", "reason": "No signal there"}', clause, role)));
select is(t.run('a', t.waives(:visit, 'code-word', role)), 'DS430', 'a duty is not waived by ' || role) from unnest('{visitor,deputy,leadership}'::text[]) role;
select is(t.get('a', t.waives(:visit, 'code-word', 'dsl')), 'waived', 'it is by who may approve');
select is(t.run('a', t.waives(:visit, clause, 'dsl')), 'DS409', clause || ': nothing is left to waive') from unnest('{code-word,reasons,allergies,nothing}'::text[]) clause;
select is(t.get('a', format('select concat(waived_by, waive_reason) from api.duty where visit_id = %s and clause = $$code-word$$', :visit)), t.who('tkat', 'dsl') || 'No signal there', 'it shows by whom and why');
select is(t.listed(t.appends(:visit, 'departed')) ~ 'code-word', false, 'and stands in nobody''s way');
select is((select count(*) from data.notification where visit_id = :visit), 0::bigint, 'which nobody need be told');

-- A dog that is not put away: the visit is cancelled, and whom the policy names is told
create table t.dog as
select p, whom, t.approved(t.planned(p)) as v from (values ('potton', 'headteacher'), ('morecambe', 'leadership')) as v (p, whom);
select is(t.happens(v, 'departed 13:40', 'arrived 14:00', 'aborted 14:02 {"because": "dangerous_animal"}', 'returned 14:20'), 'aborted',
	p || ': broken off because of a dog') from t.dog;
select is(concat_ws(' ', t.state(v, 'animals'), t.state(v, 'safety-reason', null, '2025-11-20T14:02Z'), t.state(v, 'safety-reason', null, '2025-11-20T14:02:01Z')),
	'met due late', p || ': as it ought to be, and the reason is to be told within a day') from t.dog;
select is(array_to_string(d.roles, '/') || (d.missing ~ 'in writing'), whom || (p = 'potton'), format('%s: to %s, in writing: %s', p, whom, p = 'potton'))
  from t.dog join data.duty d on d.visit_id = v and d.clause = 'safety-reason';

-- Weighing again changes nothing
select t.stored() as before, max(entry_id) as mark from audit.entry \gset
select duty.weigh(visit_id), duty.weigh(visit_id) from data.visit \g /dev/null
select is(t.stored(), :'before', 'weighing all visits twice changes nothing');
select is((select count(*) from audit.entry where entry_id > :mark), 0::bigint, 'and adds no audit entry');

-- What was met on the day is provable later
select t.approved(t.planned('potton', '{"purpose": "safeguarding", "team": [{"staff_id": "@visitor", "lead": true, "phone": "1"}, {"staff_id": "@dsl", "phone": "2"}]}')) as visit \gset
select t.happens(:visit, 'departed 13:40', 'arrived 14:00', 'left 15:00', 'returned 15:10') as state \gset
select t.must(format('select id from api.concern_add(%s, %L)', :visit, t.resolved('potton',
	'{"by": "@visitor", "pupil": "@pupil", "text": "Bruises", "serious": false, "at": "2025-11-19T14:30:00Z", "told_to": "@dsl", "told_at": "2025-11-19T14:30:00Z"}'))) \g /dev/null
create function t.standing(visit bigint) returns text
language sql return (select string_agg(concat_ws(' ', clause, part, duty.state(d, '2025-11-19T15:10Z'), d.met_at, d.evidence), '; ' order by duty_id) from data.duty d where d.visit_id = visit);
select t.standing(:visit) as before \gset
update data.staff_check set valid_until = '2025-11-19';
update data.training set valid_until = '2025-11-19';
update data.next_of_kin set until_on = '2025-11-19';
update data.post set roles = '{visitor}' where staff_id = t.who('potton', 'dsl');
select t.must(t.appends(:visit, 'note', '{"note": "The checks have run out"}')) \g /dev/null
select is(t.standing(:visit), :'before', 'checks that run out, courses, roles: what was met on the day of the visit stays met');
select is(t.state(t.planned('potton', '{"planned_start": "2025-11-20T14:00:00Z", "planned_end": "2025-11-20T15:00:00Z"}'), 'dbs'), 'due', 'for a visit of the next day it is not');

-- Versions and adoptions: what counts is the policy of the day of the visit
create function t.next_version(code text, name text, day text, clause text, parameters jsonb) returns void
language plpgsql
as $$
declare
	was data.policy_version;
begin
	select v.* into was from data.policy_version v where v.policy_code = code order by in_force_from desc limit 1;
	perform duty.load(jsonb_build_object('code', code, 'title', 'Next', 'version', name, 'source', 'A paper', 'in_force_from', day, 'reviewed', 'x',
		'reviewed_on', day, 'next_review', null, 'next_review_on', null, 'signatories', '[]'::jsonb, 'left_out', '[]'::jsonb, 'clauses', (
		select jsonb_agg(jsonb_build_object('clause', c.clause, 'place', c.place, 'words', c.words, 'kind', c.kind, 'strength', c.strength, 'rules', c.rules,
			'parameters', c.parameters || case c.clause when next_version.clause then next_version.parameters else '{}' end) order by c.position)
		  from data.clause c where c.policy_version_id = was.policy_version_id))::text, 'next.sql');
end;
$$;
create function t.version_of(visit bigint) returns text
language sql return (select p.policy_code || ' ' || p.version from data.visit v join data.policy_version p using (policy_version_id) where v.visit_id = visit);
create function t.on_day(day text) returns bigint
language sql return t.planned('tkat', format('{"planned_start": "%sT14:00:00Z", "planned_end": "%sT15:00:00Z"}', day, day));
select t.on_day('2025-11-19') as old, t.on_day('2025-11-21') as new, t.on_day('2025-11-24') as third, t.on_day('2025-11-19') as over \gset
select t.happens(:over, 'departed 13:40', 'returned 15:10') \g /dev/null
select t.next_version('tkat', 'November 2025', '2025-11-20', 'overdue', '{"minutes": 20}'), t.next_version('tkat', 'Delegable', '2025-11-22', 'approval', '{"delegable": true}') \g /dev/null
insert into data.policy_reading (staff_id, policy_version_id, read_on) select s.staff_id, v.policy_version_id, '2025-11-18'
  from data.staff s, data.policy_version v where s.staff_code like 'tkat %' and v.policy_code = 'tkat' on conflict do nothing;
select is(t.version_of(:old), 'tkat October 2024', 'a visit of a day before the new version keeps the old one');
select is(t.version_of(:new), 'tkat November 2025', 'one of its first days comes under it');
select is(t.version_of(:third), 'tkat Delegable', 'one of a later version under that');
select is((select count(*) from data.duty d join data.visit v using (visit_id) where visit_id in (:new, :third) and d.applies and d.policy_version_id <> v.policy_version_id), 0::bigint, 'with no duty of another');
select t.happens(visit, 'departed 13:40') from unnest(array[:old, :new]) visit \g /dev/null
select t.tick(at) from unnest('{2025-11-19T15:29:59Z,2025-11-19T15:30Z,2025-11-21T15:19:59Z,2025-11-21T15:20Z}'::text[]) at \g /dev/null
select is((select min(due_at) from data.escalation where visit_id = visit), due::timestamptz, 'its clocks are those of its version')
  from (values (:old, '2025-11-19T15:30Z'), (:new, '2025-11-21T15:20Z')) as v (visit, due);
select t.must(t.appends(:over, 'note', '{"note": "Later"}')) \g /dev/null
select is(t.version_of(:over), 'tkat October 2024', 'what is over keeps its version, whatever is added');
select is(t.get('a', t.decides(t.prepared(:third), 'approved', 'deputy', '{"for": "@headteacher"}')), 'requested', 'where approvals can be delegated, the deputy approves for the head');
select is(t.listed(t.appends(:third, 'departed')), 'approval dsl', 'which counts');
-- Of what is to come: what was not made a month after its day is let go.
select t.on_day('2046-11-26') as adopted, t.on_day('2046-11-23') as before \gset
insert into data.adoption (school_urn, follows_from, policy_code) values (900002, '2046-11-26', 'potton');
select is(t.version_of(:adopted), 'potton October 2025', 'a visit of the day on which another policy was adopted comes under that');
select is(t.version_of(:before), 'tkat Delegable', 'one of the day before does not');
select is((select string_agg(distinct v.policy_code, ' ') from data.duty d join data.policy_version v using (policy_version_id) where visit_id = :adopted and applies), 'potton', 'all of its duties are those of the new one');
select is(t.change(:before, '{"planned_start": "2046-11-26T14:00:00Z", "planned_end": "2046-11-26T15:00:00Z"}'), 'requested', 'a visit is put off');
select is(t.version_of(:before), 'potton October 2025', 'and comes under the policy of its new day');

-- Past its review: told once, a banner, no refusal
select t.tick(at) from unnest('{2025-11-19T15:30Z,2025-11-19T15:30Z,2025-11-20T15:30Z}'::text[]) at \g /dev/null
select results_eq($$ select school_urn, array_to_string(roles, '/'), clause, count(*) from data.notification where cause = 'review' group by 1, 2, 3 order by 1 $$,
	$$ values (900003, 'headteacher/governor', 'policy-review', 1::bigint), (900006, 'headteacher/governor', 'policy-review', 1) $$, 'of the policies that are past their review somebody is told, once');
select is(t.get('a', 'select policy_banner from api.school where urn = ' || t.urn(p)), banner, coalesce(p || ': ' || banner, p || ': no banner'))
  from (values ('rookeries', 'The policy was to be reviewed by October 2020: it is past its review date.'), ('thomas-more', 'The policy was to be reviewed by October 2018: it is past its review date.'),
               ('morecambe', null), ('none', null)) as v (p, banner);
select t.approved(t.planned('rookeries')) as visit \gset
select is(t.get('a', t.appends(:visit, 'departed')), 'departed', 'nothing is refused because of it');
select is(t.get('a', 'select policy_banner ~ $$October 2020$$ from api.board where id = ' || :visit), 'true', 'the board shows it');

-- The code word: nobody but the watch sees that it was said
select t.planned('tkat') as visit \gset
create function t.says(visit bigint, word text, note text) returns boolean
language plpgsql
as $$
begin
	perform t.must(format('select id from api.code_word_set(%s, %L)', visit, jsonb_build_object('word', word)));
	perform t.must(t.appends(visit, 'check_in', jsonb_build_object('note', note)::text));
	return (select e.duress from data.event e order by e.event_id desc limit 1);
end;
$$;
select is(t.says(:visit, word, note), duress, format('"%s": %s is %s the code word', word, coalesce(to_json(note)::text, 'nothing'), case when duress then 'said with' else 'without' end))
  from (values ('Purple Elephant', 'purple elephant', true), ('Purple Elephant', 'PURPLE, ELEPHANT!', true), ('Purple Elephant', 'Tell Ann that the purple-elephant costs nothing.', true),
	('Purple Elephant', E'purple\n  elephant', true), ('Purple Elephant', 'elephant purple', false), ('Purple Elephant', 'purple', false), ('Purple Elephant', 'purpleelephant', false),
	('Purple Elephant', 'a purple grey elephant', false), ('Purple Elephant', 'unpurple elephants', false), ('Purple Elephant', '', false), ('Purple Elephant', null, false),
	('gin', 'We begin.', false), ('gin', 'We drink Gin.', true), ('the cat sat on mats', 'and The CAT sat: on mats', true), ('the cat sat on mats', 'the cat sat on', false),
	('Café Noir', 'CAFÉ NOIR', true), ('42 apples', 'I bring 42 apples', true)) as v (word, note, duress);
select is(t.problems('a', format('select id from api.code_word_set(%s, %L)', :visit, jsonb_build_object('word', word)))::jsonb -> 0 ->> 'pointer', '/word', format('"%s" is no code word', word))
  from unnest('{ab,"!?.",one two three four five six}'::text[]) word;
select is(t.get('a', format('select array_agg(k order by k) from jsonb_object_keys((select to_jsonb(e) from api.event_append(%s, %L) e)) k', :visit, '{"kind": "check_in", "note": "purple elephant"}')),
	t.get('a', format('select array_agg(k order by k) from jsonb_object_keys((select to_jsonb(e) from api.event_append(%s, %L) e)) k', :visit, '{"kind": "check_in", "note": "all is well here"}')),
	'the answer has the same members');
select is(t.run('a', query, role), '42501', format('%s: %s is refused', role, query))
  from unnest('{select duress from data.event,select * from data.event,select hash from data.code_word,select event_id from data.event where duress}'::text[]) query, unnest('{doorstep_records,doorstep_reports}'::text[]) role;
select is_empty($$ select r from unnest('{doorstep_records,doorstep_register,doorstep_reports,doorstep_auth,doorstep_watch}'::text[]) r where has_column_privilege(r, 'data.event', 'duress', 'select') $$, 'no program reads whether it was said');
select is((select count(*) from audit.entry where record = 'data.event' and (after ? 'duress' or before ? 'duress')), 0::bigint, 'nor does the trail tell');
select is((select count(*) from audit.entry where record = 'data.code_word' and after ?| '{hash,salt}'), 0::bigint, 'nor the word');
select t.prepared(t.planned('tkat', '{"drill": true}')) as visit \gset
select t.happens(:visit, 'departed 13:40', 'arrived 14:00', 'check_in 14:30 {"note": "We look at the purple elephant"}') as state \gset
select is(:'state'::text, 'arrived', 'a check-in with it is a check-in');
select watch.tick() \g /dev/null
select is((select e.cause || ' ' || count(*) from data.escalation e join data.rung using (escalation_id) where e.visit_id = :visit and cause = 'code_word' group by e.cause), 'code_word 1', 'and opens the ladder of emergencies at once');
select t.client('onlooker', '{900002}', '{visits:read}') \g /dev/null
select is(t.get('onlooker', format('select concat(escalation, escalations) from api.board where id = %s', :visit)), '0', 'which who may not see alarms does not see');
select is(t.get('a', format('select escalation ->> $$cause$$ from api.board where id = %s', :visit)), 'code_word', 'and who may does');
select * from finish();
rollback;
