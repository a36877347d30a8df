-- Risk assessments and hazards: what each asks for, what is reused, what every
-- school must know and what none but one may, and what a change weighs anew.
begin;
\ir helpers.sql
select plan(58);

select t.school(900001), t.school(900002, 'potton'), t.school(900003),
       t.client('a', '{900001}', '{visits:read,visits:write,risk:read,risk:write}'),
       t.client('b', '{900002}', '{visits:read,risk:read,risk:write}'),
       t.client('visits', '{900001}', '{visits:read,visits:write}'),
       t.client('reader', '{900001}', '{visits:read,risk:read}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as other, t.pupil(3, 900002) as sibling,
       t.staff('A1', 900001) as staff, t.staff('A2', 900001) as second, t.staff('B1', 900002) as staff_b \gset
select t.visit(900001, :pupil, :staff) as visit, t.visit(900001, :other, :staff) as visit_other,
       t.visit(900002, :sibling, :staff_b) as visit_b \gset
update data.visit set address = '1 Elsewhere Road' where visit_id in (:visit_b, :visit_other);
insert into data.team_member (visit_id, school_urn, position, name) values (:visit, 900001, 2, 'Social Worker');
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility, phone)
values (:pupil, 'Pat', 'Example', 'father', true, '07700 900 123') returning contact_id as contact \gset
insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility, phone)
values (:sibling, 'PAT', 'Example', 'dad', true, '+44 7700 900123') returning contact_id as contact_b \gset
select duty.weigh(visit_id) from data.visit \g /dev/null

create function t.assess(client text, visit bigint, more jsonb) returns text
language sql
return t.get(client, format('select id from api.visit_assessment_add(%s, %L)', visit,
	jsonb_build_object('kind', 'visit', 'level', 'low', 'proceed', true) || more));
create function t.assess_problems(visit bigint, more jsonb) returns text
language sql
return (select string_agg(p ->> 'pointer', ' ' order by p ->> 'pointer') from jsonb_array_elements(
	t.problems('a', format('select id from api.visit_assessment_add(%s, %L)', visit,
		jsonb_build_object('kind', 'visit', 'level', 'low', 'proceed', true) || more))::jsonb) as p);
create function t.hazard(client text, more jsonb) returns text
language sql
return t.get(client, format('select id from api.hazard_add(%L)',
	jsonb_build_object('kind', 'animal', 'control', 'Ask for the dog to be put away', 'story', 'It bit Zyzzyva',
		'review_on', '2099-01-01') || more));
create function t.state(visit bigint, kind text) returns text
language sql
return (select string_agg(distinct duty.state(d, now())::text, ' ') from data.duty d join data.clause c using (policy_version_id, clause)
         where d.visit_id = visit and c.kind = state.kind);
select jsonb_build_object('by', :staff) as by \gset

