-- Retention: how long, from when, what holds; and that a disposal leaves nothing.
begin;
\ir helpers.sql
\ir fill.sql
select * from no_plan();

-- What there is a rule for
select is_empty($$ select c.oid::regclass::text from pg_class c
	 where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text in ('data', 'auth', 'audit')
	except select p.record from data.retention_parts() p except select k.record from data.retention_kinds() k
	except select e.record from data.retention_exceptions() e $$,
	'every table is disposed of by a rule, or an exception with its reason');
select is_empty($$ select e.record from data.retention_exceptions() e
	intersect (select p.record from data.retention_parts() p union select k.record from data.retention_kinds() k) $$,
	'no table is both');
select set_eq('select kind from data.retention_kinds()', 'select unnest(enum_range(null::data.retention_kind))',
	'every kind is described');
select is_empty('select kind from data.retention_kinds() except select kind from data.retention_starts()',
	'the time of every kind can begin');
select is_empty($$ select kind from data.retention_kinds() where kind <> 'staff_facts'
	except select kind from data.retention_parts() where place = 99 $$, 'what goes with a record ends with itself');
select is_empty($$ select p.record from data.retention_parts() p
	 where data.retention_trail_key(p.record) is null
	   and p.record not in ('data.import', 'data.import_rejection', 'data.export_piece') $$,
	'of all that goes the trail is erased, where it has one');

-- How long: days of the calendar
select is(data.kept_until(d::date, m, y), w::date, format('%s and %s months%s: %s', d, m, case when y then ' from the end of the year' else '' end, w))
from (values ('2020-03-10', 72, false, '2026-03-10'), ('2012-02-29', 300, false, '2037-03-01'), ('2012-02-29', 48, false, '2016-02-29'),
	('2020-08-31', 6, false, '2021-03-01'), ('2019-12-31', 2, false, '2020-03-01'), ('2020-03-10', 72, true, '2026-08-31'),
	('2020-08-31', 12, true, '2021-08-31'), ('2020-09-01', 12, true, '2022-08-31'), ('2020-01-31', 1, false, '2020-03-01')) as v (d, m, y, w);

\set scopes {visits:read,retention:read,retention:write,disposals:write,concerns:read,incidents:read,referrals:read,agreements:read,risk:read,attendance:read,subject:read,pupils:read,staff:read,checks:read}
\set asking {visits:read,retention:read,retention:write,concerns:read,pupils:read}
\set deciding {visits:read,retention:read,disposals:write,concerns:read,pupils:read}
select t.school(900001), t.school(900002), t.client('a', '{900001}', :'scopes'), t.client('b', '{900002}', :'scopes'),
       t.client('all', null, :'scopes'), t.client('few', null, '{visits:read}'), t.client('reader', null, '{visits:read,retention:read}'), t.client('narrow', '{900001}', '{visits:read,retention:read,retention:write,disposals:write}'),
       t.client('asks', null, :'asking'), t.client('decides', null, :'deciding') \gset
select t.staff('A1', 900001) as one, t.staff('A2', 900001) as two, t.staff('B1', 900002) as other \gset
select t.pupil(1, 900001, 'Quorn', '1980-02-29') as pupil, t.pupil(2, 900001, 'Other', '2015-01-01') as young \gset
select t.contact(:pupil) as contact, t.visit(900001, :pupil, :one) as visit, t.visit(900001, :young, :one) as later \gset

-- From when
create function t.weighed(kind data.retention_kind, id text, day date default current_date) returns data.retention_rule
language sql
return (select row(w.rule_id, kind, w.schools[1], w.start_on, null, null, null, w.what_then, array_to_string(w.held_by, ', '), null,
	w.kept_until::text, null)::data.retention_rule from data.retention_weighed(kind, day, array[id]) w);
select is((t.weighed('visit', :'visit')).rule_id, null, 'without a rule nothing is ever due');
insert into data.retention_rule (kind, from_on, starts, months, what_then, source)
values ('visit', '-infinity', 'closed', 72, 'delete', 'x') returning rule_id as rule \gset
insert into data.retention_rule (kind, school_urn, from_on, starts, months, what_then, source)
values ('visit', 900001, '2100-01-01', 'closed', 12, 'delete', 'x') returning rule_id as own \gset
insert into data.retention_rule (kind, from_on, starts, months, what_then, source)
values ('visit', '2099-01-01', 'closed', 24, 'delete', 'x') returning rule_id as next \gset
select is((t.weighed('visit', :'visit', d::date)).rule_id, r::bigint, format('on %s the rule is %s', d, w))
from (values ('2026-01-01', :rule, 'the first'), ('2099-01-01', :next, 'the next from its day'), ('2100-01-01', :own, 'that of the school')) as v (d, r, w);
select is((t.weighed('visit', :'visit')).from_on, '2026-01-13'::date, 'a visit that never took place counts from when it was planned');
savepoint closing;
update data.visit set departed_at = '2026-01-13T09:00Z' where visit_id = :visit;
select is((t.weighed('visit', :'visit')).from_on, null, 'the time of one that is out has not begun');
update data.visit set returned_at = '2026-06-30T23:30Z' where visit_id = :visit;
select is((t.weighed('visit', :'visit')).from_on, '2026-07-01'::date, 'days are those of the United Kingdom: half past midnight in summer');
update data.visit set returned_at = '2026-01-13T23:30Z' where visit_id = :visit;
select is((t.weighed('visit', :'visit')).from_on, '2026-01-13'::date, 'and half an hour before midnight in winter');
rollback to savepoint closing;
select throws_ok($$ insert into data.retention_rule (kind, from_on, starts, months, what_then, source)
	values ('register', '-infinity', 'recorded', 71, 'delete', 'x') $$, '23514', null, 'no rule keeps the register less than six years');
