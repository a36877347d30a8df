-- The chain that follows a breach, where it may go wrong: a visit that came too
-- early, breaches that were mended, a pupil who left, a referral that is open.
begin;
\ir helpers.sql
\ir agreements_of.sql
select plan(50);

\set scopes {visits:read,visits:write,agreements:read,agreements:write,referrals:read,referrals:write,decisions:write,alarms:read}
select t.school(900001, 'potton'), t.school(900002, 'tkat'), t.client('a', '{900001}', :'scopes'),
       t.client('few', '{900001}', '{visits:read,alarms:read}') \gset
select t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('AO', 900001, 'Officer', '{attendance_officer}') as officer,
       t.pupil(1, 900001) as early, t.pupil(2, 900001) as mended, t.pupil(3, 900001) as moved, t.pupil(4, 900001) as open,
       t.pupil(5, 900001) as mate \gset
select t.contact(p) from unnest(array[:early, :mended, :moved, :open]::bigint[]) as p \g /dev/null
select t.marks(p, 900001, d::date, '/\/\/\/\/\') from unnest(array[:mate, :early, :mended, :open]::bigint[]) as p,
	generate_series('2026-01-05'::date, '2026-06-22', '7 days') as d \g /dev/null
\set no_o '[{"side": "family", "kind": "no_marks", "codes": ["O"], "days": 15}]'
-- Marks of a week amended, as the register is: with its sums.
create function t.amend(pupil bigint, monday date, said text) returns void
language sql
begin atomic
	update data.register_week w set (marks, attended, authorised, unauthorised, unresolved, not_possible, administrative)
	     = (select m.* from data.mark_sessions(array[rpad(said, 10)]) as m)
	 where w.pupil_id = amend.pupil and w.week = monday;
end;
create function t.depart(visit text, at timestamptz) returns void
language sql
begin atomic
	insert into data.event (visit_id, school_urn, kind, at, client_id) values (visit::bigint, 900001, 'departed', at, 'a');
end;
create function t.waive(agreement text, step text, staff bigint, at timestamptz) returns void
language sql
begin atomic
	insert into data.deviation (agreement_id, school_urn, clause, kind, by_staff_id, reason, at, client_id)
	values (agreement::bigint, 900001, step, 'waived', staff, 'Test', at, 'a');
end;
create function t.drafts(agreement text) returns text
language sql return (select string_agg(l.breaches::text, '; ' order by l.letter_id) from data.letter l
	where l.agreement_id = agreement::bigint and l.state = 'draft');
create function t.due(agreement text, step text) returns timestamptz
language sql return (select d.due_at from data.duty d where d.agreement_id = agreement::bigint and d.clause = step);

-- A visit is the follow-up of the breach that came before it
select t.agree(:early, :officer, :'no_o') as early_one \gset
select t.follow(:'early_one', :early, :officer, '2026-01-08') as v1, t.follow(:'early_one', :early, :officer, '2026-01-14') as v2,
       t.follow(:'early_one', :early, :officer, '2026-01-27') as v3 \gset
select t.depart(:'v1', '2026-01-08T09:10Z') \g /dev/null
select is(t.steps(:'early_one'), 'agreement met', 'a visit before any breach asks for nothing');
select t.amend(:early, '2026-01-05', '/\/\/\/\O\'), t.test(:'early_one', '2026-01-09') \g /dev/null
select is(t.steps(:'early_one'), 'agreement met, reminder due', 'and is no answer to the breach that comes: a reminder is due');
select is(t.letters(:'early_one'), 'reminder draft', 'and drafted');
select is((select count(*) from data.agreement_rounds(:early_one)), 1::bigint, 'no other round has begun');
select is(t.send((select letter_id from data.letter where agreement_id = :early_one), :officer, '2026-01-12') ~ '^sent', true, 'it is sent');
select t.depart(:'v2', '2026-01-14T09:10Z'), t.amend(:early, '2026-01-19', '/\O\O\/\/\'), t.test(:'early_one', '2026-01-23') \g /dev/null
select is(t.steps(:'early_one'), 'agreement met, reminder met, follow-up late', 'a visit between the reminder and the next breach does not follow that up either');
select is((select missing from data.duty where agreement_id = :early_one and clause = 'follow-up'), format('the follow-up visit (visit %s) to be made', :v3),
	'one that is planned for after it is to');
select is(t.get('a', format('update data.visit set agreement_id = null where visit_id = %s returning 1', :v3)), '1', 'a visit that lets the agreement go');
select is((select missing from data.duty where agreement_id = :early_one and clause = 'follow-up'), 'a follow-up visit to be requested', 'is not counted on any more');
update data.visit set agreement_id = :early_one where visit_id = :v3;
update data.visit set drill = true where visit_id = :v3;
select t.depart(:'v3', '2026-01-27T09:10Z') \g /dev/null
select is(t.steps(:'early_one'), 'agreement met, reminder met, follow-up due', 'a drill follows nothing up');
update data.visit set drill = false where visit_id = :v3;
select duty.weigh_agreement(:early_one) \g /dev/null
select is(t.steps(:'early_one'), 'agreement met, reminder met, follow-up met', 'the visit after the breach does');
select is((select array_agg(starts order by round) from data.agreement_rounds(:early_one)), '{2026-01-05,2026-01-13,2026-01-28}', 'and the third round begins the day after it');
-- A policy that knows no reminders
update data.clause set kind = 'conduct' where policy_version_id = (select policy_version_id from data.agreement where agreement_id = :early_one)
	and clause = 'reminder';
select is((data.agreement_steps(:early_one)).followed, '2026-01-14', 'where a policy knows no reminders, a visit follows the first breach up');
update data.clause set kind = 'agreement_reminder' where policy_version_id = (select policy_version_id from data.agreement where agreement_id = :early_one)
	and clause = 'reminder';

-- Breaches that are mended: what the draft says
select t.agree(:mended, :officer, :'no_o'::jsonb || '[{"side": "family", "kind": "no_marks", "codes": ["U"], "days": 15}]'::jsonb) as two \gset
select t.amend(:mended, '2026-01-05', '/\O\/\/\/\'), t.test(:'two', '2026-01-09') \g /dev/null
select is(t.drafts(:'two'), '[{"promise": 1, "broken_on": "2026-01-06"}]', 'a draft is about what was broken');
select is(t.due(:'two', 'reminder') between now() + interval '7 days' and clock_timestamp() + interval '7 days', true, 'and due a week after that was found');
alter table data.promise_test disable trigger append_only;
update data.promise_test set tested_at = '2026-01-10T03:00Z' where agreement_id = :two;
alter table data.promise_test enable trigger append_only;
insert into data.deviation (agreement_id, school_urn, clause, kind, by_staff_id, reason, at, until_on, client_id)
values (:two, 900001, 'reminder', 'postponed', :officer, 'Test', '2026-01-11', '2026-01-20', 'a');
select duty.weigh_agreement(:two) \g /dev/null
select is(t.due(:'two', 'reminder'), '2026-01-21T00:00Z', 'or as it was put off');
select t.amend(:mended, '2026-01-05', '/\I\/\/\/\'), t.amend(:mended, '2026-01-12', '/\U\/\/\/\'), t.test(:'two', '2026-01-16') \g /dev/null
select is(t.drafts(:'two'), '[{"promise": 2, "broken_on": "2026-01-13"}]', 'mended, and another broken: the draft is about that');
select is((select text ~ 'No U' and text !~ 'No O' from data.letter where agreement_id = :two), true, 'and says so');
select is((select figures ->> 'to' from data.letter where agreement_id = :two), '2026-01-16', 'with the figures as they are');
select is(t.letters(:'two'), 'reminder draft', 'it is one draft still');
select is(t.due(:'two', 'reminder') > now() + interval '6 days', true, 'the time for the new breach runs from when that was found, not as the old one was put off');
select max(letter_id) as letter from data.letter where agreement_id = :two \gset
select is(t.get('a', format('select version from api.letter_change(%s, %L, %L)', :letter, '{*}', '{"text": "Dear family,"}')), '3', 'a person changes it');
select t.amend(:mended, '2026-01-19', '/\I\/\/\/\'), t.test(:'two', '2026-01-23') \g /dev/null
select is((select text from data.letter where letter_id = :letter), 'Dear family,', 'it stays as that person wrote it');
select t.amend(:mended, '2026-01-12', '/\L\/\/\/\') \g /dev/null
select matches(t.why('a', format('select * from api.letter_send_page(%s, %L)', :letter, format('{"by": %s, "sent_by": "post"}', :officer))), 'Have the agreement tested',
	'what is not so any more is not sent');
select t.amend(:mended, '2026-01-19', '/\U\/\/\/\'), t.test(:'two', '2026-01-24') \g /dev/null
select is(t.letters(:'two'), 'reminder withdrawn, reminder draft', 'once it is about something else, it is put away, and drafted anew');
select is(t.drafts(:'two'), '[{"promise": 2, "broken_on": "2026-01-20"}]', 'about that');
select is(t.run('a', format('select * from api.letter_send_page(%s, %L)', (select max(letter_id) from data.letter where agreement_id = :two),
	format('{"by": %s, "sent_by": "post"}', :officer))), '1 rows', 'which is sent');

-- A pupil who left
update data.enrolment set left_on = '2026-01-16' where pupil_id = :moved;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:moved, 900002, '4', '2026-01-19');
select t.marks(:moved, 900001, '2026-01-05', '/\/\/\/\/\'), t.marks(:moved, 900001, '2026-01-12', '/\/\/\/\/\'),
       t.marks(:moved, 900002, '2026-01-19', 'UUOOOOIIMM') \g /dev/null
select t.agree(:moved, :officer, :'no_o') as left_one \gset
select is(t.test(:'left_one', '2026-01-23'), '1 rows', 'an agreement of a pupil who left is tested');
select is((select last_day from data.promise_test where agreement_id = :left_one), '2026-01-16', 'to the last day at the school');
select is(t.get('a', format($$ select bool_or(marks ~ '2026-01-19') from api.promise_test_list(%s) $$, :left_one)), 'false', 'what is marked at the next is not told');
select is(t.stands(:'left_one'), 'open: open, open', 'nor counted');
update data.agreement set created_at = '2026-01-02' where agreement_id = :left_one;
update data.agreement set tested_to = '2026-02-02' where agreement_id <> :left_one;
select is(watch.test_agreements('2026-02-03T03:00Z', 9), 0, 'and the clock leaves it alone');
select is(t.get('a', format('select concat(figures ->> $$to$$, figures ->> $$possible$$) from api.letter_add(%L)', jsonb_build_object('school_urn', 900001, 'pupil', :moved,
	'kind', 'other', 'subject', 'x', 'text', 'x'))), '2026-01-1620', 'a letter about such a pupil has the figures of the stay');
select is((select string_agg(p ->> 'pointer', ' ') from jsonb_array_elements(t.problems('a', format('select api.agreement_add(%L)', t.body(:moved, :officer, :'no_o',
	'{"made_on": "2026-01-19", "from_on": "2026-01-20"}')))::jsonb) as p), '/pupil', 'no agreement is made once the pupil has left');

-- Referrals: one that is open meets the step, and so does any that is proposed since
create function t.propose(pupil bigint, staff bigint) returns text
language sql return t.get('a', format('select id from api.referral_propose(%L)', jsonb_build_object('school_urn', 900001, 'pupil', pupil,
	'by', staff, 'reason', 'Test', 'as_of', '2026-03-20')));
select t.agree(:open, :officer, :'no_o') as falls \gset
select t.amend(:open, '2026-01-05', '/\O\/\/\/\'), t.test(:'falls', '2026-01-09'), t.waive(:'falls', 'reminder', :head, '2026-01-10T12:00Z'),
       t.amend(:open, '2026-01-12', '/\O\/\/\/\'), t.test(:'falls', '2026-01-16') \g /dev/null
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up due', 'once the reminder was waived, the next breach asks for a visit');
select t.waive(:'falls', 'follow-up', :head, '2026-01-17T12:00Z'), t.test(:'falls', '2026-01-17') \g /dev/null
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up waived', 'which is waived, too; the rule is not met');
select is(t.due(:'falls', 'legal'), null, 'and has no time that would move from night to night');
select t.amend(:open, d::date, 'OOOOOOOOOO') from generate_series('2026-01-19'::date, '2026-03-16', '7 days') as d \g /dev/null
select t.test(:'falls', '2026-03-20') \g /dev/null
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up waived, legal due', 'then it is: a referral is to be proposed');
select is(t.due(:'falls', 'legal'), now() + interval '7 days', 'within a week of when that was found');
update data.duty set due_at = '2026-03-27' where agreement_id = :falls and clause = 'legal';
select t.test(:'falls', '2026-03-20') \g /dev/null
select is(t.due(:'falls', 'legal'), '2026-03-27', 'which does not move');
insert into data.deviation (agreement_id, school_urn, clause, kind, by_staff_id, reason, at, until_on, client_id)
values (:falls, 900001, 'legal', 'postponed', :officer, 'Test', now(), '2199-01-01', 'a');
select duty.weigh_agreement(:falls) \g /dev/null
select is(t.due(:'falls', 'legal'), '2199-01-02', 'unless it is put off');
select t.propose(:open, :officer) as referral \gset
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up waived, legal met', 'one that names no agreement meets it at once');
select t.run('a', format('select api.referral_withdraw(%s, %L)', :referral, format('{"by": %s, "reason": "x"}', :head))) \g /dev/null
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up waived, legal due', 'withdrawn, it is to be proposed again');
select t.propose(:open, :officer) as referral \gset
alter table data.deviation disable trigger user;
update data.deviation set at = '2199-01-01' where agreement_id = :falls and clause = 'follow-up';
alter table data.deviation enable trigger user;
select duty.weigh_agreement(:falls) \g /dev/null
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up waived, legal met', 'one that was open before the visit meets it, too');
select t.run('a', format('select api.referral_decide(%s, %L)', :referral, format('{"by": %s, "decision": "do_not_refer", "reason": "x"}', :head))) \g /dev/null
select is(t.steps(:'falls'), 'agreement met, reminder waived, follow-up waived, legal due', 'until that is refused: the visit came after it');

-- Today's register may not be whole
select is((t.problems('a', format('select api.agreement_test(%s, %L)', :falls, jsonb_build_object('as_of', current_date)))::jsonb -> 0 ->> 'pointer'), '/as_of',
	'no agreement is tested to today');

-- Reviews are told to who may know of agreements
update data.agreement set review_on = '2026-03-31' where agreement_id = :falls;
select watch.tell_reviews(now()) \g /dev/null
select is(t.get('a', format($$ select count(*) from api.notification_list() where words = 'Agreement %s is to be reviewed' $$, :falls)), '1', 'that an agreement is to be reviewed is told');
select is(t.get('a', format($$ select count(*) from api.notification_list() where words ~ '^Agreement %s: say whether' $$, :falls)), '1', 'and that a promise in words is to be settled');
select is(t.get('few', $$ select count(*) from api.notification_list() where words ~ 'Agreement' $$), '0', 'but not to who may not know of agreements');
select is((select array_agg(distinct scope) from data.notification where subject ~ '^(promise|review:agreement):'), '{agreements}', 'nor in words by e-mail');
select * from finish();
rollback;