-- Assessments of a visit
select is(t.state(:visit, 'risk_assessment'), 'due', 'a visit without a risk assessment owes one');
select t.assess('a', :visit, jsonb_build_object('by', :staff, 'staff_needed', 2, 'review_on', '2099-01-01', 'hazards', '[
	{"kind": "animal", "hazard": "A dog", "who": "The team", "how": "Bites", "level": "medium", "reduction": "Lead", "success": "No bite"},
	{"kind": "other", "hazard": "Ice", "level": "low"}]'::jsonb)) as made \gset
select is((select count(*)::int from data.risk_hazard where assessment_id = :made), 2, 'an assessment keeps its hazards');
select is(t.get('a', format('select hazards ->> 1 from api.risk_assessment_list() where id = %s', :made))::jsonb ->> 'hazard', 'Ice',
	'in their order');
select is(t.get('a', format('select hazards_text from api.risk_assessment_list() where id = %s', :made)),
	E'animal (A dog): medium: who: The team; how: Bites; reduced by: Lead; success: No bite\nother (Ice): low: ',
	'and in words for flat formats');
select is(t.state(:visit, 'risk_assessment'), 'met', 'the assessment meets the duty');
select is(t.state(:visit, 'assessed_team'), 'met', 'two go where it asks for two');
select is(t.assess_problems(:visit, :'by'), null, 'what fits has no problem');
select is(t.assess_problems(:visit, jsonb_build_object('by', :staff_b, 'at', now() + interval '1 hour', 'review_on', '2020-01-01',
	'pupil', :pupil, 'staff', :staff, 'replaces', 0, 'hazards', '[{"kind": "other", "level": "low"}]'::jsonb)),
	'/at /by /hazards/0/hazard /pupil /replaces /review_on /staff', 'all that does not fit is told at once');
select is(t.assess_problems(:visit, :'by' || '{"hazards": [{"kind": "other", "hazard": " ", "level": "low"}]}'::jsonb),
	'/hazards/0/hazard', 'blanks are no words');
select is(t.assess('a', 0, :'by'), 'DS404', 'there must be such a visit');
select is(t.assess('b', :visit, :'by'), 'DS404', 'another school''s visit is none');
select is(t.assess('visits', :visit, :'by'), '42501', 'without the scope nothing is assessed');
select is(t.run('visits', 'select * from api.risk_assessment_list()'), '0 rows', 'or seen');
select is(t.assess('reader', :visit, :'by'), '42501', 'and who reads does not write');

-- Who is assessed
select t.assess('a', :visit, :'by' || '{"kind": "first_visit"}'::jsonb) as first,
       t.assess('a', :visit, :'by' || '{"kind": "lone_working"}'::jsonb) as lone \gset
select is(pupil_id, :pupil::bigint, 'the only pupil is taken') from data.risk_assessment where assessment_id = :first;
select is(staff_id, :staff::bigint, 'so is the only member of staff') from data.risk_assessment where assessment_id = :lone;
insert into data.visit_pupil values (:visit, 900001, :other, 2);
insert into data.team_member (visit_id, school_urn, position, staff_id) values (:visit, 900001, 3, :second);
select is(t.assess_problems(:visit, :'by' || '{"kind": "first_visit"}'::jsonb), '/pupil', 'of several one is named');
select is(t.assess_problems(:visit, :'by' || '{"kind": "lone_working"}'::jsonb), '/staff', 'likewise of the staff');
select is(t.assess_problems(:visit, jsonb_build_object('by', :staff, 'kind', 'first_visit', 'pupil', :sibling)), '/pupil',
	'it is one of the visit');

-- What replaces what
select t.assess('a', :visit, jsonb_build_object('by', :staff, 'replaces', :made, 'level', 'high')) as newer \gset
select is((select replaces from data.risk_assessment where assessment_id = :newer), :made::bigint, 'an update replaces the former');
select is(t.get('a', format('select replaced_by from api.risk_assessment_list() where id = %s', :made)), :'newer', 'which says so');
select is(t.assess_problems(:visit, jsonb_build_object('by', :staff, 'replaces', :made)), '/replaces', 'nothing is replaced twice');
select is(t.assess_problems(:visit, jsonb_build_object('by', :staff, 'kind', 'discussion', 'replaces', :newer)), '/replaces',
	'nor by another kind');
select is(t.assess_problems(:visit_other, jsonb_build_object('by', :staff, 'replaces', :newer)), '/replaces',
	'nor by that of another visit');
select is((duty.assessment(v)).assessment_id, :newer::bigint, 'the duties look at the newest') from data.visit v where visit_id = :visit;
select throws_ok($$ update data.risk_assessment set level = 'low' $$, 'DS409', null, 'no assessment is changed');
select throws_ok('delete from data.risk_hazard', 'DS409', null, 'no row of the form goes');

-- General ones, and what is reused
select is(t.get('a', format('select kind from api.general_assessment_add(%L)', jsonb_build_object('school_urn', 900001, 'by', :staff,
	'level', 'low', 'proceed', true, 'review_on', '2027-06-01', 'at', '2026-01-01T10:00:00Z'))), 'general', 'a general one is of the school');
select is(t.problems('a', format('select * from api.general_assessment_add(%L)', jsonb_build_object('school_urn', 900002, 'by', :staff,
	'level', 'low', 'proceed', true)))::jsonb #>> '{0,pointer}', '/school_urn', 'of one that the client sees');
select is(t.get('a', format($$ select string_agg(kind || ' ' || reused, ', ' order by kind) from api.visit_assessment_list(%s)
	where replaced_by is null and kind <> 'visit' $$, :visit_other)), 'general true', 'every visit reuses it');
select t.visit(900001, :pupil, :staff) as later \gset
select is(t.get('a', format($$ select string_agg(kind || ' ' || reused, ', ' order by kind) from api.visit_assessment_list(%s) $$, :later)),
	'general true, first_visit true', 'and that of the first visit to the home');
select is(t.get('a', format($$ select count(*) from api.visit_assessment_list(%s) where not reused $$, :visit)), '5',
	'what was made for the visit is not reused');
select is(t.run('a', format('select * from api.visit_assessment_list(%s)', :visit_b)), 'DS404', 'another school''s visit has no list');
select is(t.run('b', 'select * from api.risk_assessment_list()'), '0 rows', 'another school''s assessments are not seen');
select is(t.get('a', 'select count(*) from api.risk_assessment_list(kind => $$general$$, due_for_review => false)'), '1', 'by kind and review');

-- Hazards
select t.hazard('a', jsonb_build_object('school_urn', 900001, 'by', :staff, 'place', jsonb_build_object('address', '1 Elsewhere  Road.'),
	'go_in_pairs', true)) as dog \gset
select is(t.state(:visit_b, 'assessment_updated'), 'not_applicable', 'without an assessment there is none to update');
select is(t.get('b', format('select control || $$ $$ || own from api.visit_hazard_list(%s)', :visit_b)),
	'Ask for the dog to be put away false', 'a school that goes there sees the control');
select is(t.get('a', format('select own from api.visit_hazard_list(%s)', :visit_other)), 'true', 'who noted it knows it as its own');
select is(t.get('b', format('select row_to_json(h) from api.visit_hazard_list(%s) h', :visit_b))::jsonb ?| '{story,school_urn,by}', false,
	'but neither what happened nor where');
select is(t.run('b', 'select * from api.hazard_list()'), '0 rows', 'the note itself is the school''s');
select is(t.run('b', format('select * from api.hazard_read(%s)', :dog)), '0 rows', 'and cannot be read by its number');
select is(t.get('b', format('select * from api.hazard_change(%s, $${*}$$, $${}$$)', :dog)), 'DS404', 'or changed');
select is(t.run('b', format('select * from data.hazards_of(%s)', :visit)), '0 rows', 'of a foreign visit nothing is told');
select is(t.run('a', format('select * from api.visit_hazard_list(%s)', :visit_b)), 'DS404', 'a foreign visit is none');
select is(t.run('visits', format('select * from api.visit_hazard_list(%s)', :visit_other)), '1 rows', 'who reads visits knows of hazards');
select is(t.run('visits', 'select * from api.hazard_list()'), '0 rows', 'but not their stories');
select is(t.state(:visit_b, 'animals'), 'due', 'the visits of every school there are weighed anew');
select is(t.run('a', format('select * from api.hazard_change(%s, $${*}$$, $${"ended_on": "2026-01-13"}$$)', :dog)), '1 rows', 'a hazard ends');
select is(t.run('b', format('select * from api.visit_hazard_list(%s)', :visit_b)), '0 rows', 'then nobody is told');
select is(t.state(:visit_b, 'animals'), 'not_applicable', 'and nobody owes anything for it');

-- People
select t.hazard('a', jsonb_build_object('school_urn', 900001, 'by', :staff, 'contact', :contact)) as person \gset
select is(t.get('b', format('select count(*) from api.visit_hazard_list(%s)', :visit_b)), '1', 'a parent is known at the school of a sibling');
update data.contact set phone = '07700 900999' where contact_id = :contact;
select is(t.get('b', format('select count(*) from api.visit_hazard_list(%s)', :visit_b)), '1', 'as they were known');
update data.contact set phone = '07700900999' where contact_id = :contact_b;
select is(t.get('b', format('select count(*) from api.visit_hazard_list(%s)', :visit_b)), '1', 'and as they are known now');
update data.contact set phone = null where contact_id = :contact;
select is(t.get('a', format('select count(*) from api.visit_hazard_list(%s)', :visit)), '1', 'their own school knows them without a number');

-- What does not fit
select is(t.problems('a', $$ select * from api.hazard_add('{"school_urn": 900001, "control": "x", "kind": "other", "review_on": "2099-01-01"}') $$),
	'[{"detail": "is required, or a contact", "pointer": "/place"}]', 'a hazard is of something');
select is((select string_agg(p ->> 'pointer', ' ') from jsonb_array_elements(t.problems('a', format('select * from api.hazard_add(%L)',
	jsonb_build_object('school_urn', 900002, 'by', :staff_b, 'contact', :contact_b, 'control', 'x', 'kind', 'other',
		'review_on', '2099-01-01')))::jsonb) as p), '/school_urn /by /contact', 'of what the client sees');
select is(t.get('a', format('select * from api.hazard_change(%s, $${99}$$, $${"control": "y"}$$)', :person)), 'DS412', 'a stale change is refused');
select is(t.problems('a', format('select * from api.hazard_change(%s, $${1}$$, $${"ended_on": "2199-01-01"}$$)', :person))::jsonb #>> '{0,pointer}',
	'/ended_on', 'nothing ends in the future');

select * from finish();
rollback;