\ir ../../sql/retention/defaults.sql
select is(count(*), 21::bigint, 'the defaults leave a rule that is there') from data.retention_rule where school_urn is null and from_on = '-infinity';
\ir ../../sql/retention/defaults.sql
select is(count(*), 23::bigint, 'loaded again they add none') from data.retention_rule;
select t.marks(:pupil, 900001, '2020-01-06', '//////////'), t.marks(:young, 900001, '2020-01-06', '//////////') \gset
select is((t.weighed('register', '900001:2020-01-06')).from_on, data.day_of(now()), 'an entry of the register is kept from when it was made');
select is((t.weighed('pupil', :'pupil')).from_on, null, 'the time of a pupil on a roll has not begun');
update data.enrolment set left_on = current_date where pupil_id = :pupil;
select is((t.weighed('pupil', :'pupil')).from_on, null, 'nor on the last day');
update data.enrolment set left_on = current_date - 1 where pupil_id = :pupil;
select is((t.weighed('pupil', :'pupil')).client_id, '2005-03-01', 'born on 29 February: kept to 1 March');
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:pupil, 900002, '2021-09-01');
select is((t.weighed('pupil', :'pupil')).from_on, null, 'not while another school has the pupil');
update data.enrolment set left_on = '2021-10-01' where pupil_id = :pupil and school_urn = 900002;
insert into data.retention_rule (kind, school_urn, from_on, starts, months, what_then, source)
values ('pupil', 900002, '-infinity', 'left_roll', 1200, 'delete', 'x');
select is((t.weighed('pupil', :'pupil')).client_id, (current_date - 1 + interval '100 years')::date::text, 'the longest rule of all schools holds');

-- The world as it would be long after: all that is held about the pupil, with the name in it
select t.fill(:visit) \gset
update data.visit set address = '7 Quorn Street' where visit_id = :visit;
insert into data.event (visit_id, school_urn, kind, at, note, client_id) values (:visit, 900001, 'note', now(), 'Quorn rang', 'a');
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id)
values (:visit, 900001, :pupil, :one, now(), 'Quorn cried', true, 'a');
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id)
values (:visit, 900001, :one, now(), 'seen_family', 'Quorn was in', 'cpoms', 'a');
update data.letter set text = 'Dear Quorn' where pupil_id = :pupil;
update data.agreement set barriers = 'Quorn is ill' where pupil_id = :pupil;
update data.hazard set story = 'Quorn bit', contact_id = :contact where school_urn = 900001;
update data.contact set family_name = 'Quorn' where contact_id = :contact;
insert into data.team_member (visit_id, school_urn, position, name) values (:visit, 900001, 2, 'Dr Quorn');
delete from data.team_member where visit_id = :visit and position = 2;
update data.enrolment set admitted_on = '2020-09-02', mis_id = 'quorn1' where pupil_id = :pupil and school_urn = 900001;
insert into data.mark_note (pupil_id, day, session, school_urn, comment) values (:pupil, '2020-01-06', 'AM', 900001, 'Quorn overslept');
insert into data.mark_note (pupil_id, day, session, school_urn, comment) values (:pupil, '2020-01-07', 'AM', 900001, 'Quorn was ill');
delete from data.mark_note where day = '2020-01-07';
insert into data.subject_item (request_id, item_no, kind, record, content)
select request_id, 9, 'pupil', 'pupil', '[{"field": "name", "value": "Quorn"}]' from data.subject_request where schools = '{900001}';
insert into data.import_rejection (import_id, position, line, detail, said)
select min(import_id), 5, 6, 'Quorn is wrong', jsonb_build_object('upn', t.upn(1), 'family_name', 'Quorn') from data.import;
insert into data.export (client_id, scopes, path, request_id, state, schools, ended_at, expires_at)
values ('a', '{visits:read}', '/api/v1/visits.csv', 'r', 'done', '{900001}', now(), now() + interval '1 day') returning export_id as export \gset
insert into data.export_piece (export_id, position, content) values (:export, 0, convert_to('Quorn', 'UTF8'));
insert into data.legal_hold (subject, subject_id, schools, reason, by_staff_id, client_id, lifted_at, lifted_by, lifted_why)
values ('pupil', :pupil, '{900001}', 'Quorn sues', :one, 'a', now(), :one, 'Quorn lost');

create function t.said(words text) returns text
language plpgsql
as $$
declare
	name  text;
	found text := '';
	hit   bigint;
begin
	for name in select c.oid::regclass from pg_class c where c.relkind in ('r', 'p') and not c.relispartition
	             and c.relnamespace::regnamespace::text in ('data', 'auth', 'audit') order by 1 loop
		execute format('select count(*) from %s r where %s ~* %L', name, case when name = 'data.export_piece'
			then 'encode(r.content, ''escape'')' else 'r::text' end, words) into hit;
		found := found || case when hit > 0 then format('%s: %s, ', name, hit) else '' end;
	end loop;
	return found;
end;
$$;
select matches(t.said('quorn'), 'data.agreement.*data.event.*data.concern.*data.import_rejection.*audit.entry', 'the name stands in many places');

