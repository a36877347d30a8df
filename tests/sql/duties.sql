-- What each kind of clause asks of a visit: before, after what meets it, and
-- where it does not apply.
begin;
\ir helpers.sql
\ir visits_of.sql
select plan(143);
select t.set_up(p) from unnest('{tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p \g /dev/null

-- One step of a story; "done", and what a client posts for aftermath, by name.
create function t.step(visit bigint, clause text, step text) returns void
language plpgsql
as $$
declare
	policy text := t.policy_of(visit);
	verb   text := split_part(step, ' ', 1);
	rest   text := coalesce(nullif(btrim(substr(step, length(split_part(step, ' ', 1)) + 1)), ''), '{}');
	body   jsonb;
begin
	if verb = 'approve' then
		perform t.must(t.decides(visit, 'approved', split_part(rest, ' ', 1), coalesce(nullif(substr(rest, strpos(rest || ' ', ' ') + 1), ''), '{}')));
	elsif verb = 'assess' then
		perform t.must(t.assess(visit, split_part(rest, ' ', 1), split_part(rest, ' ', 2), coalesce(nullif((regexp_match(rest, '{.*$'))[1], ''), '{}')));
	elsif verb = 'done' then
		body := t.resolved(policy, rest);
		perform t.must(t.appends(visit, 'done', (jsonb_build_object('clause', clause, 'at', '2025-11-18T10:30:00Z') || body)::text));
	elsif verb = 'change' then
		perform t.must(format('select id from api.visit_change(%s, %L, %L)', visit, '{*}', t.resolved(policy, rest)));
	elsif verb = 'word' then
		perform t.must(format('select id from api.code_word_set(%s, %L)', visit, '{"word": "purple elephant"}'));
	elsif verb in ('record', 'concern', 'incident', 'accident', 'intervention', 'debrief', 'external_referral') then
		body := jsonb_build_object('by', t.who(policy, 'visitor'), 'at', '2025-11-19T15:30:00Z', 'text', 'What happened') || case verb
			when 'record' then '{"outcome": "seen_family", "notes": "All well", "kept_in": "cpoms"}'
			when 'incident' then '{"nature": "threat"}' when 'accident' then '{"who": "The visitor"}'
			when 'intervention' then '{"why": "Ran into the road"}' when 'external_referral' then '{"agency": "Social services"}'
			when 'concern' then '{"serious": false}' else '{}' end::jsonb;
		if verb in ('concern', 'external_referral', 'intervention') then
			body := body || t.resolved(policy, '{"pupil": "@pupil"}');
		end if;
		perform t.must(format('select id from api.%I(%s, %L)', verb || '_add', visit, body || t.resolved(policy, rest)));
	elsif verb = 'sql' then
		execute replace(replace(rest, '@visitor', t.who(policy, 'visitor')::text), '@pupil',
			(select pupil_id::text from data.enrolment where school_urn = t.urn(policy)));
		perform t.must(format('select duty.weigh(%s)', visit));
	elsif t.happens(visit, step) ~ ': ' then
		raise exception '%', t.happens(visit, step);
	end if;
end;
$$;

-- The states of the duties of a clause before a story, and after each of its steps.
create function t.states(policy text, clause text, plan text, variadic steps text[]) returns text
language plpgsql
as $$
declare
	visit bigint := t.planned(policy, plan);
	found text := t.state(visit, clause);
	step  text;
begin
	foreach step in array steps loop
		perform t.step(visit, clause, step);
		found := found || ' ' || coalesce(t.state(visit, clause), 'none');
	end loop;
	raise exception using errcode = 'DS001', message = found;
exception when sqlstate 'DS001' then
	return sqlerrm;
when others then
	return sqlstate || ' ' || sqlerrm;
end;
$$;

create table t.story (policy text, clause text, plan text, steps text[], states text, n int generated always as identity);
insert into t.story (policy, clause, plan, steps, states) values
	-- why
	('tkat', 'reasons', '{}', '{}', 'met'),
	('tkat', 'reasons', '{"purpose": "crisis"}', '{"change {\"purpose\": \"exam\"}"}', 'due met'),
	('tkat', 'essential', '{"necessity": null}', '{"change {\"necessity\": \"It is\"}"}', 'due met'),
	('tkat', 'essential', '{"necessity": null, "purpose": "transition"}', '{}', 'not_applicable'),
	('tkat', 'other-contact-first', '{"purpose": "welfare"}', '{done}', 'due met'),
	('tkat', 'other-contact-first', '{}', '{}', 'not_applicable'),
	('tkat', 'alternative-venue', '{}', '{"assess visit headteacher {\"level\": \"medium\"}",done}', 'not_applicable due met'),
	('potton', 'no-alternative', '{}', '{"change {\"planned_end\": \"2025-11-19T15:31:00Z\"}",done}', 'not_applicable due met'),
	('tkat', 'pre-planned', '{}', '{}', 'not_applicable'),
	('tkat', 'pre-planned', '{"announced": false, "parents_told_by": null, "parents_agreed": false, "unannounced_reason": "poor_attendance"}',
		'{"change {\"unannounced_reason\": \"safeguarding\"}"}', 'due met'),
	('thomas-more', 'announced', '{"announced": false, "parents_told_by": null, "parents_agreed": false, "unannounced_reason": "poor_attendance"}', '{}', 'met'),
	('potton', 'plan', '{"plan": null}', '{"change {\"plan\": \"early_help\"}"}', 'due met'),
	('potton', 'plan', '{"plan": null, "purpose": "tuition"}', '{}', 'not_applicable'),
	-- who approves
	('tkat', 'approval', '{}', '{"assess visit headteacher",word,"approve headteacher","approve dsl"}', 'due due due due+met met'),
	('rookeries', 'knowledge', '{}', '{"done {\"by\": \"@visitor\"}","done {\"by\": \"@assistant_head\"}"}', 'due due met'),
	('rookeries', 'knowledge', '{}', '{"approve headteacher"}', 'due met'),
	('potton', 'authorisation', '{}', '{"assess visit headteacher","done {\"by\": \"@headteacher\"}","approve headteacher"}', 'due due due met'),
	('morecambe', 'discussion', '{}', '{"done {\"by\": \"@leadership\"}"}', 'due met'),
	('thomas-more', 'agreed', '{}', '{"done {\"by\": \"@deputy\"}","approve leadership"}', 'due due met'),
	('tkat', 'concerns-discussed', '{}', '{"assess visit headteacher {\"level\": \"high\"}","done {\"by\": \"@visitor\"}","done {\"by\": \"@leadership\"}"}',
		'not_applicable due due met'),
	('potton', 'dsl-input', '{"purpose": "welfare"}', '{"done {\"by\": \"@deputy\"}","done {\"by\": \"@dsl\"}"}', 'due due met'),
	('potton', 'dsl-input', '{}', '{}', 'not_applicable'),
	-- when
	('tkat', 'school-day', '{}', '{"change {\"planned_end\": \"2025-11-19T16:30:00Z\"}","change {\"planned_end\": \"2025-11-19T16:31:00Z\"}"}', 'met met due'),
	('tkat', 'no-evenings', '{}', '{"change {\"planned_end\": \"2025-11-19T18:00:00Z\"}","change {\"planned_end\": \"2025-11-19T18:01:00Z\"}"}', 'met met due'),
	('potton', 'school-hours', '{}', '{"change {\"planned_end\": \"2025-11-19T15:31:00Z\"}","change {\"out_of_hours_reason\": \"Both work\"}","change {\"responsible_contact\": \"The head\"}"}',
		'met due due met'),
	-- the risk
	('tkat', 'risk-assessment', '{}', '{"assess visit visitor {\"proceed\": false}","assess visit visitor"}', 'due due met'),
	('potton', 'risk-assessment', '{}', '{"assess visit deputy","assess visit headteacher"}', 'due due met'),
	('rookeries', 'general-assessment', '{}',
		'{"sql insert into data.risk_assessment (school_urn, kind, by_staff_id, level, proceed, review_on, at, client_id) values (900003, ''general'', @visitor, ''low'', true, ''2025-11-18'', ''2025-09-01'', ''a'')","sql insert into data.risk_assessment (school_urn, kind, by_staff_id, level, proceed, review_on, at, client_id) values (900003, ''general'', @visitor, ''low'', true, ''2025-11-19'', ''2025-09-01'', ''a'')"}', 'due due met'),
	('morecambe', 'assessment-discussion', '{}', '{"assess discussion headteacher","assess discussion leadership"}', 'due due met'),
	('thomas-more', 'first-assessment', '{}', '{"departed 13:40","arrived 14:00","assess first_visit visitor"}', 'not_applicable not_applicable late met'),
	('tkat', 'hazards', '{}', '{"assess visit visitor {\"hazards\": [{\"kind\": \"animal\", \"level\": \"low\"}]}"}', 'due due'),
	('tkat', 'hazards', '{}', '{"assess visit visitor"}', 'due met'),
	('tkat', 'assessed-team', '{}', '{"assess visit visitor {\"staff_needed\": 3}","change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true}, {\"staff_id\": \"@colleague\"}, {\"name\": \"Nurse\"}]}"}',
		'not_applicable due met'),
	('potton', 'assessment-updated', '{}',
		'{"assess visit headteacher","sql insert into data.hazard (school_urn, kind, address, postcode, place_key, control, by_staff_id, review_on, created_at) select 900004, ''environment'', a, p, data.place_key(a, p), ''Take care'', @visitor, ''2030-01-01'', clock_timestamp() from (values (''1 Example Street'', ''ZZ1 1ZZ'')) as v (a, p)","assess visit headteacher"}', 'not_applicable not_applicable due not_applicable'),
	('potton', 'assessment-updated', '{}', '{"assess visit headteacher","departed 13:40","sql insert into data.hazard (school_urn, kind, address, postcode, place_key, control, by_staff_id, review_on, created_at) select 900004, ''environment'', a, p, data.place_key(a, p), ''Take care'', @visitor, ''2030-01-01'', clock_timestamp() from (values (''1 Example Street'', ''ZZ1 1ZZ'')) as v (a, p)"}', 'not_applicable not_applicable not_applicable not_applicable'),
	('tkat', 'well-informed', '{}', '{done}', 'due met'),
	('potton', 'lone-assessment', '{"team": [{"staff_id": "@visitor", "lead": true}]}', '{"assess lone_working headteacher {\"staff\": \"@visitor\"}"}', 'due met'),
	('potton', 'lone-assessment', '{}', '{}', 'not_applicable'),
	('rookeries', 'lone-sensitivity', '{"team": [{"staff_id": "@visitor", "lead": true}]}', '{done}', 'due met'),
	('rookeries', 'lone-sensitivity', '{}', '{}', 'not_applicable'),
	-- who goes
	('tkat', 'pair-rule', '{"team": [{"staff_id": "@visitor", "lead": true}]}', '{"change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true}, {\"name\": \"Nurse\"}]}"}', 'due met'),
	('potton', 'pair-rule', '{"team": [{"staff_id": "@visitor", "lead": true}, {"name": "Nurse"}]}', '{"change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true}, {\"staff_id\": \"@dsl\"}]}"}', 'due met'),
	('potton', 'pair-rule', '{"team": [{"staff_id": "@visitor", "lead": true}]}', '{"assess visit headteacher","approve headteacher {\"lone\": true}"}', 'due due met'),
	('tkat', 'both-present', '{}', '{"departed 13:40","arrived 14:00","entered 14:01",done}', 'not_applicable not_applicable not_applicable due met'),
	('potton', 'dsl-joins', '{"purpose": "safeguarding"}', '{"change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true}, {\"staff_id\": \"@dsl\"}]}"}', 'due met'),
	('potton', 'dsl-joins', '{}', '{"change {\"child_protection\": true}"}', 'not_applicable due'),
	('potton', 'who-visits', '{"team": [{"staff_id": "@office", "lead": true}, {"staff_id": "@visitor"}]}', '{"change {\"team\": [{\"staff_id\": \"@dsl\", \"lead\": true}]}"}', 'due+met met+not_applicable'),
	('rookeries', 'who-visits', '{}', '{}', 'not_applicable'),
	('potton', 'dbs', '{}', '{"sql update data.staff_check set valid_until = ''2025-11-19''","sql update data.staff_check set valid_until = ''2025-11-18'' where staff_id = @visitor"}', 'met met due+met'),
	('morecambe', 'dbs', '{}', '{"sql update data.staff_check set barred_list = false"}', 'met due'),
	('potton', 'barred-list', '{}', '{"sql update data.staff_check set level = ''standard''"}', 'met due'),
	('potton', 'trained-visitor', '{}', '{"sql update data.training set valid_until = ''2025-11-18'' where staff_id = @visitor","sql update data.training set valid_until = ''2025-11-18''"}', 'met met due'),
	('potton', 'violence-prevention', '{}', '{"sql update data.training set valid_until = ''2025-11-18'' where staff_id = @visitor"}', 'met due+met'),
	('potton', 'attendance-training', '{"purpose": "tuition"}', '{}', 'not_applicable'),
	('tkat', 'policy-read', '{}', '{"sql update data.policy_reading set read_on = ''2025-11-20'' where staff_id = @visitor"}', 'met due+met'),
	('tkat', 'next-of-kin', '{}', '{"sql update data.next_of_kin set until_on = ''2025-11-18'' where staff_id = @visitor"}', 'met due+met'),
	('thomas-more', 'one-leads', '{}', '{}', 'met');
insert into t.story (policy, clause, plan, steps, states) values
	-- what they take along
	('tkat', 'allergies', '{}', '{"sql insert into data.allergy (staff_id, allergen, from_on) values (@visitor, ''cats'', ''2025-01-01'')",done}', 'not_applicable due met'),
	('tkat', 'phone', '{}', '{"done {\"part\": \"charged\"}","done {\"part\": \"numbers\"}"}', 'due due+met met'),
	('potton', 'phone', '{"team": [{"staff_id": "@visitor", "lead": true}]}', '{"change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true, \"phone\": \"07700 900001\"}]}","done {\"part\": \"charged\"}"}', 'due due+met met'),
	('thomas-more', 'phone', '{"team": [{"staff_id": "@visitor", "lead": true}, {"staff_id": "@colleague"}]}', '{"change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true}, {\"staff_id\": \"@colleague\", \"phone\": \"07700 900003\"}]}"}', 'due met'),
	('tkat', 'code-word', '{}', '{word}', 'due met'),
	('potton', 'vehicle', '{}', '{"change {\"vehicle\": {\"make\": \"Ford\"}}","change {\"vehicle\": {\"model\": \"Fiesta\", \"registration\": \"AB12 CDE\", \"colour\": \"red\"}}"}', 'not_applicable due met'),
	('morecambe', 'vehicle-insurance', '{}', '{"change {\"vehicle\": {\"registration\": \"AB12 CDE\"}}","sql insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until, business_use) values (@visitor, ''Ford'', ''Fiesta'', ''ab12cde'', ''red'', ''2025-01-01'', ''2025-11-19'', false)","sql update data.vehicle set business_use = true","sql update data.vehicle set insured_until = ''2025-11-18''"}',
		'not_applicable due due met due'),
	('morecambe', 'transport-insurance', '{"vehicle": {"registration": "AB12 CDE"}}', '{"change {\"transports_pupil\": true}","sql insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until, business_use) values (@visitor, ''Ford'', ''Fiesta'', ''AB12 CDE'', ''red'', ''2025-01-01'', ''2025-12-31'', true)"}', 'not_applicable due met'),
	('morecambe', 'escort', '{"transports_pupil": true, "team": [{"staff_id": "@visitor", "lead": true}]}', '{"change {\"team\": [{\"staff_id\": \"@visitor\", \"lead\": true}, {\"name\": \"Nurse\"}]}"}', 'due met'),
	('morecambe', 'escort', '{}', '{}', 'not_applicable'),
	-- who knows of it
	('tkat', 'appointment', '{"parents_told_by": null}', '{"change {\"parents_told_by\": \"letter\"}"}', 'due met'),
	('potton', 'agreement-of-parents', '{"parents_agreed": false}', '{"change {\"parents_agreed\": true}"}', 'due met'),
	('potton', 'agreement-of-parents', '{"announced": false, "parents_told_by": null, "parents_agreed": false}', '{}', 'not_applicable'),
	('tkat', 'right-to-decline', '{}', '{"declined 10:00","departed 13:40"}', 'not_applicable met missed'),
	('tkat', 'right-to-decline', '{"purpose": "safeguarding"}', '{"declined 10:00","departed 13:40"}', 'not_applicable not_applicable not_applicable'),
	('potton', 'log', '{}', '{}', 'met'),
	('morecambe', 'visit-list', '{}', '{"sql update data.contact set phone = null where pupil_id = @pupil","sql update data.contact set email = ''x@example.org'' where pupil_id = @pupil"}', 'met due met'),
	('thomas-more', 'agreed-return', '{"return_by": null}', '{"change {\"return_by\": \"2025-11-19T15:30:00Z\"}"}', 'due met'),
	('tkat', 'expected-length', '{}', '{}', 'met'),
	('tkat', 'sign-out', '{}', '{"departed 13:40"}', 'not_applicable met'),
	('thomas-more', 'office-told', '{}', '{"approve deputy","departed 13:40"}', 'not_applicable due met'),
	('thomas-more', 'social-worker-number', '{}', '{"sql insert into data.social_worker (pupil_id, name, from_on) values (@pupil, ''Ms Worker'', ''2025-01-01'')","sql update data.social_worker set phone = ''07700 900900''"}', 'not_applicable due met'),
	('thomas-more', 'social-worker-told', '{}', '{"sql insert into data.social_worker (pupil_id, name, from_on) values (@pupil, ''Ms Worker'', ''2025-01-01'')","departed 13:40",done}', 'not_applicable not_applicable late met'),
	-- on the way
	('morecambe', 'call-before', '{}', '{"departed 13:40","check_in 13:55"}', 'not_applicable late met'),
	('morecambe', 'call-before', '{}', '{"departed 13:40","arrived 14:00","check_in 14:05"}', 'not_applicable late missed missed'),
	('morecambe', 'call-after', '{}', '{"departed 13:40","arrived 14:00","check_in 14:30","left 15:00","check_in 15:05"}', 'not_applicable late late late late met'),
	('morecambe', 'call-after', '{}', '{"departed 13:40","returned 15:10"}', 'not_applicable late met'),
	('rookeries', 'punctual', '{}', '{"departed 13:40","arrived 14:05"}', 'not_applicable late met'),
	('rookeries', 'punctual', '{}', '{"departed 13:40","returned 14:10"}', 'not_applicable late missed'),
	('potton', 'delay', '{}', '{"departed 13:40","delayed 13:50 {\"expected_at\": \"2025-11-19T15:30:00Z\"}"}', 'not_applicable not_applicable met'),
	('potton', 'delay', '{}', '{"departed 13:40","arrived 14:06","returned 15:00"}', 'not_applicable not_applicable late missed'),
	('potton', 'check-in-call', '{}', '{"departed 13:40","check_in 13:59","check_in 14:10"}', 'not_applicable late late met'),
	('potton', 'check-in-call', '{}', '{"departed 13:40","returned 14:09"}', 'not_applicable late not_applicable'),
	('potton', 'check-in-call', '{}', '{"departed 13:40","returned 14:40"}', 'not_applicable late missed'),
	('potton', 'departure', '{}', '{"departed 13:40","arrived 14:00","left 15:00"}', 'not_applicable late late met'),
	('potton', 'departure', '{}', '{"departed 13:40","returned 15:00"}', 'not_applicable late missed'),
	('tkat', 'sign-in', '{}', '{"departed 13:40","returned 15:00"}', 'not_applicable late met'),
	('tkat', 'overdue', '{}', '{"departed 13:40","returned 15:00"}', 'not_applicable late met'),
	('potton', 'no-contact', '{}', '{"departed 13:40","no_answer 14:10","check_in 14:15","no_answer 14:40","returned 15:00"}', 'not_applicable not_applicable late met late met'),
	('tkat', 'emergency', '{}', '{"departed 13:40","help 14:10","returned 15:00"}', 'not_applicable not_applicable late met'),
	-- on the doorstep
	('potton', 'wait', '{}', '{"departed 13:40","parents_absent 14:00","aborted 14:15 {\"because\": \"parents_absent\"}"}', 'not_applicable not_applicable late met'),
	('morecambe', 'wait', '{}', '{"departed 13:40","parents_late 13:50","parents_absent 14:00"}', 'not_applicable not_applicable not_applicable not_applicable'),
	('morecambe', 'wait-after-notice', '{}', '{"departed 13:40","parents_late 13:50","arrived 14:00","left 14:31"}', 'not_applicable not_applicable late late met'),
	('tkat', 'adult-present', '{}', '{"departed 13:40","arrived 14:00","entered_without_adult 14:01","returned 15:00"}', 'not_applicable due due missed missed'),
	('tkat', 'adult-present', '{}', '{"departed 13:40","arrived 14:00","left 14:50"}', 'not_applicable due due met'),
	('tkat', 'adult-present', '{"purpose": "safeguarding"}', '{"departed 13:40","arrived 14:00","entered_without_adult 14:01"}', 'not_applicable not_applicable not_applicable not_applicable'),
	('thomas-more', 'parent-present', '{}', '{"departed 13:40"}', 'not_applicable not_applicable'),
	('thomas-more', 'parent-present', '{"purpose": "information"}', '{"departed 13:40","arrived 14:00","entered_without_adult 14:01"}', 'not_applicable due due missed'),
	('tkat', 'identification', '{}', '{"departed 13:40","arrived 14:00","record {\"kept\": [\"identification\"]}"}', 'not_applicable not_applicable due met'),
	('tkat', 'purpose-explained', '{}', '{"departed 13:40","arrived 14:00",record}', 'not_applicable not_applicable due missed'),
	('tkat', 'purpose-explained', '{}', '{"departed 13:40","arrived 14:00",done}', 'not_applicable not_applicable due met'),
	('thomas-more', 'purpose-explained', '{}', '{"departed 13:40","arrived 14:00","parents_absent 14:02"}', 'not_applicable not_applicable due not_applicable'),
	('tkat', 'invited-in', '{}', '{"departed 13:40","arrived 14:00",done}', 'not_applicable not_applicable due met'),
	('potton', 'partners', '{"purpose": "tuition"}', '{"departed 13:40","arrived 14:00"}', 'not_applicable not_applicable not_applicable'),
	('thomas-more', 'letter-given', '{}', '{"departed 13:40","arrived 14:00","letter_given 14:05"}', 'not_applicable not_applicable due met'),
	('thomas-more', 'letter-posted', '{}', '{"departed 13:40","arrived 14:00","parents_absent 14:02","letter_given 14:05","left 14:10","letter_posted 14:10"}',
		'not_applicable not_applicable not_applicable due due late met'),
	('thomas-more', 'letter-given', '{}', '{"departed 13:40","arrived 14:00","parents_absent 14:02"}', 'not_applicable not_applicable due not_applicable'),
	('thomas-more', 'letter-posted', '{}', '{"departed 13:40","arrived 14:00","parents_absent 14:02","entered 14:10"}', 'not_applicable not_applicable not_applicable due not_applicable'),
	('potton', 'animals', '{}', '{"assess visit headteacher {\"hazards\": [{\"kind\": \"animal\", \"level\": \"medium\"}]}",done}', 'not_applicable due met'),
	('potton', 'animals', '{}', '{"departed 13:40","aborted 14:02 {\"because\": \"dangerous_animal\"}"}', 'not_applicable not_applicable met'),
	('potton', 'safety-reason', '{}', '{"departed 13:40","aborted 14:02 {\"because\": \"dangerous_animal\"}","done {\"by\": \"@headteacher\", \"means\": \"phone\"}","done {\"by\": \"@deputy\", \"means\": \"email\"}","done {\"by\": \"@headteacher\", \"means\": \"email\"}"}',
		'not_applicable not_applicable late late late met'),
	('morecambe', 'safety-reason', '{}', '{"cancelled 10:00 {\"because\": \"felt_unsafe\"}","done {\"by\": \"@headteacher\", \"means\": \"phone\"}","done {\"by\": \"@leadership\", \"means\": \"phone\"}"}', 'not_applicable late late met'),
	('potton', 'safety-reason', '{}', '{"departed 13:40","aborted 14:02 {\"because\": \"other\"}"}', 'not_applicable not_applicable not_applicable'),
	('tkat', 'leave-when-unsafe', '{}', '{"departed 13:40","aborted 14:02 {\"because\": \"felt_unsafe\"}"}', 'not_applicable not_applicable met'),
	-- afterwards
	('tkat', 'written-record', '{}', '{"departed 13:40","record {\"kept_in\": \"school_file\"}",record}', 'not_applicable late late met'),
	('tkat', 'whom-to-speak-to', '{}', '{"departed 13:40","record {\"spoke_to\": \"The mother\"}"}', 'not_applicable due met'),
	('tkat', 'child-safe', '{"purpose": "welfare"}', '{"departed 13:40","record {\"pupil_seen\": false}","record {\"pupil_seen\": true}"}', 'not_applicable due missed met'),
	('tkat', 'child-safe', '{}', '{"departed 13:40"}', 'not_applicable not_applicable'),
	('tkat', 'family-views', '{}', '{"departed 13:40","record {\"family_views\": \"They are glad\"}"}', 'not_applicable due met'),
	('thomas-more', 'next-visit', '{}', '{"departed 13:40","record {\"next_visit_on\": \"2025-12-01\"}"}', 'not_applicable due met'),
	('thomas-more', 'support-offered', '{}', '{"departed 13:40","record {\"barriers\": \"The bus\"}"}', 'not_applicable due met'),
	('potton', 'barriers', '{"purpose": "tuition"}', '{"departed 13:40"}', 'not_applicable not_applicable'),
	('tkat', 'safeguarding-concern', '{}', '{"departed 13:40","concern {\"told_to\": \"@visitor\", \"told_at\": \"2025-11-19T15:31:00Z\"}","done {\"by\": \"@dsl\", \"at\": \"2025-11-19T16:00:00Z\"}"}', 'not_applicable not_applicable late met'),
	('tkat', 'child-in-danger', '{}', '{"departed 13:40","concern {\"told_to\": \"@dsl\", \"told_at\": \"2025-11-19T15:31:00Z\"}","concern {\"serious\": true, \"told_to\": \"@dsl\", \"told_at\": \"2025-11-19T15:31:00Z\"}"}', 'not_applicable not_applicable not_applicable late+met'),
	('tkat', 'child-in-danger', '{}', '{"departed 13:40","concern {\"serious\": true, \"police_at\": \"2025-11-19T15:30:00Z\", \"told_to\": \"@dsl\", \"told_at\": \"2025-11-19T15:31:00Z\"}"}', 'not_applicable not_applicable met'),
	('tkat', 'incident', '{}', '{"departed 13:40",incident,"done {\"by\": \"@headteacher\", \"at\": \"2025-11-19T16:00:00Z\"}"}', 'not_applicable not_applicable late met'),
	('tkat', 'accident', '{}', '{"departed 13:40",accident}', 'not_applicable not_applicable met'),
	('potton', 'intervention', '{}', '{"departed 13:40",intervention,"done {\"by\": \"@headteacher\", \"at\": \"2025-11-19T16:00:00Z\"}"}', 'not_applicable not_applicable late met'),
	('rookeries', 'debrief', '{}', '{"departed 13:40",incident,"debrief {\"staff\": \"@visitor\"}","debrief {\"staff\": \"@colleague\"}"}', 'not_applicable not_applicable late late+met met'),
	('potton', 'allegations', '{}', '{"departed 13:40","incident {\"nature\": \"allegation\"}"}', 'not_applicable not_applicable due'),
	('potton', 'allegations', '{}', '{"departed 13:40","incident {\"nature\": \"allegation\", \"route\": \"Low-level Safeguarding Concerns Policy\"}"}', 'not_applicable not_applicable met'),
	('potton', 'agencies', '{}', '{"departed 13:40",external_referral}', 'not_applicable not_applicable met'),
	('potton', 'tutor-told', '{"purpose": "tuition"}', '{"done {\"part\": \"briefed\"}"}', 'due met'),
	('potton', 'tutor-adult', '{"purpose": "tuition"}', '{"departed 13:40","arrived 14:00","done {\"part\": \"adult_present\"}"}', 'not_applicable not_applicable due met'),
	('potton', 'tutor-told', '{}', '{}', 'not_applicable');

select is(t.states(policy, clause, plan, variadic steps), states,
	format('%s, %s: %s', policy, clause, coalesce(nullif(concat_ws(', ', nullif(plan, '{}'), nullif(left(array_to_string(steps, ', '), 60), '')), ''), 'as planned'))) from t.story order by n;

-- Of each kind that a policy has, each state that it can have was seen
select is_empty($$
	select k.kind, wanted from data.clause_kind k, unnest('{applies,unmet,met,not applicable}'::text[]) as wanted
	 where k.about = 'visit' and not exists (
	       select from t.story s join data.policy_version v on v.policy_code = s.policy join data.clause c using (policy_version_id, clause)
	        where c.kind = k.kind and case wanted when 'applies' then s.states ~ '(met|due|late|missed)' when 'met' then s.states ~ '\mmet'
	              when 'unmet' then s.states ~ '(due|late|missed)' else s.states ~ 'not_applicable' end)
	   and (k.kind, wanted) not in (values
		-- these always apply
		('purpose_allowed', 'not applicable'), ('approval', 'not applicable'), ('school_hours', 'not applicable'), ('no_evenings', 'not applicable'),
		('risk_assessment', 'not applicable'), ('assessment_hazards', 'not applicable'), ('briefing', 'not applicable'), ('team_size', 'not applicable'),
		('vetting', 'not applicable'), ('policy_read', 'not applicable'), ('phone', 'not applicable'), ('return_time', 'not applicable'),
		('visit_list', 'not applicable'), ('visit_log', 'not applicable'), ('next_of_kin', 'not applicable'), ('code_word', 'not applicable'),
		('one_leads', 'not applicable'),
		-- and these are met by what they apply to
		('visit_log', 'unmet'), ('one_leads', 'unmet'), ('accident_record', 'unmet'), ('external_referral', 'unmet'), ('leave_when_unsafe', 'unmet'),
		-- a hazard after the assessment asks for another, which is another duty's
		('assessment_updated', 'met')) $$, 'every kind is seen in every state that it can have');
select * from finish();
rollback;
