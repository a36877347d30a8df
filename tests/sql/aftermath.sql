-- What follows a visit: written records, concerns, referrals, incidents,
-- accidents, interventions, debriefs; who may, what fits, which duties they meet.
begin;
\ir helpers.sql
select plan(140);

select t.school(900001), t.school(900002, null) \gset
select t.client('a', '{900001}'),
       t.client('writer', '{900001}', '{visits:read,records:write,concerns:write,incidents:write}'),
       t.client('reader', '{900001}', '{visits:read,records:read,concerns:read,incidents:read}'),
       t.client('b', '{900002}',
	'{visits:read,records:read,records:write,concerns:read,concerns:write,incidents:read,incidents:write}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as pupil_b,
       t.staff('A1', 900001) as staff, t.staff('A2', 900001, 'Lead', '{dsl}') as dsl,
       t.staff('A3', 900001, 'Head', '{headteacher}') as head, t.staff('B1', 900002) as staff_b \gset

create function t.happens(visit bigint, kind data.event_kind, at text) returns void
language sql
begin atomic
	insert into data.event (visit_id, school_urn, kind, at, note, client_id)
	select v.visit_id, v.school_urn, kind, ('2025-03-11T' || at || 'Z')::timestamptz, 'because', 'test'
	  from data.visit v where v.visit_id = visit;
	select duty.weigh(visit);
end;

-- A visit of 11 March 2025, on which this has happened.
create function t.past_visit(variadic kinds data.event_kind[] default '{}') returns bigint
language plpgsql
as $$
declare
	made bigint := t.visit(900001, (select pupil_id from data.enrolment where school_urn = 900001),
		(select min(staff_id) from data.post where school_urn = 900001));
	kind data.event_kind;
begin
	update data.visit v set planned_start = '2025-03-11T09:30Z', planned_end = '2025-03-11T10:00Z' where v.visit_id = made;
	perform duty.weigh(made);
	foreach kind in array kinds loop
		perform t.happens(made, kind, case kind when 'departed' then '09:10:00' when 'arrived' then '09:30:00'
			when 'left' then '10:00:00' when 'returned' then '10:20:00' else '08:00:00' end);
	end loop;
	return made;
end;
$$;

-- Of each kind: the scopes, and a body that is taken.
create table t.sample (noun text primary key, place regclass, scope text, body jsonb);
insert into t.sample
select noun, place::regclass, scope,
       jsonb_build_object('by', :staff, 'at', '2025-03-11T11:00:00Z') || body::jsonb
  from (values
	('record', 'data.visit_record', 'records', '{"outcome": "seen_family", "notes": "All well", "kept_in": "cpoms"}'),
	('concern', 'data.concern', 'concerns', format('{"pupil": %s, "text": "Bruises", "serious": false}', :pupil)),
	('external_referral', 'data.external_referral', 'concerns',
		format('{"pupil": %s, "agency": "Children''s services", "text": "Neglect"}', :pupil)),
	('incident', 'data.incident', 'incidents', '{"nature": "threat", "text": "Shouted at"}'),
	('accident', 'data.accident', 'incidents', '{"who": "The visitor", "text": "Fell on the stairs"}'),
	('intervention', 'data.intervention', 'incidents', '{"text": "Held back", "why": "Ran into the road"}'),
	('debrief', 'data.debrief', 'incidents', format('{"staff": %s}', :staff))) as s (noun, place, scope, body);
create function t.body(noun text, more jsonb default '{}') returns jsonb
language sql return (select jsonb_strip_nulls(s.body || more) from t.sample s where s.noun = body.noun);
create function t.adding(noun text, visit bigint, more jsonb default '{}', answer text default 'id') returns text
language sql return format('select %s from api.%I(%s, %L)', answer, noun || '_add', visit, t.body(noun, more));
create function t.listing(noun text, visit bigint) returns text
language sql return format('select count(*) from api.%I(visit => %s)',
	case when noun in ('record', 'concern', 'incident') then 'visit_' else '' end || noun || '_list', visit);

select t.past_visit('departed', 'arrived', 'left', 'returned') as visit, t.past_visit() as planned \gset
select t.visit(900002, :pupil_b, :staff_b) as visit_b \gset

-- Who may: the scope of each to write and to read, another school's client not at all
select is(t.run('a', t.adding(noun, :visit)), '42501', noun || ': is not added without the scope') from t.sample;
select is(t.run('reader', t.adding(noun, :visit)), '42501', noun || ': nor by who may only read') from t.sample;
select matches(t.get('writer', t.adding(noun, :visit)), '^[0-9]+$', noun || ': is added with the scope') from t.sample;
select is(t.get('reader', t.listing(noun, :visit)), '1', noun || ': is read with the scope') from t.sample;
select is(t.get('reader', t.listing(noun, :visit), 'doorstep_reports'), '1', noun || ': and exported') from t.sample;
select is(t.get('a', t.listing(noun, :visit)), '0', noun || ': not without it, though the visit is seen') from t.sample;
select is(t.get('b', t.listing(noun, :visit)), 'DS404', noun || ': another school''s client finds no visit to read of') from t.sample;
select is(t.get('b', t.adding(noun, :visit)), 'DS404', noun || ': nor to write about') from t.sample;
select is(t.get('b', format('select count(*) from %s', place)), '0', noun || ': nor any row') from t.sample;
select is(t.get('reader', t.listing(noun, :planned)), '0', noun || ': there is none of a visit without') from t.sample;

-- Only ever appended to
select is(t.run('writer', format('update %s set at = now()', place)), '42501', noun || ': is not changed by a program') from t.sample;
select throws_ok(format('update %s set at = now()', place), 'DS409', null, noun || ': nor by its owner') from t.sample;

-- What does not fit is told, all at once
select is(t.problems('writer', t.adding(noun, :visit, jsonb_build_object('by', 999999, 'at', '2100-01-01T00:00:00Z')))::jsonb
		@> '[{"pointer": "/by"}, {"pointer": "/at"}]', true, noun || ': nobody, in the future, both are told') from t.sample;
create function t.pointers(noun text, visit bigint, more jsonb) returns text
language sql
return (select coalesce(string_agg(p ->> 'pointer', ' ' order by p ->> 'pointer'), 'none')
          from jsonb_array_elements(nullif(t.problems('writer', t.adding(noun, visit, more)), '')::jsonb) as p);
select is(t.pointers(noun, :visit, more::jsonb), wrong, format('%s with %s: %s', noun, more, wrong))
  from (values
	('concern', format('{"pupil": %s}', :pupil_b), '/pupil'),
	('concern', '{"pupil": 999999}', '/pupil'),
	('concern', format('{"told_to": %s}', :dsl), '/told_at'),
	('concern', '{"told_at": "2025-03-11T11:00:00Z"}', '/told_to'),
	('concern', format('{"told_to": %s, "told_at": "2100-01-01T00:00:00Z"}', :staff_b), '/told_at /told_to'),
	('concern', '{"police_at": "2100-01-01T00:00:00Z"}', '/police_at'),
	('external_referral', '{"pupil": 999999}', '/pupil'),
	('incident', '{"route": "Low-level concerns policy"}', '/route'),
	('incident', '{"route": "Managing allegations", "nature": "allegation"}', 'none'),
	('incident', '{"route": "x", "by": 999999, "told_at": "2100-01-01T00:00:00Z", "police_at": "2100-01-01T00:00:00Z"}',
		'/by /police_at /route /told_at /told_to'),
	('intervention', format('{"pupil": %s, "told_to": %s}', :pupil_b, :head), '/pupil /told_at'),
	('debrief', '{"staff": 999999, "held_at": "2100-01-01T00:00:00Z"}', '/held_at /staff'),
	('record', '{"at": "2025-03-11T09:09:59Z"}', '/at'),
	('record', '{"at": "2025-03-11T09:10:00Z"}', 'none'),
	('record', '{"kept": ["safeguarding-concern", "no-such-clause", "pair-rule", "record"]}', '/kept/1 /kept/3'),
	('record', '{"kept": ["nothing"], "at": "2025-03-11T09:00:00Z", "by": 999999}', '/at /by /kept/0')) as v (noun, more, wrong);

-- The written record: of what was made, or is known not to be made
select is(t.run('writer', t.adding('record', t.past_visit())), 'DS409', 'what was never made has no record');
select matches(t.why('writer', t.adding('record', t.past_visit())), 'record what happened first', 'and the refusal says what to do');
select matches(t.get('writer', t.adding('record', t.past_visit(kind))), '^[0-9]+$', format('what was %s has', kind))
  from unnest('{departed,cancelled,declined}'::data.event_kind[]) as kind;

create function t.state(visit bigint) returns text
language sql return (select v.state from data.visit v where v.visit_id = visit);
select is(t.state(:visit), 'recorded', 'its record makes a visit recorded');
select t.past_visit('departed') as out \gset
select t.get('writer', t.adding('record', :out, '{"at": "2025-03-11T09:50:00Z"}')) \g /dev/null
select is(t.state(:out), 'departed', 'who is out is out, the record written or not');
select t.happens(:out, 'returned', '10:20:00') \g /dev/null
select is(t.state(:out), 'recorded', 'and recorded once back');
select t.get('writer', t.adding('record', :out, '{"at": "2025-03-12T09:00:00Z"}')) \g /dev/null
select is((select recorded_at from data.visit where visit_id = :out), '2025-03-11T09:50Z', 'a further record leaves the first time');
select is(t.get('writer', t.adding('record', :out, '{}', 'at = $$2025-03-11T11:00Z$$ and recorded_at > $$2026-01-01$$')), 'true',
	'a late record shows when it was written and when it was recorded');
select is(t.get('writer', t.adding('record', :out, '{"at": null}', 'at between now() and recorded_at')),
	'true', 'without a time it was written now');

-- The duties that they meet, or do not
create function t.duty(visit bigint, clause text, part text default null) returns text
language sql
return (select string_agg(duty.state(d, clock_timestamp())::text, ' ' order by d.duty_id) from data.duty d
         where d.visit_id = visit and d.clause = duty.clause and (duty.part is null or d.part = duty.part));
select t.past_visit('departed', 'arrived', 'left', 'returned') as visit \gset
select is(t.duty(:visit, 'written-record'), 'late', 'a visit without a record waits for it');
select t.get('writer', t.adding('record', :visit, '{"kept_in": "school_file"}')) \g /dev/null
select is(t.duty(:visit, 'written-record'), 'late', 'a record that is kept in the wrong place does not do');
select t.get('writer', t.adding('record', :visit)) \g /dev/null
select is(t.duty(:visit, 'written-record'), 'met', 'one in the right place does');

create function t.told(who bigint, at text default '2025-03-11T10:30:00Z') returns jsonb
language sql return jsonb_build_object('told_to', who, 'told_at', at);
select t.get('writer', t.adding('concern', :visit, t.told(:staff))) as concern \gset
select is(t.duty(:visit, 'safeguarding-concern', :'concern'), 'late', 'a concern that a colleague was told is still to be told');
select t.get('writer', t.adding('concern', :visit, t.told(:dsl))) as concern \gset
select is(t.duty(:visit, 'safeguarding-concern', :'concern'), 'met', 'one that the safeguarding lead was told is not');
select is(t.duty(:visit, 'child-in-danger'), 'not_applicable', 'neither was serious');
select t.get('writer', t.adding('concern', :visit, t.told(:dsl) || '{"serious": true}')) as concern \gset
select is(t.duty(:visit, 'child-in-danger', :concern || '-police'), 'late', 'a serious one is for the police, too');
select is(t.duty(:visit, 'child-in-danger', :concern || '-told'), 'met', 'besides the safeguarding lead');
select t.get('writer', t.adding('concern', :visit, '{"serious": true}')) as concern \gset
select is(t.duty(:visit, 'child-in-danger', :concern || '-told'), 'late', 'one that nobody was told yet is to be told');
create function t.done(visit bigint, part text, who bigint) returns text
language sql return t.run('writer', format('select api.event_append(%s, %L)', visit, jsonb_build_object('kind', 'done', 'clause', 'child-in-danger',
	'part', part, 'by', who, 'at', '2025-03-11T11:00:00Z')));
select t.done(:visit, :concern || '-told', :staff), t.done(:visit, :concern || '-police', :staff) \g /dev/null
select is(t.duty(:visit, 'child-in-danger', :concern || '-told'), 'late', 'that a colleague heard of it later does not do');
select is(t.duty(:visit, 'child-in-danger', :concern || '-police'), 'met', 'a later call to the police is an event');
select t.done(:visit, :concern || '-told', :dsl) \g /dev/null
select is(t.duty(:visit, 'child-in-danger', :concern || '-told'), 'met', 'and so is that the safeguarding lead was told later');
select t.get('writer', t.adding('incident', :visit, t.told(:dsl))) as incident \gset
select is(t.duty(:visit, 'incident', :'incident'), 'late', 'an incident is not for the safeguarding lead');
select t.get('writer', t.adding('incident', :visit, t.told(:head))) as incident \gset
select is(t.duty(:visit, 'incident', :'incident'), 'met', 'but for the headteacher');
select t.get('writer', t.adding('accident', :visit)) as accident \gset
select is(t.duty(:visit, 'accident', :'accident'), 'met', 'an accident that is recorded is in writing');

-- The lists of the trust
select is(t.get('reader', 'select string_agg(distinct visit_id::text, $$ $$) from api.concern_list(pupil => ' || :pupil || ')')
	like '%' || :'visit' || '%', true, 'the concerns about a pupil are listed');
select is(t.get('reader', format('select count(*) from api.%s_list(school => 900002)', noun)), '0', noun || ': none is of the other school')
  from unnest('{record,concern,incident}'::text[]) as noun;
select is(t.get('reader', format('select count(*) from api.%s_list(recorded_after => $$2100-01-01$$)', noun)), '0',
	noun || ': none was recorded after that')
  from unnest('{record,concern,incident}'::text[]) as noun;

select * from finish();
rollback;