-- What holds
create function t.holds(kind data.retention_kind, id text) returns text language sql
return (select array_to_string(w.held_by, '; ') from data.retention_weighed(kind, current_date, array[id]) w);
select alike(t.holds('visit', :'visit'), '%subject request % is open; referral % is open; concern % is open; agreement %; concern %; incident %',
	'a visit is held by an open request, referral and concern, and by what stands on it');
select unalike(t.holds('register', '900001:2020-01-06'), '%referral%', 'an open case does not hold the register');
select alike(t.holds('register', '900001:2020-01-06'), '%subject request%', 'an open request holds it');
select alike(t.holds('register', '900001:2026-01-05'), '%the evidence of referral%', 'and frozen evidence does, of its weeks');
select alike(t.holds('agreement', (select agreement_id::text from data.agreement where pupil_id = :pupil)), '%is running%', 'an agreement that runs is held');

-- For child protection
savepoint protection;
update data.visit set plan = 'safeguarding' where visit_id = :later;
select alike(t.holds('visit', :'later'), '%child protection%', 'a visit for child protection is kept as long as a concern');
update data.pupil set date_of_birth = '1980-01-01' where pupil_id = :young;
select unalike(t.holds('visit', :'later'), '%child protection%', 'and no longer');
rollback to savepoint protection;

-- Keys that are let go of, and those that hold
savepoint keys;
insert into data.risk_assessment (school_urn, kind, by_staff_id, level, proceed, at, client_id, replaces)
select 900001, 'general', :one, 'low', true, now(), 'a', assessment_id from data.risk_assessment where kind = 'general' returning replaces as former \gset
select is((t.weighed('risk_assessment', :'former')).from_on, data.day_of(now()), 'an assessment that is replaced is closed by that');
select is(t.holds('risk_assessment', :'former'), '', 'and not held by it');
select is((t.weighed('risk_assessment', (select assessment_id::text from data.risk_assessment where replaces = :former))).from_on, null, 'the one that holds good is not');
select agreement_id as agreement from data.agreement where pupil_id = :pupil \gset
update data.visit set agreement_id = :agreement where visit_id in (:visit, :later);
insert into data.agreement (school_urn, pupil_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, client_id, renews_id)
values (900001, :pupil, '2026-02-01', :one, 'x', 'cpoms', '2026-02-01', '2026-06-01', 'a', :agreement) returning agreement_id as renewal \gset
select alike(t.holds('agreement', :'agreement'), '%' || w || '%', 'an agreement is held by ' || w)
from (values ('agreement ' || :'renewal'), ('visit ' || :'later')) as v (w);
select unalike(t.holds('agreement', :'agreement') || ';', '%visit ' || :'visit' || ';%', 'but not by the visit at which it was made, which follows it');
select alike(t.holds('visit', :'later'), '%agreement ' || :'agreement' || ' is running%', 'which holds the visits that follow it, while it runs');
set local session_replication_role = replica;
delete from data.visit_pupil where visit_id = :later;
delete from data.team_member where visit_id = :later;
delete from data.visit where visit_id = :later;
delete from data.agreement where agreement_id = :renewal;
set local session_replication_role = origin;
insert into data.disposal (schools, reason, by_staff_id, client_id, run_in) values ('{900001}', 'x', :one, 'a', pg_current_xact_id());
select lives_ok(format('select data.retention_take_out(%L, %L, %L)', k, array[i], 'x'), format('%s goes, and keys to it are let go of', k))
from (values ('risk_assessment', :'former'), ('agreement', :'agreement')) as v (k, i);
select is((select agreement_id from data.visit where visit_id = :visit), null, 'the visit stays');
select is((select count(*) from data.risk_assessment where kind = 'general' and replaces is null), 1::bigint, 'and the later assessment');
rollback to savepoint keys;

-- Forty years on: everything is over and done with
set local session_replication_role = replica;
update data.visit set planned_start = planned_start - interval '40 years', planned_end = planned_end - interval '40 years', cancelled_at = null,
	recorded_at = null, departed_at = '1986-01-13T09:30Z', returned_at = '1986-01-13T10:00Z' where visit_id = :visit;
update data.visit set departed_at = '2026-01-13T09:30Z', returned_at = '2026-01-13T10:00Z' where visit_id = :later;
update data.concern set at = at - interval '40 years', told_at = now(), told_staff_id = :one;
update data.duty set met_at = now() where not open or open;
update data.incident set at = at - interval '40 years';
update data.accident set at = at - interval '40 years';
update data.intervention set at = at - interval '40 years';
update data.external_referral set at = at - interval '40 years';
update data.agreement set ended_on = '1990-01-01', ended_by = :one, end_reason = 'x', made_on = '1989-01-01', from_on = '1989-01-01', review_on = '1989-06-01';
update data.letter set withdrawn_at = '1990-01-01', withdrawn_why = 'x';
update data.referral set withdrawn_at = '1990-01-01', withdrawn_by = :one, withdrawn_why = 'x';
update data.penalty_notice set issued_on = '1990-01-01', pay_by = '1990-01-01', paid_on = '1990-01-01';
update data.improvement_notice set ends_on = '1990-03-01', issued_on = '1990-02-01', result = (enum_range(null::data.improvement_result))[1], result_on = '1990-03-01';
update data.hazard set ended_on = '1990-01-01';
update data.subject_request set withdrawn_at = '1990-01-01', withdrawn_by = :one, withdrawn_why = 'x' where schools = '{900001}';
update data.enrolment set left_on = '2021-07-01' where pupil_id = :pupil and school_urn = 900001;
update data.mark_amendment set amended_at = '1990-01-01';
update audit.entry set at = '1990-01-01' where record = 'data.register_week' and key ->> 'week' = '2020-01-06';
update data.retention_rule set months = 12 where kind = 'pupil' and school_urn = 900002;

