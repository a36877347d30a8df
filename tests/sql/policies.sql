-- The home-visit policies: what the five state is carried, as their sources
-- say it; a sixth is one more file; a bad one is refused whole.
begin;
\ir helpers.sql
\ir rules.sql

create temporary view version as
select v.policy_code as policy, v.* from data.policy_version v
 where v.policy_code in ('tkat', 'rookeries', 'potton', 'morecambe', 'thomas-more');
create temporary view clause as
select v.policy, c.* from data.clause c join version v using (policy_version_id);
create temporary view stated as
select r.*, policy from t.rule r, unnest(r.policies) as policy;
create temporary view carried as
select distinct c.policy, rule from clause c, unnest(c.rules) as rule;
create temporary view left_out as
select v.policy, l.rule from data.rule_left_out l join version v using (policy_version_id);

select plan(97);

-- Every rule of every policy
select is((select count(*) from t.rule), 97::bigint, 'the rules of all policies are 97');
select results_eq('select section, count(*)::int from t.rule group by section order by section',
	$$ values (1, 6), (2, 6), (3, 6), (4, 6), (5, 13), (6, 9), (7, 14), (8, 13), (9, 10), (10, 6), (11, 8) $$,
	'so many in each part');
select set_eq('select policy, count(*)::int from stated group by policy', $$ values
	('tkat', 59), ('rookeries', 31), ('potton', 76), ('morecambe', 43), ('thomas-more', 42) $$,
	'and the five policies state so many of them');
select is_empty(format('select rule, words from stated where policy = %1$L and rule not in (
		select rule from carried where policy = %1$L union all select rule from left_out where policy = %1$L)', policy),
	format('%s: of %s rules that it states, %s clauses carry %s, and %s are left out with the reason', policy,
		(select count(*) from stated s where s.policy = v.policy), (select count(*) from clause c where c.policy = v.policy),
		(select count(*) from carried c where c.policy = v.policy), (select count(*) from left_out l where l.policy = v.policy)))
  from version v order by policy;
