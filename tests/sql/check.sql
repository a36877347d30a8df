-- May these people make this visit: what stands against a plan, what is still
-- to be done for it, and who would make it lawful.
begin;
\ir helpers.sql
\ir visits_of.sql
select plan(51);
select t.set_up(p) from unnest('{none,tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p \g /dev/null

create function t.check(policy text, changes text, what text) returns text
language sql return t.get('a', format('select %s from api.visit_check(%L)', what, t.plan(policy, changes)));
create function t.lists(policy text, changes text, which text) returns text
language sql
return (select string_agg(distinct d ->> 'clause', ', ' order by d ->> 'clause') from jsonb_array_elements(t.check(policy, changes, which)::jsonb) d);
-- "colleague", or "colleague instead of visitor".
create function t.colleagues(policy text, changes text) returns text
language sql
return (select string_agg(split_part(s.staff_code, ' ', 2) || coalesce(' instead of ' || split_part(o.staff_code, ' ', 2), ''), ', '
               order by o.staff_code nulls first, s.staff_code)
          from jsonb_array_elements(t.check(policy, changes, 'colleagues')::jsonb) d
               join data.staff s on s.staff_id = (d ->> 'staff_id')::bigint left join data.staff o on o.staff_id = (d ->> 'instead_of')::bigint);
\set alone '{"team": [{"staff_id": "@visitor", "lead": true, "phone": "1"}]}'

-- Lawful as planned, and what is to be done for it
select is(t.check(p, '{}', 'lawful'), 'true', p || ': two of the staff may go on a school day') from unnest('{none,tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p;
select is(t.check(p, '{}', 'blockers'), '[]', p || ': nothing stands against it') from unnest('{none,tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p;
select is(t.lists(p, '{}', 'to_do'), to_do, p || ': ' || coalesce(to_do, 'nothing') || ' is to be done')
  from (values ('none', null), ('tkat', 'approval, code-word, hazards, phone, risk-assessment, well-informed'), ('rookeries', 'knowledge'),
               ('potton', 'authorisation, briefing, code-word, phone, risk-assessment'), ('morecambe', 'assessment-discussion, discussion'), ('thomas-more', 'agreed')) as v (p, to_do);
select is(t.check(p, '{}', 'colleagues'), '[]', p || ': nobody else is needed') from unnest('{none,tkat,potton}'::text[]) p;

-- What stands against a plan
select is(t.lists(p, plan, 'blockers'), blockers, format('%s: %s: %s', p, plan, coalesce(blockers, 'lawful')))
  from (values
	('tkat', :'alone', 'pair-rule'), ('potton', :'alone', 'pair-rule'), ('rookeries', :'alone', null), ('morecambe', :'alone', null), ('thomas-more', :'alone', null), ('none', :'alone', null),
	('tkat', '{"team": [{"staff_id": "@visitor", "lead": true}, {"name": "Nurse"}]}', null),
	('potton', '{"team": [{"staff_id": "@visitor", "lead": true, "phone": "1"}, {"name": "Nurse"}]}', 'pair-rule'),
	('tkat', '{"planned_end": "2025-11-19T18:01:00Z"}', 'no-evenings'),
	('potton', '{"planned_end": "2025-11-19T18:01:00Z"}', 'school-hours'),
	('potton', '{"planned_end": "2025-11-19T18:01:00Z", "out_of_hours_reason": "x", "responsible_contact": "y"}', null),
	('potton', '{"purpose": "safeguarding"}', 'dsl-joins'), ('thomas-more', '{"purpose": "safeguarding"}', null),
	('tkat', '{"necessity": null, "team": [{"staff_id": "@visitor", "lead": true}]}', 'essential, pair-rule'),
	('potton', '{"announced": false, "parents_told_by": null, "parents_agreed": false}', 'scheduled'),
	('potton', '{"vehicle": {"make": "Ford"}}', 'vehicle')) as v (p, plan, blockers);
select is(t.check('potton', :'alone', 'lawful'), 'false', 'what something stands against is not lawful');
select is(t.check('potton', :'alone', $$(blockers #>> '{0,missing}')$$), 'a team of at least 2, or the decision that one may go alone', 'it is told what is missing');

-- Who would make it lawful
select is(t.colleagues('tkat', :'alone'), 'assistant_head, colleague, deputy, dsl, headteacher, leadership, office', 'any colleague makes two of one');
select is(t.colleagues('potton', '{"purpose": "safeguarding"}'), 'dsl', 'the safeguarding lead, and nobody else, makes a safeguarding visit lawful');
select is(t.colleagues('tkat', '{"planned_end": "2025-11-19T18:01:00Z"}'), null, 'nobody makes the evening lawful');
delete from data.staff_check where staff_id = t.who('potton', 'visitor');
update data.staff_check set valid_until = '2025-11-18' where staff_id in (t.who('potton', 'deputy'), t.who('potton', 'office'));
select is(t.colleagues('potton', '{}'), 'assistant_head instead of visitor, dsl instead of visitor, headteacher instead of visitor, leadership instead of visitor',
	'instead of who has no check whoever has one can go');
select t.planned('potton', '{"planned_start": "2025-11-19T14:59:00Z", "team": [{"staff_id": "@dsl", "lead": true, "phone": "1"}, {"staff_id": "@headteacher", "phone": "1"}]}') as busy,
       t.planned('potton', '{"planned_start": "2025-11-19T15:00:00Z", "planned_end": "2025-11-19T15:30:00Z", "team": [{"staff_id": "@leadership", "lead": true, "phone": "1"}, {"staff_id": "@office", "phone": "1"}]}') as after \gset
select is(t.colleagues('potton', '{}'), 'assistant_head instead of visitor, leadership instead of visitor', 'not who is planned for another visit then, but who is for one that begins as this ends');
select t.happens(:busy, 'cancelled 10:00') \g /dev/null
select is(t.colleagues('potton', '{}') ~ 'dsl', true, 'when that is cancelled they are free');

-- Nothing of it stays
create function t.everything() returns text
language sql
return concat_ws(' ', (select count(*) from data.visit), (select count(*) from data.duty), (select count(*) from data.team_member), (select count(*) from data.approval_request),
	(select max(entry_id) from audit.entry));
select t.everything() as before \gset
select is(t.check('potton', :'alone', 'lawful'), 'false', 'a plan is looked at');
select is(t.everything(), :'before', 'and nothing of that stays');
select is(t.run('a', format('select * from api.visit_check(%L)', t.plan('tkat', '{"planned_end": "2025-11-19T14:00:00Z"}'))), 'DS422', 'what is no plan is refused');
select is(t.problems('a', format('select * from api.visit_check(%L)', t.plan('tkat', '{"planned_end": "2025-11-19T14:00:00Z", "team": [], "pupils": [999999]}')))::jsonb,
	'[{"pointer": "/planned_end", "detail": "must be after planned_start"}, {"pointer": "/pupils/0", "detail": "is not a pupil of this school"},
	  {"pointer": "/team", "detail": "needs exactly one member with \"lead\": true"}]', 'with every problem');
select t.client('other', '{900003}') \g /dev/null
select is(t.run('other', format('select * from api.visit_check(%L)', t.plan('potton'))), 'DS422', 'a client looks at plans of its schools only');

-- Two are needed where a hazard asks for them, whatever the head decides
select t.prepared(t.planned('potton', '{"team": [{"staff_id": "@colleague", "lead": true, "phone": "1"}], "place": {"address": "9 Dog Lane", "postcode": "ZZ1 9ZZ"}}')) as visit \gset
insert into data.hazard (school_urn, kind, address, postcode, place_key, go_in_pairs, control, by_staff_id, review_on)
select 900002, 'aggression', a, p, data.place_key(a, p), true, 'Go in pairs', t.who('tkat', 'headteacher'), '2030-01-01' from (values ('9, Dog Lane', 'zz19zz')) as v (a, p);
select is(t.run('a', t.decides(:visit, 'approved', 'headteacher', '{"lone": true}')), 'DS409', 'nobody goes alone where a school of the trust says that two are to go');

select * from finish();
rollback;