create function t.start(kind data.retention_kind, starts data.retention_start) returns text
language plpgsql
as $$
declare
	found text;
begin
	execute (select format('select string_agg(distinct coalesce((%s)::text, %L), %L) from %s r where %s and (%s)', s.day, 'none', ', ', k.record,
		case when exists (select from pg_attribute a where a.attrelid = k.record::regclass and a.attname = 'school_urn') then 'r.school_urn = 900001'
		     when k.kind = 'subject_request' then 'r.schools = ''{900001}''' when k.record = 'data.pupil' then 'r.family_name = ''Quorn''' else 'true' end,
		coalesce(k.own, 'true')) from data.retention_kinds() k join data.retention_starts() s using (kind)
		where k.kind = start.kind and s.starts = start.starts) into found;
	return found;
end;
$$;
select is(t.start('register', 'recorded'), data.day_of(now())::text, 'a note on a mark is of the register, too: kept from when it was made');
update audit.entry set at = '1990-01-01' where record = 'data.mark_note' and key ->> 'day' < '2020-01-13';
savepoint unpaid;
update data.penalty_notice set paid_on = null;
update data.improvement_notice set result = null, result_on = null;
select is(t.start(k::data.retention_kind, 'closed'), '2021-10-01', format('%s of which nothing came counts from when the pupil left', k)) from (values ('penalty_notice'), ('improvement_notice')) as v (k);
update data.enrolment set left_on = null where pupil_id = :pupil and school_urn = 900002;
select is(t.start(k::data.retention_kind, 'closed'), 'none', format('the time of %s of which nothing came has not begun while the pupil is on a roll', k)) from (values ('penalty_notice'), ('improvement_notice')) as v (k);
rollback to savepoint unpaid;
set local session_replication_role = origin;
select is(t.start(k::data.retention_kind, s::data.retention_start), replace(w, 'today', data.day_of(now())::text), format('%s: %s', k, s))
from (values ('concern', 'born', '1980-02-29'), ('external_referral', 'born', '1980-02-29'), ('incident', 'born', '1980-02-29'), ('accident', 'born', '1980-02-29'),
	('intervention', 'born', '1980-02-29'), ('penalty_notice', 'born', '1980-02-29'), ('improvement_notice', 'born', '1980-02-29'), ('letter', 'born', '1980-02-29'),
	('referral', 'born', '1980-02-29'), ('agreement', 'born', '1980-02-29'), ('pupil', 'born', '1980-02-29'), ('risk_assessment', 'born', 'none'),
	('concern', 'left_roll', '2021-10-01'), ('visit', 'left_roll', '2021-10-01, none'), ('pupil', 'left_roll', '2021-10-01'),
	('concern', 'recorded', 'today'), ('external_referral', 'recorded', 'today'), ('incident', 'recorded', 'today'), ('accident', 'recorded', 'today'),
	('intervention', 'recorded', 'today'), ('risk_assessment', 'recorded', 'today'), ('accident', 'happened', (data.day_of(now()) - interval '40 years')::date::text),
	('hazard', 'closed', '1990-01-01'), ('penalty_notice', 'closed', '1990-01-01'), ('improvement_notice', 'closed', '1990-03-01'),
	('letter', 'closed', '1990-01-01'), ('referral', 'closed', '1990-01-01'), ('agreement', 'closed', '1990-01-01'), ('subject_request', 'closed', '1990-01-01'),
	('visit', 'closed', '1986-01-13, 2026-01-13'), ('register', 'recorded', '2020-01-10, today')) as v (k, s, w);
select alike(t.holds('visit', :'visit'), '%agreement %; concern %', 'what is closed holds no more, but by what stands on it');
create function t.due(client text, kind text default 'null', school text default 'null') returns text language sql
return t.get(client, format($q$ select string_agg(record || ':' || record_id || case when goes then '' else ' (' || coalesce(held_by_text, what_then::text) || ')' end, ', ')
	from api.retention_due_list(%s, %s) $q$, kind, school));
select alike(t.due('a'), 'concern:% (review), %accident:%, %agreement:%, visit:% (%agreement %), register:900001:2020-01-06, %', 'what is due, and what holds it');
select is(t.get('a', $$ select count(*) from api.retention_due_list('visit') where not goes $$), '1', 'a visit that is held is listed, with why');
select is(t.due('b'), null, 'another school''s client sees none of it');
select is(t.due('few'), null, 'nor does a client without the scope');
select isnt(t.due('reader'), null, 'one that may read does');

-- Why is this still here?
create function t.why_words(client text, record text, id text) returns text language sql
return t.get(client, format('select words from api.retention_why(%L, %L)', record, id));
select alike(t.why_words('a', 'visit', :'visit'), 'Its time is over. It is held by %agreement %', 'why: what holds it');
select is(t.why_words('a', 'visit', :'later'), 'It is kept until 2032-01-13.', 'why: until when');
select alike(t.why_words('a', 'event', (select min(event_id)::text from data.event where visit_id = :visit)), 'It goes with visit %', 'why: with what a part goes');
select is(t.why_words('a', 'pupil', :'young'), 'Its time has not begun. It is held by marks at school 900001, visit pupil ' || :later || ', ' || :young || '.',
	'why: whose time has not begun');