select is_empty(format('select rule from (select * from carried union all select * from left_out) as claimed
		where policy = %1$L and rule not in (select rule from stated where policy = %1$L)', policy),
	policy || ': nothing is claimed that it does not state')
  from version order by policy;
select is_empty(format('select rule from carried where policy = %1$L intersect
		select rule from left_out where policy = %1$L', policy),
	policy || ': no rule is both carried and left out')
  from version order by policy;
select is_empty($$ select policy, clause from clause c where not exists (
		select from data.clause_kind k where k.kind = c.kind
		   and (k.about <> 'visit' or to_regprocedure(format('duty.%I(data.visit, data.clause)', k.kind)) is not null)) $$,
	'every kind that a clause has exists, with its function');
select is_empty('select kind from data.clause_kind except select kind from clause', 'every kind is used');
select is_empty($$ select policy, clause from clause
	where parameters ?| '{minutes,hours,step_minutes,minutes_after}' and not parameters ? 'assumed'
	  and (policy, clause) not in (values ('potton', 'wait'), ('potton', 'check-in-call'), ('potton', 'school-hours'),
	       ('morecambe', 'wait'), ('morecambe', 'wait-after-notice')) $$,
	'a number that the source does not state is said to be assumed');

-- When they were reviewed, and by whom
select results_eq('select policy, version, in_force_from, reviewed_on, next_review, next_review_on from version order by policy',
	$$ values ('morecambe', 'March 2024', date '2024-03-01', date '2024-03-01', null, null::date),
	('potton', 'October 2025', '2025-10-01', '2025-10-01', 'October 2026', '2026-10-31'),
	('rookeries', 'October 2019', '2019-10-01', '2019-10-01', 'October 2020', '2020-10-31'),
	('thomas-more', 'October 2017', '2017-10-01', '2017-10-01', 'October 2018', '2018-10-31'),
	('tkat', 'October 2024', '2024-10-01', '2024-10-01', 'Autumn 2026', '2026-12-31') $$,
	'the dates are those of the sources');
select set_eq($$ select policy, s.* from version, jsonb_to_recordset(signatories) as s (name text, role text, "on" text) $$,
	$$ values ('potton', 'J Watts', 'Headteacher', '2025-10-07'), ('potton', 'M Shiells', 'Chair of governors', '2025-10-09'),
	('thomas-more', 'Mr James Kearns', 'author', null), ('thomas-more', 'Mrs Ruth Holden', 'reviewer', null),
	('thomas-more', 'Josephine Okokon', 'reviewer', null) $$,
	'the signatories are those of the sources');

-- What they ask for, and how strongly
create function t.asks(policy text, kind text) returns text
language sql stable
return (select string_agg(format('%s %s', c.strength, c.parameters - 'assumed' - 'ladder' - 'tell'), '; ' order by c.position)
          from clause c where (c.policy, c.kind) = (asks.policy, asks.kind));
create function t.ladder(policy text, kind text) returns text
language sql stable
return (select string_agg(concat_ws(' if ', rung ->> 'words', rung ->> 'condition'), ' > ' order by n)
          from clause c, jsonb_array_elements(c.parameters -> 'ladder') with ordinality as l (rung, n)
         where (c.policy, c.kind) = (ladder.policy, ladder.kind));

select is(t.asks(policy, kind), asked, format('%s: %s', policy, title))
from (values
	('tkat', 'team_size', 'must {"at_least": 2, "outside_counts": true}', 'pairs'),
	('potton', 'team_size', 'must {"at_least": 2, "outside_counts": false, "unless_decided_by": ["headteacher"]}',
	 'two, unless the headteacher decides otherwise'),
	('morecambe', 'team_size', 'advised {"at_least": 2, "outside_counts": false}', 'two are advised'),
	('thomas-more', 'team_size', 'should {"at_least": 2, "outside_counts": true}', 'should be pairs'),
	('rookeries', 'team_size', null, 'no pair rule'),
	('rookeries', 'lone_sensitivity', 'should {}', 'but culture is considered'),
	('tkat', 'approval', 'must {"need": "all", "word": "approve", "roles": ["headteacher", "dsl"], "delegable": false}',
	 'two approve'),
	('rookeries', 'approval', 'must {"need": "any", "word": "knowledge", "roles": ["headteacher", "assistant_head"]}',
	 'one of two knows'),
	('potton', 'approval', 'must {"need": "all", "word": "approve", "roles": ["headteacher"], "delegable": false}',
	 'the headteacher approves'),
	('morecambe', 'approval', 'must {"need": "any", "word": "discussion", "roles": ["leadership"]}', 'leadership discusses'),
	('thomas-more', 'approval',
	 'must {"need": "any", "word": "agreement", "roles": ["headteacher", "deputy", "assistant_head", "leadership"]}',
	 'senior staff agree'),
	('potton', 'dsl_joins', 'must {"roles": ["dsl"]}', 'the safeguarding lead joins'),
	('tkat', 'no_evenings', 'must {"from": "18:00"}', 'no evenings'),
	('tkat', 'school_hours', 'advised {"outside": "advised", "minutes_after": 60}', 'the school day or right after it'),
	('potton', 'school_hours', 'must {"outside": "reason_and_contact", "minutes_after": 0}', 'outside it with a contact'),
	('potton', 'check_in_call', 'must {"minutes": 10}', 'the office calls after 10 minutes'),
	('potton', 'wait_for_parents', 'must {"notice": "any", "minutes": 15}', 'wait 15 minutes'),
	('morecambe', 'wait_for_parents',
	 'should {"notice": "none", "minutes": 20, "prearranged": true}; should {"notice": "given", "minutes": 30}',
	 'wait 20 minutes, 30 with notice'),
	('tkat', 'entry_with_adult', 'must {"not_for": ["safeguarding"]}', 'no entry without an adult but for safeguarding'),
	('potton', 'entry_with_adult', 'must {}', 'never'),
	('morecambe', 'entry_with_adult', 'must {}', 'never'),
	('thomas-more', 'entry_with_adult',
	 'should {"not_for": ["attendance", "unexplained_absence", "school_refusal", "suspected_holiday"]}', 'but for attendance'),
	('potton', 'animals', 'must {}', 'animals away, or cancelled'),
	('morecambe', 'animals', 'must {}', 'animals away, or cancelled'),
	('thomas-more', 'social_worker_told', 'must {"minutes_after": 30}', 'the social worker is told before or right after'),
	('potton', 'legal_referral', 'must {"months": 3, "below_percent": 70}', 'below 70 percent over three months'),
	('morecambe', 'legal_referral', 'must {"months": 3, "falling": true}', 'falling over three months'),
	('tkat', 'overdue', 'must {"anchor": "end", "minutes": 30, "step_minutes": 10}', 'overdue 30 minutes after the end'),
	('potton', 'overdue', 'must {"anchor": "no_answer", "minutes": 0, "step_minutes": 10}', 'overdue without an answer'),
	('thomas-more', 'overdue', 'must {"anchor": "return", "minutes": 0, "step_minutes": 10}', 'overdue after the agreed return'),
	('rookeries', 'overdue', null, 'no ladder for who is overdue'),
	('morecambe', 'overdue', null, 'no ladder for who is overdue')) as c (policy, kind, asked, title);
select matches(t.asks('potton', 'safety_reason'), '^must .*"to": \["headteacher"\].*"in_writing": true',
	'potton: the headteacher has the reason in writing');
select matches(t.asks('morecambe', 'safety_reason'), '^must .*"to": \["leadership"\].*"in_writing": false',
	'morecambe: leadership has the reason');
select is((select strength from clause where (policy, clause) = ('thomas-more', 'letter-posted')), 'must',
	'thomas-more: the letter must be posted');

-- Who is looked for, and by whom, in this order
select is(t.ladder(policy, kind), ladder, format('%s: %s', policy, kind))
from (values
	('tkat', 'overdue', 'Contact the visitor. > Inform the leadership team or the headteacher.'
	 ' > Leadership or headteacher try to contact the visitor. > Leadership contact the visitor''s next of kin.'
	 ' > Ask the family visited when they last saw the visitor, and to speak to them if still there.'
	 ' > Inform the police. if no contact can be made, or there is concern for the visitor'),
	('potton', 'overdue', 'Notify the headteacher as soon as possible. > The headteacher decides on the response.'
	 ' > Contact the police. if there is concern for the visitor''s welfare'),
	('thomas-more', 'overdue', 'Ring the visitor''s mobile phone.'
	 ' > Call the police. if there is no answer and reasonable cause for concern'),
	('morecambe', 'emergency', 'See that the police has been called to the visitor, who calls them first. > The visitor notifies the office.'),
	('thomas-more', 'emergency', 'Call the police immediately, to the home that is visited.'),
	('tkat', 'emergency', 'The code word has alerted the school: the visitor is in danger. > The visitor leaves the property.'
	 ' > Call 999. if the code word fails, or anyone is at immediate risk > Report to the headteacher.')) as l (policy, kind, ladder);

-- A sixth policy is one more file
create function t.document(changes jsonb default '{}', clause_changes jsonb default '{}') returns text
language sql stable
return (jsonb_build_object('code', 'sixth', 'title', 'A sixth', 'version', '1', 'source', 'A paper',
	'in_force_from', '2026-09-01', 'reviewed', 'September 2026', 'reviewed_on', '2026-09-01',
	'next_review', null, 'next_review_on', null, 'signatories', '[]'::jsonb,
	'clauses', jsonb_build_array(jsonb_build_object('clause', 'three', 'place', 'Page 1', 'words', 'Three go.',
		'kind', 'team_size', 'strength', 'must', 'parameters', '{"at_least": 3}'::jsonb, 'rules', '["pair-rule"]'::jsonb)
		|| clause_changes),
	'left_out', '[{"rule": "debrief", "reason": "It has none."}]'::jsonb) || changes)::text;
create function t.load(document text) returns text
language plpgsql volatile
as $$
begin
	perform duty.load(document, 'sixth.sql');
	return 'loaded';
exception when sqlstate 'DS422' then
	return sqlerrm;
end;
$$;
create function t.stored() returns text
language sql stable
return (select string_agg(concat_ws(' ', v.policy_version_id, p.title, v.xmin, p.xmin,
	(select string_agg(c::text || c.xmin, ' ' order by c.position) from data.clause c
	  where c.policy_version_id = v.policy_version_id)), ' ' order by v.policy_version_id)
	  from data.policy p join data.policy_version v on v.policy_code = p.code);

select t.stored() as before \gset
select is(t.load(document), 'sixth.sql: ' || problems, why)
from (values
	('{', 'is no JSON: The input string ended unexpectedly.', 'what is no JSON'),
	('[]', 'is no object', 'what is no object'),
	(t.document('{"code": "Sixth", "extra": 1}'), E'extra is unknown\nsixth.sql: code must be a name like thomas-more',
	 'a bad code, an unknown member'),
	((t.document()::jsonb - 'source')::text, 'source is missing', 'a member is missing'),
	(t.document('{"reviewed_on": "2026-02-30"}'), 'reviewed_on must be a day like 2024-10-01', 'a day that there is not'),
	(t.document('{"next_review_on": "2027-09-30"}'), 'next_review must be a text, or null like next_review_on',
	 'a review without words'),
	(t.document('{"next_review": "July 2026", "next_review_on": "2026-07-31"}'),
	 'next_review_on must be after reviewed_on', 'a review before the last'),
	(t.document('{"clauses": []}'), 'clauses must not be empty', 'no clause'),
	(t.document('{}', '{"kind": "pairs"}'), 'clause three: kind pairs is unknown', 'a kind that there is not'),
	(t.document('{}', '{"strength": "may"}'), 'clause three: strength must be one of must, should, advised', 'a bad strength'),
	(t.document('{}', '{"rules": []}'), 'clause three: rules must be a list of at least one', 'a clause without a rule'),
	(t.document('{}', '{"parameters": {}}'), 'clause three: parameter at_least is missing', 'a parameter is missing'),
	(t.document('{}', '{"parameters": {"at_least": 3, "most": 4}}'), 'clause three: parameter most is unknown to team_size',
	 'a parameter that the kind has not'),
	(t.document('{}', '{"parameters": {"at_least": "3"}}'), 'clause three: parameter at_least must be a whole number from 2 to 5',
	 'a parameter of the wrong type'),
	(t.document('{}', '{"parameters": {"at_least": 99}}'), 'clause three: parameter at_least must be a whole number from 2 to 5',
	 'a parameter out of range'),
	(t.document('{}', '{"parameters": {"at_least": 3, "outside_counts": 1, "unless_decided_by": ["dsl", "dsl"]}}'),
	 E'clause three: parameter outside_counts must be true or false\n'
	 'sixth.sql: clause three: parameter unless_decided_by names something twice', 'all problems are told at once'),
	(t.document('{}', '{"kind": "no_evenings", "parameters": {"from": "25:00", "assumed": ""}}'),
	 E'clause three: parameter from must be a time like 18:00\nsixth.sql: clause three: parameter assumed must be a text',
	 'a time that there is not'),
	(t.document('{}', '{"kind": "emergency", "parameters": {"step_minutes": 5, "ladder": [{"words": "Call.", "roles": []}]}}'),
	 'clause three: parameter ladder rung 1: roles must be a list of at least one', 'a rung that nobody climbs'),
	(t.document('{}', '{"kind": "governance", "parameters": {"statements": ["x"], "only_for": ["attendance"]}}'),
	 'clause three: parameter only_for is unknown to governance', 'purposes of what is no visit'),
	(jsonb_set(t.document()::jsonb, '{clauses,1}', t.document()::jsonb #> '{clauses,0}')::text,
	 'clause three: is there twice', 'a clause that is there twice'),
	(t.document('{}', '{"rules": ["debrief"]}'), 'rule debrief: both carried by clause three and left out',
	 'a rule both carried and left out')) as bad (document, problems, why);
select matches(t.load(t.document('{}', '{"parameters": {"at_least": 3, "only_for": ["beer"]}}')),
	'^sixth.sql: clause three: parameter only_for does not know beer; it knows attendance, ', 'a word that there is not');
select is(t.stored(), :'before', 'of none of them anything is stored');

select is(t.load(t.document()), 'loaded', 'a sixth policy is loaded');
select results_eq($$ select clause, position, words, kind, parameters, strength::text, rules from data.clause
	join data.policy_version using (policy_version_id) where policy_code = 'sixth' $$,
	$$ values ('three', 1, 'Three go.', 'team_size', '{"at_least": 3}'::jsonb, 'must', '{pair-rule}'::text[]) $$,
	'with its clauses');
select results_eq($$ select rule, reason from data.rule_left_out join data.policy_version using (policy_version_id)
	where policy_code = 'sixth' $$, $$ values ('debrief', 'It has none.') $$, 'and what it leaves out');
select t.stored() as before \gset
select is(t.load(t.document()), 'loaded', 'loaded again');
select is(t.load(jsonb_pretty(t.document()::jsonb)), 'loaded', 'and with other blanks');
select is(t.stored(), :'before', 'it changes nothing');
select is(t.load(t.document('{"source": "Another"}')),
	'sixth.sql: version 1 of sixth is loaded with another content: give it a new version',
	'the same version with another content is refused');
select is(t.load(t.document('{"version": "2"}')), 'sixth.sql: version 1 is in force from 2026-09-01 too',
	'two versions are not in force from the same day');
select is(t.load(t.document('{"version": "2", "title": "Of six", "in_force_from": "2027-09-01"}')), 'loaded',
	'a new version is loaded');
select results_eq($$ select p.title, v.version from data.policy p join data.policy_version v on v.policy_code = p.code
	where p.code = 'sixth' order by v.version $$, $$ values ('Of six', '1'), ('Of six', '2') $$,
	'beside the old one, with its title');

select * from finish();
rollback;
