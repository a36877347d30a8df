-- The evidence of a referral: frozen with its hashes; what changes after that is
-- told beside it.
begin;
\ir helpers.sql
select plan(43);

\set scopes {visits:read,agreements:read,agreements:write,referrals:read,referrals:write,decisions:write,attendance:write}
select t.school(900001, 'potton'), t.school(900002, 'potton'), t.client('a', '{900001}', :'scopes'), t.client('b', '{900002}', :'scopes'),
       t.client('mis', '{900001}', '{visits:read,attendance:write}') \gset
select t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('AO', 900001, 'Officer', '{attendance_officer}') as officer,
       t.pupil(1, 900001, 'O''Brien <&> "x"') as pupil, t.pupil(2, 900001) as mate \gset
select t.contact(:pupil) as contact, t.visit(900001, :pupil, :officer) as visit \gset
insert into data.event (visit_id, school_urn, kind, at, client_id)
select :visit, 900001, k::data.event_kind, at::timestamptz, 'a' from (values ('departed', '2026-01-13T09:10Z'), ('arrived', '2026-01-13T09:30Z'),
	('left', '2026-01-13T10:00Z'), ('returned', '2026-01-13T10:20Z')) as e (k, at);
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, barriers, support, kept_in, client_id)
values (:visit, 900001, :officer, '2026-01-13T11:00Z', 'seen_family', 'SECRET NOTE', 'The bus', 'A bus pass', 'attendance_file', 'a');
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id)
values (:visit, 900001, :pupil, :officer, now(), 'SECRET CONCERN', false, 'a');
select t.marks(:pupil, 900001, d::date, '/\OOOOI-LO'), t.marks(:mate, 900001, d::date, '/\/\/\/\/\')
  from generate_series('2026-03-02'::date, '2026-05-25', '7 days') as d \g /dev/null
insert into data.mark_note (pupil_id, day, session, school_urn, minutes_late, comment) values (:pupil, '2026-03-06', 'AM', 900001, 12, E'Rang < in & "said" \x01');
select t.get('a', format('select id from api.referral_propose(%L)', jsonb_build_object('school_urn', 900001, 'pupil', :pupil, 'by', :officer,
	'reason', 'Nothing else has helped', 'as_of', '2026-05-31'))) as referral \gset

create function t.part(referral text, wanted text) returns xml
language sql return (select content::xml from data.evidence_part where referral_id = referral::bigint and name = wanted);
create function t.x(path text, doc xml) returns text
language sql return (xpath(path, doc, '{{e,https://doorstep.example/ns/v1/evidence}}'))[1]::text;

-- Frozen
select is((select string_agg(name, ' ' order by position) from data.evidence_part where referral_id = :referral),
	'policy.xml people.xml attendance.xml visits.xml agreements.xml letters.xml notices.xml', 'the evidence is frozen in its parts');
select is_empty($$ select name from data.evidence_part where sha256 <> sha256(convert_to(content, 'UTF8')) $$, 'each with the hash of its bytes');
select is((select manifest_sha256 from data.referral), sha256(convert_to(data.evidence_manifest(:referral), 'UTF8')), 'and the manifest of them with its own');
select is(t.x('string(//e:code[@code="O"]/@sessions)', t.part(:'referral', 'attendance.xml')), '65', 'the attendance print has the sum of every code');
select is(t.x('string(//e:mark[@day="2026-03-06" and @session="AM"])', t.part(:'referral', 'attendance.xml')), E'Rang &lt; in &amp; "said" \uFFFD',
	'and every comment, without what XML cannot hold');
select is(t.x('count(//e:mark)', t.part(:'referral', 'attendance.xml')), '130', 'and every mark');
select is(t.x('string(//e:record/@outcome)', t.part(:'referral', 'visits.xml')), 'seen_family', 'the visits have their outcomes');
select is((select count(*) from data.evidence_part where content ~ 'SECRET'), 0::bigint, 'the notes of a visit and concerns are no part of it');
select is(t.x('string(//e:contact/e:name)', t.part(:'referral', 'people.xml')), 'Parent Example', 'who has parental responsibility is');
select is(t.x('string(//e:policy/@clause)', t.part(:'referral', 'policy.xml')) || ' ' || t.x('string(//e:policy/@version)', t.part(:'referral', 'policy.xml')),
	'legal October 2025', 'and the clause with the version of its policy');
select is(t.run('a', 'update data.evidence_part set content = content'), '42501', 'no program changes it');
select throws_ok('update data.evidence_part set content = content', 'DS409', null, 'nor does anybody');
select is(t.run('b', format('select api.evidence_list(%s)', :referral)), 'DS404', 'another school sees none of it');
select is(t.run('b', format('select * from api.referral_pack(%s)', :referral)), '0 rows', 'nor the pack');
select is(t.run('b', format('select * from api.referral_pack_files(%s)', :referral)), '0 rows', 'nor its files');
select is(t.run('b', format('select data.referral_freeze(%s)', :referral)), '1 rows', 'freezing again');
select is((select count(*) from data.evidence_part), 7::bigint, 'freezes nothing again');

-- Changed since
create function t.amend(pupil bigint, staff bigint, day date, session text, code text) returns text
language sql return t.run('mis', format('select api.amend(%s, %L)', pupil, jsonb_build_object('school_urn', 900001, 'date', day, 'session', session,
	'code', code, 'reason', 'Doctor''s note', 'by', staff)), 'doorstep_register');
select is(t.amend(:pupil, :officer, '2026-03-03', 'AM', 'I'), '1 rows', 'a mark is amended after it was frozen');
select is(t.get('a', format('select concat_ws($$ $$, date, session, frozen, was, is_now, attended, possible, percentage, still_met) from api.evidence_change_list(%s)', :referral)),
	'2026-03-03 AM O O I 39 117 33.3 t', 'which is told: was O, now I, and the figures since');
select is((select words from data.notification where cause = 'evidence'), format('Referral %s: evidence changed: 2026-03-03 AM was O, now I', :referral), 'everyone involved hears of it');
select is((select roles::text from data.notification where cause = 'evidence'), '{headteacher,deputy,attendance_officer}', 'the head, the deputy and the attendance officer');
select is(t.get('mis', 'select count(*) from data.notification'), '0', 'and nobody who may not know of referrals');
select is(t.amend(:pupil, :officer, '2026-06-02', 'AM', 'I'), '1 rows', 'a mark outside the window');
select is(t.amend(:mate, :officer, '2026-03-03', 'AM', 'I'), '1 rows', 'or of another pupil');
select is((select count(*) from data.evidence_change), 1::bigint, 'is none of it');
update data.register_week set marks = replace(marks, 'O', '/'), attended = attended | unauthorised, unauthorised = 0
 where pupil_id = :pupil and week between '2026-03-02' and '2026-05-25';
select is(t.get('a', format('select concat_ws($$ $$, evidence_changes > 50, still_met, percentage, percentage_now) from api.referral_read(%s)', :referral)),
	't f 33.3 88.0', 'an import that changes many marks is told, and that the rule is met no more');
select is(t.run('a', format('select api.referral_decide(%s, %L)', :referral, format('{"by": %s, "decision": "refer", "reason": "x"}', :head))), 'DS409', 'then it is not referred');
select is(t.x('string(//e:mark[@day="2026-03-03" and @session="AM"]/@code)', t.part(:'referral', 'attendance.xml')), 'O', 'the frozen print stays as it was');

-- The lane
select t.pupil(3, 900001) as ill \gset
select t.marks(:ill, 900001, d::date, '/\OO/\/\/\') from generate_series('2026-03-02'::date, '2026-05-25', '7 days') as d \g /dev/null
update data.register_week set marks = 'OOOO/\OO/\', attended = 816, unauthorised = 207 where pupil_id = :ill;
select t.get('a', format('select id from api.referral_propose(%L)', jsonb_build_object('school_urn', 900001, 'pupil', :ill, 'by', :officer,
	'reason', 'x', 'as_of', '2026-05-31'))) as ill_one \gset
select is(t.get('a', format('select concat_ws($$ $$, lane, lane_now) from api.referral_read(%s)', :ill_one)), 'legal legal', 'a pupil is proposed in the legal lane');
update data.register_week set marks = replace(marks, 'O', 'I'), authorised = unauthorised, unauthorised = 0 where pupil_id = :ill;
select is(t.get('a', format('select concat_ws($$ $$, lane, still_met, lane_now) from api.referral_read(%s)', :ill_one)), 'legal t support', 'and ill, as it turns out: for support');
select is(t.get('a', format('select lane from api.evidence_change_list(%s) order by id desc', :ill_one)), 'support', 'each change says the lane since');
select is((select words ~ '; in the lane support now, not legal$' from data.notification where subject = 'evidence:' || :ill_one order by notification_id desc limit 1), true,
	'which everyone involved hears');
select matches(t.why('a', format('select api.referral_decide(%s, %L)', :ill_one, format('{"by": %s, "decision": "refer", "reason": "x"}', :head))), 'in the lane support now',
	'then it is not referred in the legal one');

-- A rule about falling attendance stands on the month before the window, too
select t.school(900004, 'morecambe'), t.client('m', '{900004}', :'scopes') \gset
select t.staff('M', 900004, 'Officer', '{attendance_officer}') as officer4, t.pupil(4, 900004) as falls \gset
select t.marks(:falls, 900004, monday + 7 * n, rpad(repeat('/', greatest(least(10, attended - 10 * n), 0)), least(10, possible - 10 * n), 'O'))
  from (values ('2026-02-02'::date, 23, 25), ('2026-03-02', 27, 30), ('2026-04-06', 22, 25), ('2026-05-04', 17, 20)) as m (monday, attended, possible),
       generate_series(0, 2) as n where 10 * n < possible \g /dev/null
select t.get('m', format('select id from api.referral_propose(%L)', jsonb_build_object('school_urn', 900004, 'pupil', :falls, 'by', :officer4,
	'reason', 'x', 'as_of', '2026-05-31'))) as falling \gset
select is(t.get('m', format('select concat_ws($$ $$, evidence_from, window_start) from api.referral_read(%s)', :falling)), '2026-02-01 2026-03-01', 'it is frozen from there on');
select is(t.x('string(/e:attendance/@from)', t.part(:'falling', 'attendance.xml')), '2026-02-01', 'and printed');
select is(t.x('string(//e:sums/@from)', t.part(:'falling', 'attendance.xml')), '2026-03-01', 'the sums are those of the window');
select is((select string_agg(m::text, ' ') from unnest(xpath('//e:month/@percentage', t.part(:'falling', 'attendance.xml'), '{{e,https://doorstep.example/ns/v1/evidence}}')) as m),
	'92.0 90.0 88.0 85.0', 'and each month has its own, which the rule compares');
select is(t.x('count(//e:month)', t.part(:'referral', 'attendance.xml')), '0', 'of another rule there are none');
select is((select count(*) from data.evidence_change where referral_id = :falling), 0::bigint, 'nothing is changed yet');
update data.register_week set marks = 'OOOO//////', attended = 1008, unauthorised = 15 where pupil_id = :falls and week = '2026-02-02';
select is((select count(*) from data.evidence_change where referral_id = :falling), 4::bigint, 'a mark of that month that is changed is told');
select is(t.get('m', format('select concat_ws($$ $$, evidence_changed, still_met, coalesce(lane_now::text, $$none$$)) from api.referral_read(%s)', :falling)), 't f none',
	'and that the rule is met no more');

-- The pack
select is((select t.x('string(/e:evidence-pack/e:changes/e:change[1])', document::xml) from api.referral_pack(:referral)), 'evidence changed: was O, now I',
	'the pack tells of the changes beside the frozen parts');
alter table data.evidence_part disable trigger append_only;
update data.evidence_part set content = replace(content, 'code="O"', 'code="/"') where name = 'attendance.xml';
select set_eq($$ select name from api.referral_pack_files($$ || :referral || $$) where hash <> encode(sha256(convert_to(content, 'UTF8')), 'hex') $$,
	array['attendance.xml'], 'a part that was tampered with is seen by the manifest');
select * from finish();
rollback;