select is(t.why_words('b', 'visit', :'visit'), null, 'nothing is told of another school''s');
select is(t.why_words('a', n, i), null, format('nor of %s %s', n, i))
from (values ('visit', '999999'), ('visit', 'x'), ('visit', ''), ('nothing', '1'), ('register', '1'), ('register', '900001:x'), ('code_word', '1')) as v (n, i);

-- What is not everybody's to know of
select is(t.due('narrow'), 'visit:' || :visit || ' (something that this client may not read)', 'of concerns nothing is told without their scope');
select is(t.why_words('narrow', 'concern', (select min(concern_id)::text from data.concern)), null, 'not even why they are there');
select is(t.why_words('narrow', 'visit', :'visit'), 'Its time is over. It is held by something that this client may not read.', 'nor what a visit has');

-- Legal holds
create function t.act_of(client text, query text) returns text
language plpgsql
as $$
declare
	result t.outcome := t.act(client, query, 'doorstep_records');
begin
	return coalesce(result.state || ' ' || coalesce(nullif(result.detail, ''), result.message), result.value);
end;
$$;
create function t.hold(client text, subject text, id bigint, by bigint) returns text language sql
return t.act_of(client, format('select id from api.legal_hold_place(%L)', jsonb_build_object('subject', subject, 'id', id, 'reason', 'A claim', 'by', by)));
select is((select count(*) from data.retention_weighed('accident', current_date) w where w.held_by = '{}'), 1::bigint, 'nothing holds the accident');
savepoint holding;
select is_empty(format($q$ select subject, id from (values ('school', 900001), ('pupil', %s), ('staff', %s), ('visit', %s)) as v (subject, id)
	where t.hold('all', subject, id, %2$s) !~ '^[0-9]+$' $q$, :pupil, :one, :visit), 'a hold is placed on a school, a pupil, one of the staff, a visit');
select is((select string_agg(w.held_by::text, '') from data.retention_weighed('accident', current_date) w),
	(select array_agg(format('legal hold %s', hold_id) order by hold_id)::text from data.legal_hold where lifted_at is null),
	'each holds the accident on the visit of that pupil, which one of that staff wrote');
select alike(t.holds('register', '900001:2020-01-06'), 'legal hold %; legal hold %', 'those on the school and the pupil hold a week of the register');
rollback to savepoint holding;
select is(t.hold('b', 'pupil', :young, :other) like 'DS422%', true, 'nobody holds what they do not see');
select is(t.hold('b', 'pupil', :pupil, :other) ~ '^[0-9]+$', true, 'but a pupil of one''s own, who was elsewhere, too');
select t.run('all', format('select api.legal_hold_lift(%s, %L)', (select max(hold_id) from data.legal_hold), jsonb_build_object('by', :one, 'reason', 'x'))) \gset
select is(t.hold('narrow', 'concern', (select min(concern_id) from data.concern), :one) like 'DS422%', true, 'nor what they may not read');
select is(t.hold('a', 'visit', 999999, :one) like 'DS422%', true, 'nor what is not there');
select t.hold('all', 'pupil', :pupil, :one) as hold \gset
select is(t.get('b', format('select stands from api.legal_hold_read(%s)', :hold)), 'true', 'each school of what is held sees the hold');
select is(t.run('b', format('select api.legal_hold_lift(%s, %L)', :hold, jsonb_build_object('by', :other, 'reason', 'x'))), 'DS430', 'who sees all of it lifts it');
select alike(t.holds('accident', (select accident_id::text from data.accident)), 'legal hold%', 'it stands');
select is(t.run('all', format('select api.legal_hold_lift(%s, %L)', :hold, jsonb_build_object('by', :one, 'reason', 'Settled'))), '1 rows', 'it is lifted');
select is(t.run('all', format('select api.legal_hold_lift(%s, %L)', :hold, jsonb_build_object('by', :one, 'reason', 'Settled'))), 'DS409', 'once');
select is(t.holds('accident', (select accident_id::text from data.accident)), '', 'and holds no more');

-- Rules through the API
create function t.rule(client text, more jsonb) returns text language sql
return t.act_of(client, format('select record from api.retention_rule_add(%L)', jsonb_build_object('record', 'visit', 'from_on', current_date,
	'starts', 'closed', 'months', 84, 'what_then', 'delete', 'source', 'The board') || more));
