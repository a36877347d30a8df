-- Agreements: promises are tested against the register, and what follows a
-- breach: a reminder is drafted, a follow-up visit asked for, a referral.
begin;
\ir helpers.sql
\ir agreements_of.sql
select plan(80);

\set scopes {visits:read,visits:write,agreements:read,agreements:write,referrals:read,referrals:write,decisions:write}
select t.school(900001, 'potton'), t.school(900002, 'tkat'), t.client('a', '{900001}', :'scopes'),
       t.client('b', '{900002}', :'scopes'), t.client('reader', '{900001}', '{visits:read,agreements:read}'),
       t.client('few', '{900001}', '{visits:read,visits:write}') \gset
select t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('AO', 900001, 'Officer', '{attendance_officer}') as officer,
       t.staff('V', 900001, 'Visitor') as visitor, t.staff('O', 900002) as other_staff,
       t.pupil(1, 900001) as pupil, t.pupil(2, 900002) as other_pupil, t.pupil(3, 900001) as mate \gset
select t.contact(:pupil) as contact \gset

-- A mate who is there all the time: the school holds its sessions.
select t.marks(:mate, 900001, d::date, '/\/\/\/\/\') from generate_series('2026-01-05'::date, '2026-06-22', '7 days') as d \g /dev/null

-- Recording one
select t.agree(:pupil, :officer, jsonb_build_array(t.promise('no_marks', '{"codes": ["U", "O"], "days": 15}'))) as plain \gset
select is(t.stands(:'plain'), 'open: open, open', 'an agreement begins open, with promises of both sides');
select is(t.steps(:'plain'), 'agreement met', 'what its policy asks of it: that it is kept in the attendance file');
select is((select words from data.promise where agreement_id = :plain and position = 1), 'No U or O for 15 school days',
	'a measured promise is said in words');
select is(t.get('a', format('select policy || $$ $$ || policy_version from api.agreement_read(%s)', :plain)), 'potton October 2025',
	'it names the policy of the day on which it was made');
select is(t.get('a', format('select id from api.agreement_add(%L)', t.body(:pupil, :officer, jsonb_build_array(
	t.promise('attendance', '{"percent": 92, "until_on": "2026-02-01"}')), '{"kept_in": "cpoms"}'))) is not null, true,
	'one may be kept elsewhere');
select is(t.steps((select max(agreement_id)::text from data.agreement)), 'agreement due', 'which its policy then asks to be mended');

-- What is refused
create function t.wrong(more jsonb, officer bigint, pupil bigint) returns text
language sql return (select string_agg(p ->> 'pointer', ' ' order by p ->> 'pointer') from jsonb_array_elements(
	t.problems('a', format('select api.agreement_add(%L)', t.body(pupil, officer, '[]', more)))::jsonb) as p);
select is(t.wrong('{}', :officer, :pupil), '/promises', 'an agreement takes a promise of the family');
select is(t.wrong(jsonb_build_object('promises', jsonb_build_array(t.promise('no_marks', '{"codes": ["N", "Y1", "/", "ZZ"], "days": 5}'),
	'{"side": "school", "kind": "text", "words": "x", "due_on": "2026-02-01", "owner_name": "x"}'::jsonb)), :officer, :pupil),
	'/promises/0/codes/0 /promises/0/codes/1 /promises/0/codes/2 /promises/0/codes/3',
	'no promise rules out what is not established, not possible or present');
select is(t.wrong(jsonb_build_object('promises', jsonb_build_array(t.promise('attendance', '{"percent": 92, "days": 5}'),
	t.promise('text', '{"due_on": "2026-02-01"}'), '{"side": "school", "kind": "no_marks", "codes": ["O"], "days": 3}'::jsonb)), :officer, :pupil),
	'/promises/0/days /promises/0/until_on /promises/1/owner /promises/1/words /promises/2/kind', 'each kind takes its own members');
select is(t.wrong(format('{"pupil": %s, "by": %s, "review_on": "2025-01-01", "visit": 999999, "renews": 999999}', :other_pupil,
	:other_staff)::jsonb, :officer, :pupil), '/by /promises /pupil /renews /review_on /visit', 'what it names is of the school');
select is(t.run('b', format('select api.agreement_read(%s)', :plain)), '0 rows', 'another school does not see it');
select is(t.run('few', format('select api.agreement_read(%s)', :plain)), '0 rows', 'nor who lacks the scope');
select is(t.run('b', format('select api.agreement_test(%s, %L)', :plain, '{}')), 'DS404', 'nor tests it');
select is(t.run('reader', format('select api.agreement_add(%L)', t.body(:pupil, :officer, jsonb_build_array(
	t.promise('no_marks', '{"codes": ["U"], "days": 5}'))))), '42501', 'who reads only records none');

-- No U or O for so many school days.  What nobody could attend is no school day
-- and counts against nobody; nor does a gap.
select t.marks(:pupil, 900001, '2026-01-05', '/\QQXX##I-') \g /dev/null
select is(t.test(:'plain', '2026-01-09'), '1 rows', 'an agreement is tested on demand');
select is(t.stands(:'plain'), 'open: open, open', 'Q, X, #, illness and a gap break nothing');
select is((select concat_ws(' ', verdict, possible, attended, counted, against, unresolved, gaps) from data.promise_test where agreement_id = :plain),
	'open 3 2 2 0 0 1', 'the test says what it counted: two school days, for the others were none');
select is((select marks from data.promise_test where agreement_id = :plain),
	'2026-01-05 / \; 2026-01-06 Q Q; 2026-01-07 X X; 2026-01-08 # #; 2026-01-09 I -', 'and keeps the marks that it stood on');
select t.marks(:pupil, 900001, '2026-01-12', '/\NU/\/\/\') \g /dev/null
select t.test(:'plain', '2026-01-16') \g /dev/null
select is(t.stands(:'plain'), 'open: unresolved, open', 'a broken promise is not decided while an N is open');
select is(t.letters(:'plain'), 'none', 'and drafts nothing');
select is(t.steps(:'plain'), 'agreement met', 'nor asks for a step');
update data.register_week set marks = '/\IU/\/\/\', unresolved = 0, authorised = 4, unauthorised = 8 where pupil_id = :pupil and week = '2026-01-12';
select t.test(:'plain', '2026-01-16') \g /dev/null
select is(t.stands(:'plain'), 'broken: broken 2026-01-13, open', 'once the N is settled, it is broken, on the day of the mark');
select is(t.letters(:'plain'), 'reminder draft', 'a reminder is drafted');
select is(t.steps(:'plain'), 'agreement met, reminder due', 'and is a duty with its clause');
select matches((select text from data.letter where agreement_id = :plain), 'No U or O for 15 school days \(13 January 2026; 1 of U or O in',
	'the letter says what was not kept');
select is((select figures ->> 'attended' from data.letter where agreement_id = :plain), '10', 'and has the figures of the day');
select is((select recipients -> 0 ->> 'name' from data.letter where agreement_id = :plain), 'Parent Example', 'it goes to who has parental responsibility');
select is((select client_id from data.letter where agreement_id = :plain), 'a', 'by whom it was drafted is kept');
select is((select array_agg(cause order by notification_id) from data.notification where clause = 'reminder'), '{agreement}', 'somebody hears of it');
select is(t.get('few', $$ select count(*) from data.notification where clause = 'reminder' $$), '0', 'but who may not know of agreements does not');
select t.test(:'plain', '2026-01-17'), t.test(:'plain', '2026-01-17') \g /dev/null
select is(t.letters(:'plain'), 'reminder draft', 'however often it is tested, there is one draft');
select is((select count(*) from data.promise_test where agreement_id = :plain), 5::bigint, 'and every test is kept');
select is((select count(*) from data.notification where clause = 'reminder'), 1::bigint, 'and told once');
select is(t.run('a', format('select api.agreement_test(%s, %L)', :plain, '{"as_of": "2026-01-10"}')), 'DS409', 'it is not tested back');
select is(t.run('a', format('select api.agreement_test(%s, %L)', :plain, '{"as_of": "2199-01-10"}')), 'DS422', 'nor into the future');

-- A later N leaves what is decided; an amended mark takes the breach away.
select t.marks(:pupil, 900001, '2026-01-19', 'N\') \g /dev/null
select t.test(:'plain', '2026-01-19') \g /dev/null
select is(t.stands(:'plain'), 'broken: broken 2026-01-13, open', 'an N that comes later does not undo what was decided');
update data.register_week set marks = '/\II/\/\/\', unauthorised = 0, authorised = 12 where pupil_id = :pupil and week = '2026-01-12';
update data.register_week set marks = '/\        ', unauthorised = 0, unresolved = 0, attended = 3 where pupil_id = :pupil and week = '2026-01-19';
select t.test(:'plain', '2026-01-20') \g /dev/null
select is(t.stands(:'plain'), 'open: open, open', 'a mark that turns out otherwise undoes the breach');
select is(t.letters(:'plain'), 'reminder withdrawn', 'and the draft is put away');
update data.register_week set marks = '/\OI/\/\/\', unauthorised = 4, authorised = 8 where pupil_id = :pupil and week = '2026-01-12';
select t.test(:'plain', '2026-01-20') \g /dev/null
select is(t.letters(:'plain'), 'reminder withdrawn, reminder draft', 'broken again, it is drafted anew');

-- A person sends, waives or puts off
select max(letter_id) as letter from data.letter where agreement_id = :plain \gset
select is(t.run('a', format('select api.letter_withdraw(%s, %L)', :letter, format('{"by": %s, "reason": "x"}', :officer))), 'DS409',
	'a reminder is not just withdrawn');
select is(t.run('a', format('select api.agreement_deviate(%s, %L)', :plain, format('{"clause": "reminder", "by": %s, "reason": "They moved"}', :visitor))),
	'DS430', 'a visitor does not waive it');
select is(t.get('a', format('select state || $$ $$ || postponed_to from api.agreement_deviate(%s, %L)', :plain,
	format('{"clause": "reminder", "by": %s, "reason": "Grandmother died", "until_on": "2190-01-01"}', :officer))), 'due 2190-01-01', 'it is put off');
select is((select due_at from data.duty where agreement_id = :plain and clause = 'reminder'), '2190-01-02T00:00Z', 'to the end of that day');
update data.notification set due_at = '2190-01-02' where clause = 'reminder';
insert into auth.client_school select 'mail', 900001 from t.client('mail', '{}', '{visits:read,alarms:read,agreements:read}');
select is(t.get('mail', $$ select late_seconds from api.notification_list() where clause = 'reminder' $$), '0', 'what is told long before its time is not late');
select is(t.run('a', format('select api.agreement_deviate(%s, %L)', :plain,
	format('{"clause": "reminder", "by": %s, "reason": "x", "until_on": "2020-01-01"}', :officer))), 'DS422', 'not to a day gone by');
select is(t.run('a', format('select api.agreement_deviate(%s, %L)', :plain, format('{"clause": "follow-up", "by": %s, "reason": "x"}', :officer))),
	'DS409', 'a step that is not asked for is not waived');
select is(t.run('a', format('select * from api.letter_send_page(%s, %L)', :letter, format('{"by": %s, "sent_on": "2199-01-22", "sent_by": "post"}', :officer))),
	'DS422', 'a letter is not sent in the future');
-- drafted in the past, as the clock would have
alter table data.letter disable trigger kept_as_sent;
update data.letter set created_at = '2026-01-20' where letter_id = :letter;
alter table data.letter enable trigger kept_as_sent;
select is(t.send(:letter, :officer, '2026-01-21'), 'sent ' || encode(sha256('<html>letter</html>'), 'hex'), 'it is sent, and the page kept with its hash');
select is(t.steps(:'plain'), 'agreement met, reminder met', 'the duty is met');
select is(t.send(:letter, :officer, '2026-01-21'), 'DS409', 'a letter is sent once');
select is(t.run('a', format('update data.letter set text = $$x$$ where letter_id = %s', :letter)), 'DS409', 'and kept as it is');
select is(t.get('a', format('select page from api.letter_page(%s)', :letter)), '<html>letter</html>', 'its page is printed again as it was');

-- Continued breach: tested anew from the day after the letter
select t.marks(:pupil, 900001, '2026-01-26', '/\/\/\/\/\') \g /dev/null
select t.test(:'plain', '2026-01-30') \g /dev/null
select is(t.stands(:'plain'), 'broken: open, open', 'after the letter the promise is tested anew, the agreement is broken still');
select is(t.steps(:'plain'), 'agreement met, reminder met', 'what was answered by the letter does not count again');
select t.marks(:pupil, 900001, '2026-02-02', '/\U\/\/\/\') \g /dev/null
select t.test(:'plain', '2026-02-06') \g /dev/null
select is(t.steps(:'plain'), 'agreement met, reminder met, follow-up due', 'broken again, a follow-up visit is to be requested');
select is(t.letters(:'plain'), 'reminder withdrawn, reminder sent', 'and no second letter');
select is(t.get('a', format('select next_step ->> $$words$$ from api.agreement_read(%s)', :plain)), 'a follow-up visit to be requested',
	'the agreement says what comes next');
select is(t.follow(:'plain', :mate, :officer), 'DS422', 'a visit to another pupil does not follow it up');
select t.follow(:'plain', :pupil, :officer) as follow \gset
select is((select missing from data.duty where agreement_id = :plain and clause = 'follow-up'),
	format('the follow-up visit (visit %s) to be made', :follow), 'it is requested by planning a visit that names the agreement');
insert into data.event (visit_id, school_urn, kind, at, client_id) values (:follow, 900001, 'departed', '2026-02-10T09:10Z', 'a');
select is(t.steps(:'plain'), 'agreement met, reminder met, follow-up met', 'and met when the visit is made');

-- Still falling: the rule of the policy
select t.marks(:pupil, 900001, d::date, 'OOOOOOOOOO') from generate_series('2026-02-16'::date, '2026-03-16', '7 days') as d \g /dev/null
select t.test(:'plain', '2026-03-20') \g /dev/null
select is(t.steps(:'plain'), 'agreement met, reminder met, follow-up met, legal due', 'below 70 % over three months all the same: a referral is to be proposed');
select is(t.get('a', format('select state from api.referral_propose(%L)', jsonb_build_object('school_urn', 900001, 'pupil', :pupil,
	'by', :officer, 'reason', 'Nothing helped', 'as_of', '2026-03-20', 'agreement', :plain))), 'proposed', 'it is proposed');
select is(t.steps(:'plain'), 'agreement met, reminder met, follow-up met, legal met', 'which meets that duty');

-- At least so many percent to a day
select max(agreement_id) as percent from data.agreement where kept_in = 'cpoms' \gset
select t.test(:'percent', '2026-01-31') \g /dev/null
select is(t.stands(:'percent'), 'open: open, open', 'a percentage to a day is decided when the day is over');
select t.test(:'percent', '2026-02-01') \g /dev/null
select is((select concat_ws(' ', state, decided_on) from data.promise where agreement_id = :percent and position = 1), 'broken 2026-02-01', 'and then');
select is((select verdict::text from data.promise p, data.agreement a, lateral data.try_attendance(p, a.pupil_id, '2026-01-26', '2026-01-30', '2026-01-30')
	where p.agreement_id = :percent and p.position = 1 and a.agreement_id = :percent), 'kept', 'a week that was whole is kept');
select is((select verdict::text from data.promise p, lateral data.try_attendance(p, :other_pupil, '2026-01-26', '2026-01-30', '2026-01-30')
	where p.agreement_id = :percent and p.position = 1), 'untested', 'where nothing was possible it is not tested, neither kept nor broken');

-- In before the register closes on so many days of so many
create function t.on_time(marks text, days int, of_days int, until date) returns text
language plpgsql
as $$
declare
	p   data.promise;
	who bigint := t.pupil(100 + (random() * 99000)::int, 900001);
	f   data.promise_test;
begin
	perform t.marks(who, 900001, '2026-01-05', left(marks, 10)), t.marks(who, 900001, '2026-01-12', substr(marks, 11));
	p.days := days;
	p.of_days := of_days;
	f := data.try_in_on_time(p, who, '2026-01-05', until);
	return concat_ws(' ', f.verdict, f.decided_on);
end;
$$;
select is(t.on_time('/\L\/\/\/\/\/\/\U\/\', 9, 10, '2026-01-16'), 'kept 2026-01-16', 'in on time on nine days of ten is kept; L is before the register closes');
select is(t.on_time('/\U\/\/\/\O\/\/\/\/\', 9, 10, '2026-01-16'), 'broken 2026-01-12', 'on eight it is broken, by the second');
select is(t.on_time('/\U\/\/\/\N\/\/\/\/\', 9, 10, '2026-01-16'), 'unresolved', 'nothing is decided while an N is open');
select is(t.on_time('/\U\QQII-\#\/\/\/\', 9, 10, '2026-01-16'), 'open', 'days that are not possible, ill or without a mark are none of the ten');

-- Words, renewal, the end
select is(t.get('a', format('select state from api.promise_settle(%s, %L)', :plain, format('{"promise": 2, "state": "broken", "by": %s, "on": "2026-01-12"}', :officer))),
	'broken', 'of a promise in words a person says whether it was kept');
select is(t.run('a', format('select api.promise_settle(%s, %L)', :plain, format('{"promise": 1, "state": "kept", "by": %s}', :officer))), 'DS409', 'not of a measured one');
select is(t.steps(:'plain'), 'agreement met, reminder met, follow-up met, legal met', 'what the school did not keep is no breach of the family');
select t.agree(:pupil, :officer, jsonb_build_array(t.promise('no_marks', '{"codes": ["U"], "days": 5}')),
	jsonb_build_object('renews', :'plain'::bigint, 'made_on', '2026-03-23', 'from_on', '2026-03-24')) as renewed \gset
select is(t.stands(:'plain'), 'renewed: broken 2026-02-16, broken 2026-01-12', 'an agreement is renewed by another');
select is(t.run('a', format('select api.agreement_test(%s, %L)', :plain, '{}')), 'DS409', 'and is tested no more');
select is(t.get('a', format('select state from api.agreement_change(%s, %L, %L)', :renewed, '{*}',
	format('{"ended_on": "2026-04-01", "end_reason": "They moved away", "ended_by": %s}', :head))), 'ended', 'or ended, with a reason');

-- Every night
select is((select watch.test_agreements('2026-02-03T03:00Z', 5)), 0, 'the clock leaves what was recorded on the same day for the night');
update data.agreement set created_at = '2026-01-02';
select is((select watch.test_agreements('2026-02-03T03:00Z', 5)), 1, 'the clock tests what runs and was not tested to the day before');
select is((select watch.test_agreements('2026-02-03T04:00Z', 5)), 0, 'once a night');
select * from finish();
rollback;