select is(t.rule('all', jsonb_build_object('by', :one)), 'visit', 'who sees the trust sets its rule');
select alike(t.rule('all', jsonb_build_object('by', :one)), 'DS409%', 'once a day');
select alike(t.rule('a', jsonb_build_object('by', :one)), 'DS430%', 'a school does not');
select is(t.rule('a', jsonb_build_object('by', :one, 'school_urn', 900001)), 'visit', 'but its own');
select alike(t.rule('a', jsonb_build_object('by', :one, 'school_urn', 900002)), '%/school_urn%', 'not another''s');
select alike(t.rule('a', jsonb_build_object('by', :one, 'school_urn', 900001, 'from_on', current_date + 1) || m), 'DS430%', 'nor one that keeps less than that of the trust: ' || m::text)
from (values ('{"months": 83}'::jsonb), ('{"starts": "left_roll"}'), ('{"record": "incident", "starts": "happened", "months": 120}')) as v (m);
select is(t.rule('all', jsonb_build_object('by', :one, 'school_urn', 900001, 'from_on', current_date + 1, 'months', 83)), 'visit', 'which who sees the trust does');
select is(t.rule('a', jsonb_build_object('by', :one, 'school_urn', 900001, 'from_on', current_date + 2) || m), m ->> 'record', 'but one that keeps more: ' || m::text)
from (values ('{"record": "accident", "starts": "born", "months": 300, "what_then": "review"}'::jsonb), ('{"record": "visit", "months": 84, "year_end": true}')) as v (m);
select alike(t.rule('all', jsonb_build_object('by', :one) || m), w, 'refused: ' || w)
from (values ('{"record": "register", "starts": "recorded", "months": 71}'::jsonb, '%/months%'), ('{"starts": "left_post"}', '%/starts%'),
	('{"from_on": "2020-01-01"}', '%/from_on%'), ('{"by": 999999}', '%/by%')) as v (m, w);
select throws_ok($$ update data.retention_rule set months = 1 $$, 'DS409', null, 'a rule is never changed');
set local session_replication_role = replica;
delete from data.retention_rule where from_on between current_date and current_date + 2;
set local session_replication_role = origin;

-- Two persons
create function t.ask(client text, body jsonb) returns text language sql
return t.act_of(client, format('select id from api.disposal_ask(%L)', jsonb_build_object('reason', 'Their time is over') || body));
create function t.step(client text, disposal text, name text, body jsonb) returns text language sql
return t.act_of(client, format('select state from api.disposal_%s(%s, %L)', name, disposal, body));
select alike(t.ask('a', jsonb_build_object('by', :one, 'record', 'concern')), 'DS409%', 'what is to be reviewed does not go with its kind');
select alike(t.ask('a', jsonb_build_object('by', :one, 'record', 'visit')), 'DS409%', 'what is held does not go');
select alike(t.ask('reader', jsonb_build_object('by', :one, 'record', 'accident')), 'DS409%', 'who may only read asks for nothing');
select alike(t.ask('b', jsonb_build_object('by', :other, 'record', 'accident')), 'DS409%', 'nobody asks for another school''s');
select alike(t.ask('a', jsonb_build_object('by', :one, 'records', jsonb_build_array(jsonb_build_object('record', n, 'id', i)))), w, 'refused: ' || w)
from (values ('visit', :'visit', '%held by%'), ('visit', :'later', '%kept until%'), ('visit', '999999', '%no record%'), ('event', '1', '%no record%')) as v (n, i, w);
select alike(t.ask('a', jsonb_build_object('by', :one)), '%/record%', 'something is asked for');
select alike(t.ask('narrow', jsonb_build_object('by', :one, 'record', 'accident')), 'DS409%', 'who may not read them does not ask for them');
select t.ask('a', jsonb_build_object('by', :one, 'record', 'accident')) as first \gset
select alike(t.ask('a', jsonb_build_object('by', :one, 'record', 'accident')), 'DS409%', 'a record waits in one disposal at a time');
select alike(t.step('a', :'first', 'approve', jsonb_build_object('by', :one)), '%another person%', 'who asked does not approve');
select throws_ok(format('update data.disposal set decided_at = now(), decided_by = by_staff_id where disposal_id = %s', :'first'), '23514', null, 'by no way');
select alike(t.step('a', :'first', 'execute', '{}'), 'DS409%', 'nothing goes unapproved');
select alike(t.step('narrow', :'first', 'approve', jsonb_build_object('by', :two)), 'DS430%', 'nor approve that they go');
select alike(t.step('b', :'first', 'approve', jsonb_build_object('by', :other)), 'DS404%', 'another school does not decide');
select alike(t.step('asks', :'first', 'approve', jsonb_build_object('by', :two)), 'DS404%', 'to ask for one is another right than to decide on it');
select alike(t.step('decides', :'first', 'withdraw', jsonb_build_object('by', :two, 'reason', 'x')), 'DS404%', 'and to decide than to ask');
select is(t.step('a', :'first', 'refuse', jsonb_build_object('by', :two, 'reason', 'Not yet')), 'refused', 'another person refuses');
select alike(t.step('a', :'first', 'execute', '{}'), 'DS409%', 'then nothing goes');
select is((select count(*) from data.accident), 1::bigint, 'the record is there');

-- A hold that comes between
select t.ask('a', jsonb_build_object('by', :one, 'record', 'accident')) as second \gset
select is(t.step('a', :'second', 'approve', jsonb_build_object('by', :two)), 'approved', 'another person approves');
select t.hold('a', 'visit', :visit, :one) as hold \gset
select is(t.step('a', :'second', 'execute', '{}'), 'done', 'it is carried out');
select is(t.get('a', format('select state || kept_why from api.disposal_item_list(%s)', :'second')), 'keptIt is held.', 'what was held since is kept, with why');
select is((select count(*) from data.accident), 1::bigint, 'and is there');
select t.run('a', format('select api.legal_hold_lift(%s, %L)', :'hold', jsonb_build_object('by', :one, 'reason', 'x'))) \gset

-- Withdrawn, before and after it is approved
select t.ask('a', jsonb_build_object('by', :one, 'record', 'accident')) as third \gset
select alike(t.step('b', :'third', 'withdraw', jsonb_build_object('by', :other, 'reason', 'x')), 'DS404%', 'another school withdraws nothing');
select alike(t.step('reader', :'third', 'withdraw', jsonb_build_object('by', :one, 'reason', 'x')), 'DS404%', 'nor who may only read');
select is(t.step('a', :'third', 'withdraw', jsonb_build_object('by', :one, 'reason', 'Too early')), 'withdrawn', 'who asked withdraws it');
select alike(t.step('a', :'third', s, jsonb_build_object('by', :two, 'reason', 'x')), 'DS409%', 'then nobody can ' || s || ' it') from unnest('{approve,execute,withdraw}'::text[]) as s;
select t.ask('a', jsonb_build_object('by', :one, 'record', 'accident')) as fourth \gset
select is(t.step('a', :'fourth', 'approve', jsonb_build_object('by', :two)), 'approved', 'what was withdrawn can be asked for again');
select is(t.step('a', :'fourth', 'withdraw', jsonb_build_object('by', :two, 'reason', 'A claim')), 'withdrawn', 'and withdrawn once it is approved');
select is(t.get('a', format('select state || kept_why from api.disposal_item_list(%s)', :'fourth')), 'keptThe disposal was withdrawn.', 'what it was about is kept');

-- What is to be looked at by then
select t.ask('a', jsonb_build_object('by', :one, 'record', 'accident')) as fifth \gset
select t.step('a', :'fifth', 'approve', jsonb_build_object('by', :two)) \gset
savepoint looking;
insert into data.retention_rule (kind, school_urn, from_on, starts, months, what_then, source) values ('accident', 900001, current_date, 'born', 300, 'review', 'x');
select is(t.step('a', :'fifth', 'execute', '{}'), 'done', 'a rule came between');
select is(t.get('a', format('select state || kept_why from api.disposal_item_list(%s)', :'fifth')), 'keptA person is to look at it.', 'what a person is to look at is kept, when nobody named it');
rollback to savepoint looking;

-- What nobody knew of
create table t.stands (accident_id bigint references data.accident);
insert into t.stands select accident_id from data.accident;
select is(t.step('a', :'fifth', 'execute', '{}'), 'done', 'something stands on what is to go, of which nothing is known');
select is(t.get('a', format('select state || kept_why from api.disposal_item_list(%s)', :'fifth')), 'keptSomething stands on it.', 'it is kept, and the rest is not held up');
select is((select counts from data.disposal where disposal_id = :'fifth'), '{}', 'nothing is said to have gone');
drop table t.stands;

-- Only within a disposal
select throws_ok('delete from data.accident', 'DS409', null, 'outside a disposal nothing that is appended to goes');
select is(t.run('a', 'delete from data.accident'), '42501', 'through no program');

-- Everything goes, what stands on others first
create function t.dispose(client text, body jsonb, asks bigint, decides bigint) returns text
language plpgsql
as $$
declare
	made text := t.ask(client, body || jsonb_build_object('by', asks));
	did  text;
begin
	if made !~ '^[0-9]+$' then
		return made;
	end if;
	perform t.step(client, made, 'approve', jsonb_build_object('by', decides));
	loop
		did := t.step(client, made, 'execute', '{}');
		exit when did <> 'approved';
	end loop;
	if did <> 'done' then
		return did;
	end if;
	return t.get(client, format('select state || '' '' || disposed from api.disposal_read(%s)', made));
end;
$$;
select is(t.dispose('a', jsonb_build_object('record', k), :one, :two), 'done 1', k || ' goes')
from unnest('{accident,hazard,penalty_notice,improvement_notice,letter,referral}'::text[]) as k;
select is(t.dispose('a', jsonb_build_object('records', (select jsonb_agg(jsonb_build_object('record', k.kind, 'id', w.record_id))
	from unnest('{concern,external_referral,incident,intervention}'::data.retention_kind[]) as k (kind),
	     data.retention_weighed(k.kind, current_date, null, '{900001}') w)), :one, :two), 'done 5', 'what is to be reviewed goes when it is named');
select is(t.dispose('a', jsonb_build_object('record', 'agreement'), :one, :two), 'done 1', 'then agreements go');
select is(t.dispose('a', jsonb_build_object('record', 'visit'), :one, :two), 'done 1', 'then visits');
select is((select count(*) from data.visit where visit_id = :later), 1::bigint, 'that whose time is not over is there');
select is(t.dispose('a', jsonb_build_object('record', 'register'), :one, :two), 'done 1', 'the week of the register goes that is old enough');
select is((select count(*) from data.register_week), 1::bigint, 'the newer one of the partition stays');
select is(t.dispose('a', jsonb_build_object('record', 'subject_request'), :one, :two), 'done 1', 'requests go');
select alike(t.why_words('a', 'pupil', :'pupil'), '%marks at school 900001%', 'the pupil is held by the other week');
set local session_replication_role = replica;
update audit.entry set at = '1990-01-01' where record in ('data.register_week', 'data.mark_note');
update data.school_week set week = '2019-01-07';
update data.register_week set week = '2019-01-07';
update data.mark_note set day = '2019-01-07';
update data.mark_amendment set day = '2019-01-08';
update audit.entry set key = key || '{"week": "2019-01-07"}' where record in ('data.register_week', 'data.school_week') and key ->> 'week' = '2026-01-05';
update audit.entry set key = key || '{"day": "2019-01-07"}' where record = 'data.mark_note' and key ->> 'day' = '2026-01-05';
set local session_replication_role = origin;
select is(t.dispose('a', jsonb_build_object('record', 'register'), :one, :two), 'done 1', 'which goes, too');
select alike(t.ask('a', jsonb_build_object('record', 'pupil', 'by', :one)), 'DS409%', 'a pupil of two schools does not go by a client of one');
select is(t.dispose('all', jsonb_build_object('record', 'pupil'), :one, :two), 'done 1', 'but by one of the trust');
select is(t.said('quorn|' || t.upn(1)), '', 'nothing says the name or the UPN any more');
create function t.numbered(pupil bigint) returns text
language plpgsql
as $$
declare
	name  text;
	found text := '';
	hit   bigint;
begin
	for name in select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'pupil_id'
	             where c.relkind in ('r', 'p') and not c.relispartition loop
		execute format('select count(*) from %s where pupil_id = %s', name, pupil) into hit;
		found := found || case when hit > 0 then name || ' ' else '' end;
	end loop;
	return found;
end;
$$;
select is(t.numbered(:pupil), '', 'no row has the number of the pupil');
select isnt(t.numbered(:young), '', 'of another pupil they are there');

-- The certificate
select is(t.get('all', $$ select string_agg(distinct state::text, '') from api.disposal_list() where state not in ('refused', 'requested', 'withdrawn') $$), 'done', 'what was done has a certificate');
select is(t.get('a', format('select words from api.retention_why(%L, %L)', 'visit', :visit)), format('It has gone, by disposal %s.', (select max(disposal_id)
	from data.disposal_item where kind = 'visit')), 'why is it not there?');
select is((select count(*) from data.disposal_item i where i.kept_until < '2008-01-01' and i.kind in ('pupil', 'accident', 'concern')), 0::bigint, 'it does not tell when a pupil was born');
select is((select format('%s %s %s %s %s', i.kind, i.record_id, r.starts, d.by_staff_id, d.decided_by) from data.disposal_item i
	join data.disposal d using (disposal_id) join data.retention_rule r using (rule_id) where i.kind = 'pupil' and i.state = 'disposed'),
	format('pupil %s left_roll %s %s', :pupil, :one, :two), 'it says what, by which rule, who asked and who approved');
select isnt((select sum(erased) from data.disposal), 0::numeric, 'and of how many entries what they said was erased');
select is_empty($$ select d.disposal_id from data.disposal d where d.done_at is not null and not exists (select from audit.entry e where e.record = 'data.disposal'
	and e.key = jsonb_build_object('disposal_id', d.disposal_id) and e.after ->> 'state' = 'done') $$, 'it is in the trail');
select is((select count(*) from data.disposal where run_in is not null), 0::bigint, 'no disposal runs on');
select throws_ok('delete from data.retention_rule', 'DS409', null, 'and what is left is history again');

-- What is made of the trail stands
select lives_ok(format($q$ do $do$ declare v text; begin
	perform set_config('doorstep.as_of', '2026-06-01', true);
	for v in select c.oid::regclass from pg_class c where c.relnamespace = 'was'::regnamespace and c.relkind = 'v' loop
		execute 'select count(*) from ' || v; end loop; end $do$ $q$), 'reading as at a moment stands erased entries');
select lives_ok(format('select * from data.subject_gathered(%L, %s)', k, i), format('so does subject access of a %s', k))
from (values ('pupil', :young), ('staff', :one)) as v (k, i);
select is_empty('select c.record_id from data.change c where c.record = ''pupil'' and c.key <> ''{}'' and c.record_id = ' || :pupil, 'the feed tells of the pupil by number');

-- Staff
select is((t.weighed('staff_facts', :'one')).from_on, null, 'the time of who holds a post has not begun');
update data.post set left_on = '1990-01-01' where staff_id = :one;
select is(t.holds('staff_facts', :'one'), '', 'of who has left the facts go');
select is(t.dispose('a', jsonb_build_object('record', 'staff_facts'), :two, :one), 'done 1', 'and are gone') ;
select is((select count(*) from data.staff_check where staff_id = :one), 0::bigint, 'all of them');
select alike(t.why_words('a', 'staff', :'one'), '%held by%disposal%team member%', 'the person is held by what names them, certificates among it');


-- Who has an account
select t.staff('A9', 900001) as nine \gset
update data.staff set email = 'zebedee@example.org' where staff_id = :nine;
select auth.account_create(:nine) as account \gset
insert into auth.identity (issuer, subject, client_id) values ('https://idp.example', 'zebedee-77', :'account');
insert into auth.device (client_id, device_hash) values (:'account', sha256('x'));
insert into auth.token (token_hash, client_id, scopes, expires_at) values (sha256('t'), :'account', '{}', now());
insert into audit.access (client_id, request_id, resource, filters, format, row_count)
values ('a', 'r', '/api/v1/staff/' || :nine || '/training', '{"reason": "zebedee asked"}', 'json', 1);
update data.post set left_on = '1990-01-01' where staff_id = :nine;
select is(t.holds('staff', :'nine'), '', 'an account does not hold who has left');
select is(t.dispose('a', jsonb_build_object('records', jsonb_build_array(jsonb_build_object('record', 'staff', 'id', :'nine'))), :one, :two), 'done 1', 'it goes with them');
select is(t.said('zebedee'), '', 'nothing says the address, who they are to a provider, or why somebody looked');
select is((select count(*) from auth.client where client_id = :'account'), 0::bigint, 'the client has gone');
select * from finish();
rollback;
