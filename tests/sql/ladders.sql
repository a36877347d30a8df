-- Who is looked for, when and by whom: the clocks and the ladders of each policy.
begin;
\ir helpers.sql
\ir visits_of.sql
select plan(204);
select t.set_up(p) from unnest('{none,tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p \g /dev/null

-- A visit on which this has happened.
create function t.out(policy text, changes text default '{}', variadic events text[] default '{departed 13:40,arrived 14:00}')
returns bigint
language plpgsql
as $$
declare
	made    bigint := t.approved(t.planned(policy, changes));
	outcome text := t.happens(made, variadic events);
begin
	if outcome ~ ':' then
		raise exception '%', outcome;
	end if;
	return made;
end;
$$;
create function t.resolution(visit bigint) returns text
language sql
return (select string_agg(e.resolution, '; ' order by e.escalation_id) from data.escalation e where e.visit_id = visit);
create function t.unsettled(visit bigint, cause text) returns bigint
language sql
return (select count(*) from data.notification n where n.visit_id = visit and n.cause::text = unsettled.cause and n.resolved_at is null);

-- The Kemnal Academies Trust: 30 minutes after the end
select t.out('tkat') as visit \gset
select t.ticks('15:29:59') \g /dev/null
select is(t.rungs(:visit), null, 'tkat: nobody is looked for 29 minutes and 59 seconds after the end');
select t.ticks('15:30:00') \g /dev/null
select is(t.rungs(:visit), '1 15:30', 'but 30 minutes after it');
select is(t.told(:visit, 'rung'), 'overdue 15:30 office', 'by the office, which is told');
select t.ticks('15:39:59') \g /dev/null
select is(t.rungs(:visit), '1 15:30', 'when nobody says anything, nothing more follows within ten minutes');
select t.ticks('15:40', '15:50', '16:00', '16:10', '16:20') \g /dev/null
select is(t.rungs(:visit), '1 15:30, 2 15:40, 3 15:50, 4 16:00, 5 16:10, 6 16:20', 'then a step every ten minutes');
select is(t.told(:visit, 'rung'), 'overdue 15:30 office, overdue 15:40 leadership/headteacher, '
	'overdue 15:50 leadership/headteacher, overdue 16:00 leadership/headteacher, overdue 16:10 leadership/headteacher, '
	'overdue 16:20 leadership/headteacher', 'each told to whom the policy names');
select is((select string_agg(split_part(r.words, ' ', 1) || coalesce(' if ' || r.condition, ''), ' > ' order by position)
	  from data.rung r join data.escalation e using (escalation_id) where e.visit_id = :visit),
	'Contact > Inform > Leadership > Leadership > Ask > Inform if no contact can be made, or there is concern for the visitor',
	'the visitor, leadership, their own try, next of kin, the family, the police');
select t.ticks('23:59') \g /dev/null
select is(t.rungs(:visit) like '%6 16:20', true, 'after the police there is no step');
select is(t.open_causes(:visit), 'overdue', 'but the search goes on');
select is(t.happens(:visit, 'returned 17:00'), 'returned', 'until the team is back');
select is(t.resolution(:visit), 'The team is back.', 'which ends it');
select is(t.unsettled(:visit, 'rung'), 0::bigint, 'and settles what was told');

-- At once, when a step brought nothing
select t.out('tkat') as visit \gset
select t.ticks('15:30') \g /dev/null
select is(t.tries(:visit, 1, 'no_answer', '15:31:00'), '1', 'tkat: a call that brings no answer is recorded');
select t.ticks('15:31:00') \g /dev/null
select is(t.rungs(:visit), '1 15:30, 2 15:31', 'and the next step follows at once');
select t.tries(:visit, 2, 'done', '15:32:00'), t.ticks('15:32'), t.tries(:visit, 3, 'no_answer', '15:33:00'), t.ticks('15:33'),
       t.tries(:visit, 4, 'no_answer', '15:34:00'), t.ticks('15:34'), t.tries(:visit, 5, 'concern', '15:35:00'), t.ticks('15:35') \g /dev/null
select is(t.rungs(:visit), '1 15:30, 2 15:31, 3 15:32, 4 15:33, 5 15:34, 6 15:35', 'so on to the police');
select is(t.tries(:visit, 5, 'team_safe', '15:36:00'), 'DS409', 'the result of a step is told once');
select is(t.tries(:visit, 7, 'team_safe', '15:36:00'), 'DS409', 'a step that there is not has none');
select is(t.tries(:visit, 6, 'team_safe', '15:36:00', 'found at home'), '6', 'who is found safe');
select is(t.resolution(:visit), 'Step 6: found at home.', 'is looked for no more');

-- A sign-in at any step stops the search
create table t.at_rung as
select n as rung, t.out('tkat') as visit from generate_series(1, 6) n;
create function t.climb_to(visit bigint, n int) returns void
language plpgsql
as $$
begin
	for i in 1 .. n loop
		perform t.tick(to_char(timestamptz '2025-11-19T15:30Z' + (i - 1) * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI"Z"'));
		if i < n then
			perform t.tries(visit, i, 'no_answer', to_char(timestamptz '2025-11-19T15:30Z' + i * interval '1 minute', 'HH24:MI:SS'));
		end if;
	end loop;
end;
$$;
select t.climb_to(visit, rung) from t.at_rung order by rung \g /dev/null
select t.happens(visit, 'returned 16:30') from t.at_rung \g /dev/null
select t.ticks('20:00') \g /dev/null
select is((select max(r.position) from data.rung r join data.escalation e using (escalation_id) where e.visit_id = a.visit), rung,
	format('tkat: a sign-in at step %s stops the search', rung)) from t.at_rung a order by rung;
select is((select count(*) from data.escalation e join t.at_rung a on a.visit = e.visit_id where e.closed_at is null), 0::bigint,
	'all of these are over');
select is((select sum(t.unsettled(visit, 'rung')) from t.at_rung), 0::numeric, 'and settled');

-- What ends a search: who is reached or safe; of an emergency, only who is safe
create table t.ends as
select anchor, result, ends, t.out(policy, plan, variadic events) as visit
  from (values ('overdue', 'tkat', '{}', '{departed 13:40,arrived 14:00}'::text[]),
               ('no_answer', 'potton', '{}', '{departed 13:40,no_answer 15:30}'),
               ('help', 'tkat', '{"planned_end": "2025-11-19T17:00:00Z"}', '{departed 13:40,help 15:30}')) as c (anchor, policy, plan, events),
       unnest(enum_range(null::data.rung_result)) as result,
       lateral (select result = 'team_safe' or result = 'team_reached' and anchor <> 'help') as e (ends);
select t.ticks('15:30') \g /dev/null
select is(t.tries(visit, 1, result::text, '15:31:00'), '1', format('%s: a step that brought "%s" is recorded', anchor, result)) from t.ends;
select is(t.open_causes(visit) is null, ends, format('%s: %s ends it: %s', anchor, result, ends)) from t.ends;
select t.ticks('15:31') \g /dev/null
select is(t.rungs(visit, anchor), case when ends then '1 15:30' else '1 15:30, 2 15:31' end,
	format('%s: after "%s" the next step %s', anchor, result, case when ends then 'is not taken' else 'follows at once' end)) from t.ends;
select is((select count(*) from data.event where visit_id = visit and kind = 'check_in'), (result in ('team_reached', 'team_safe'))::int::bigint,
	format('%s: "%s" is %s check-in', anchor, result, case when result in ('team_reached', 'team_safe') then 'a' else 'no' end))
  from t.ends where anchor = 'overdue';

-- Who is heard from after the end has thirty minutes more
select t.out('tkat', '{}', 'departed 13:40', 'arrived 14:00', 'check_in 15:10') as visit \gset
select t.ticks('15:39:59') \g /dev/null
select is(t.rungs(:visit), null, 'tkat: who is heard from at 15:10 is not looked for at 15:39');
select t.ticks('15:40') \g /dev/null
select is(t.rungs(:visit), '1 15:40', 'but at 15:40');
select is(t.happens(:visit, 'left 15:41'), 'left', 'leaving is being heard from');
select is(t.resolution(:visit), 'The team was heard from.', 'which ends the search');
select t.ticks('16:10') \g /dev/null
select is(t.rungs(:visit), '1 15:40', 'for thirty minutes');
select t.ticks('16:11') \g /dev/null
select is(t.rungs(:visit), '1 15:40, 1 16:11', 'and no longer');
select t.out('tkat', '{}', 'departed 13:40', 'arrived 14:00', 'check_in 14:40') as visit,
       t.out('tkat', '{}', 'departed 13:40', 'arrived 14:00', 'delayed 14:40 {"expected_at": "2025-11-19T16:00:00Z"}') as delayed \gset
select t.ticks('15:30') \g /dev/null
select is(t.rungs(:visit), '1 15:30', 'a call before the end puts nothing off');
select t.ticks('16:29:59') \g /dev/null
select is(t.rungs(:delayed), null, 'who told of a delay has thirty minutes from the new end');
select t.ticks('16:30') \g /dev/null
select is(t.rungs(:delayed), '1 16:30', 'and no more');
select t.out('tkat') as visit \gset
select t.ticks('15:30') \g /dev/null
select is(t.happens(:visit, 'check_in 14:50'), 'arrived', 'a call of 14:50 is recorded while the team is looked for');
select is(t.open_causes(:visit), 'overdue', 'which ends no search: nobody has been heard from since');
select t.happens(:visit, 'check_in 15:05'), t.ticks('15:35') \g /dev/null
select is(t.rungs(:visit), '1 15:30, 1 15:35', 'one of 15:05 does, and puts it off to 15:35');

-- Thomas More: at the agreed return the mobile is rung; no answer and concern: the police
select t.out('thomas-more') as visit, t.out('thomas-more', '{"return_by": "2025-11-19T15:45:00Z"}') as later \gset
select t.ticks('15:29:59') \g /dev/null
select is(t.rungs(:visit), null, 'thomas-more: nothing before the agreed return');
select t.ticks('15:30') \g /dev/null
select is(t.rungs(:visit), '1 15:30', 'at which the mobile is rung');
select is(t.rungs(:later), null, 'not when a later one was agreed');
select is(t.told(:visit, 'rung'), 'overdue 15:30 office', 'by the office');
select t.tries(:visit, 1, 'no_answer', '15:32:00'), t.ticks('15:32') \g /dev/null
select is(t.rungs(:visit), '1 15:30, 2 15:32', 'no answer: the police');
select is((select r.condition from data.rung r join data.escalation e using (escalation_id) where visit_id = :visit and position = 2),
	'there is no answer and reasonable cause for concern', 'if there is cause for concern');
select is(t.happens(:visit, 'returned 15:40'), 'returned', 'back');
select is(t.open_causes(:visit), null, 'and over');
select t.ticks('15:45') \g /dev/null
select is(t.rungs(:later), '1 15:45', 'the later one is looked for at its own time');

-- Potton: a call that is not answered; the head is told and decides
select t.out('potton') as visit \gset
select t.ticks('14:09:59') \g /dev/null
select is(t.told(:visit, 'duty'), null, 'potton: the office does not call before ten minutes after the scheduled start');
select t.ticks('14:10') \g /dev/null
select is(t.told(:visit, 'duty'), 'check-in-call 14:10 office/headteacher', 'but then, and the head hears of it');
select is(t.happens(:visit, 'no_answer 14:11'), 'arrived', 'nobody answers');
select t.ticks('14:11') \g /dev/null
select is(t.rungs(:visit), '1 14:11', 'so the head is told at once');
select is(t.told(:visit, 'rung'), 'no-contact 14:11 office/headteacher', 'by the office');
select t.tries(:visit, 1, 'done', '14:12:00'), t.ticks('14:12') \g /dev/null
select is(t.told(:visit, 'rung'), 'no-contact 14:11 office/headteacher, no-contact 14:12 headteacher', 'and decides');
select is(t.happens(:visit, 'check_in 14:15'), 'arrived', 'an answer');
select is(t.resolution(:visit), 'The team was heard from.', 'ends it');
select is(t.state(:visit, 'check-in-call') || t.state(:visit, 'no-contact'), 'metmet', 'and meets the call');
select t.happens(:visit, 'no_answer 14:50'), t.ticks('14:50') \g /dev/null
select is(t.rungs(:visit), '1 14:11, 2 14:12, 1 14:50', 'another call without an answer begins it anew');
select t.out('potton', '{}', 'departed 13:40', 'arrived 14:05') as visit \gset
select t.ticks('23:00') \g /dev/null
select is(t.rungs(:visit), null, 'without a call that failed there is no ladder at potton, however late');

-- Rookeries and Morecambe state no ladder: none is invented, the board says late
select t.out(policy) as visit, policy into t.unladdered from unnest('{rookeries,morecambe}'::text[]) policy;
select t.ticks('23:59') \g /dev/null
select t.tick('2025-11-22T12:00Z') \g /dev/null
select is((select count(*) from data.escalation e where e.visit_id = visit), 0::bigint, policy || ': no ladder is invented') from t.unladdered;
select is(t.told(visit, 'rung'), null, policy || ': and none climbed') from t.unladdered;
select is(t.get('a', format('select late from api.board where id = %s', visit)), 'true', policy || ': the board shows the visit late') from t.unladdered;
select t.happens(visit, 'returned 16:00') from t.unladdered \g /dev/null
select is(t.get('a', format('select late from api.board where id = %s', visit)), null, policy || ': until it is back') from t.unladdered;

-- Parents who are not there: 15 minutes at Potton, 20 at Morecambe, more than 30
-- there if they said that they are late; all from the arranged time
select t.out('potton', '{}', 'departed 13:40', 'arrived 14:00', 'parents_absent 14:02') as potton,
       t.out('morecambe', '{}', 'departed 13:40', 'arrived 14:00', 'parents_absent 14:02') as morecambe,
       t.out('morecambe', '{}', 'departed 13:40', 'parents_late 13:50 {"expected_at": "2025-11-19T14:25:00Z"}', 'arrived 14:00', 'parents_absent 14:02') as noticed,
       t.out('potton', '{}', 'departed 13:40', 'parents_late 13:50', 'arrived 14:00') as potton_noticed,
       t.out('morecambe', '{"announced": false, "parents_told_by": null, "parents_agreed": false}', 'departed 13:40', 'arrived 14:00', 'parents_absent 14:02') as unannounced,
       t.out('tkat', '{}', 'departed 13:40', 'arrived 14:00', 'parents_absent 14:02') as tkat \gset
select t.ticks('14:14:59') \g /dev/null
select is(t.told(:potton, 'duty', 'wait'), null, 'potton: nobody is sent away before 15 minutes');
select t.ticks('14:15') \g /dev/null
select is(t.told(:potton, 'duty', 'wait') like '14:15 %', true, 'but then');
select is(t.told(:potton_noticed, 'duty', 'wait') like '14:15 %', true, 'also when the parents said that they are late');
select is(t.told(:morecambe, 'duty', 'wait'), null, 'morecambe: not yet');
select t.ticks('14:19:59') \g /dev/null
select is(t.told(:morecambe, 'duty', 'wait'), null, 'morecambe: nor before 20 minutes');
select t.ticks('14:20') \g /dev/null
select is(t.told(:morecambe, 'duty', 'wait') like '14:20 %', true, 'but then');
select t.ticks('14:29:59') \g /dev/null
select is(t.told(:noticed, 'duty', 'wait') || t.told(:noticed, 'duty', 'wait-after-notice'), null, 'with notice, not before 30 minutes');
select t.ticks('14:30') \g /dev/null
select is(t.told(:noticed, 'duty', 'wait-after-notice') like '14:30 %', true, 'but then: from the arranged time');
select is(t.rungs(:tkat), null, 'where tkat counts 30 minutes from the end');
select is(t.state(:unannounced, 'wait'), 'not_applicable', 'morecambe: the 20 minutes are for visits that were arranged');
select is(t.happens(:potton, 'cancelled 14:15 {"because": "parents_absent"}'), 'arrived', 'potton: cancelled for absent parents');
select is(t.state(:potton, 'wait'), 'met', 'which is what the policy asks for');
select is((select evidence from data.duty where visit_id = :potton and clause = 'wait'), 'ended: parents_absent', 'and is on record');
select is(t.happens(:potton, 'left 14:16', 'returned 14:40'), 'cancelled', 'the visit is cancelled');
select is((select end_reason::text from data.visit where visit_id = :potton), 'parents_absent', 'for that reason');
select is(t.get('a', format('select met_late from api.duty where visit_id = %s and clause = $$wait$$', :potton)), 'false', 'in time');
select is(t.happens(:noticed, 'entered 14:28'), 'arrived', 'morecambe: they come');
select is(t.state(:noticed, 'wait-after-notice'), 'met', 'and the visit goes on');
select t.ticks('15:30') \g /dev/null
select is(t.rungs(:tkat), '1 15:30', 'tkat: looked for 30 minutes after the end');

-- Calls for help, under every policy and under none
create table t.helped as
select policy, t.out(policy) as visit, steps
  from (values ('none', '1 14:20, 2 14:25'), ('tkat', '1 14:20, 2 14:25, 3 14:30, 4 14:35'), ('rookeries', '1 14:20'), ('potton', '1 14:20'),
               ('morecambe', '1 14:20, 2 14:25'), ('thomas-more', '1 14:20')) as p (policy, steps);
select t.happens(visit, 'help 14:20') from t.helped \g /dev/null
select t.ticks('14:20') \g /dev/null
select is(t.open_causes(visit), 'help', policy || ': a call for help opens a ladder') from t.helped;
select is(t.rungs(visit), '1 14:20', policy || ': of which the first step is taken at once') from t.helped where policy <> 'none';
select t.ticks('14:25', '14:30', '14:35', '14:40') \g /dev/null
select is(t.rungs(visit), steps, policy || ': and the others one by one') from t.helped where policy <> 'none';
select watch.tick() \g /dev/null
select is((select r.position || ' ' || r.words from data.rung r join data.escalation e using (escalation_id) where e.visit_id = visit),
	'1 Call the police to the home at once', 'under no policy the police are called') from t.helped where policy = 'none';
select t.happens(visit, 'check_in 14:50', 'left 14:51', 'returned 15:00') from t.helped \g /dev/null
select is(t.open_causes(visit), 'help', policy || ': whoever answers or is back may not be free: people end it') from t.helped;
select is(t.tries(visit, 1, 'team_safe', '15:10:00') is not null and t.open_causes(visit) is null, true, policy || ': who is safe is') from t.helped;
select t.ticks('16:00') \g /dev/null
select is(t.open_causes(visit), null, policy || ': and it stays so') from t.helped;
select t.out('tkat', '{}', 'departed 13:40', 'help 14:20') as visit \gset
select t.ticks('14:20'), t.happens(:visit, 'help 14:24'), t.ticks('14:26'), t.tries(:visit, 1, 'team_safe', '14:30:00'), t.ticks('14:31'), watch.tick() \g /dev/null
select is(t.open_causes(:visit), null, 'two calls for help are answered by finding the team safe after both');
select t.happens(:visit, 'help 14:40'), watch.tick() \g /dev/null
select is(t.open_causes(:visit), 'help', 'one that comes later is not');

-- After a downtime all that was missed is told, in the order of its times
select t.out('tkat') as visit, t.out('tkat', '{"planned_end": "2025-11-19T15:05:00Z"}') as other, max(notification_id) as mark from data.notification \gset
select t.tick('2025-11-20T18:00Z') \g /dev/null
select is(t.rungs(:visit), '1 15:30, 2 15:40, 3 15:50, 4 16:00, 5 16:10, 6 16:20', 'one look hours later takes all steps, each at its time');
select is(array_agg(n.due_at order by n.notification_id), array_agg(n.due_at order by n.due_at), 'and tells all in the order of its times')
  from data.notification n where n.notification_id > :mark and n.visit_id in (:visit, :other);
select is(bool_and(e.late_seconds > 3600), true, 'with how late it was told') from api.notification e where e.visit_id = :visit;
select is(bool_and(e.late_seconds > 3600), true, 'also of the search') from api.escalation e where e.visit_id = :visit;

-- Looking twice tells nothing twice
create function t.raised() returns text
language sql stable
return (select concat_ws(' ', (select count(*) from data.notification), (select count(*) from data.rung), (select count(*) from data.escalation),
	(select max(entry_id) from audit.entry)));
select t.raised() as before \gset
select is(t.tick('2025-11-20T18:00Z'), '0', 'a second look at the same time finds nothing');
select is(t.raised(), :'before', 'and writes nothing, nor an audit entry');
select is(t.tick('2025-11-19T15:35Z'), '0', 'nor does one at an earlier time');

-- A drill is flagged all through
select t.out('tkat', '{"drill": true}') as visit \gset
select t.happens(:visit, 'help 14:20'), t.ticks('16:30') \g /dev/null
select is(t.open_causes(:visit), 'overdue, help', 'a drill is escalated as in earnest');
select is((select bool_and(drill) from data.escalation where visit_id = :visit) and (select bool_and(drill) from data.notification where visit_id = :visit), true,
	'and called a drill all through');
select is((select bool_or(watch.subject_line(n) !~ '^DRILL: ') from data.notification n where visit_id = :visit), false, 'in what is sent, too');
select is((select bool_or(n.drill) from data.notification n join data.visit v using (visit_id) where not v.drill), false, 'nothing else is');

-- What is done later settles what was told
select t.out('tkat') as visit \gset
select t.ticks('15:00') \g /dev/null
select is(t.told(:visit, 'duty', 'sign-in'), '15:00 office', 'a sign-in that is missing is told');
select t.happens(:visit, 'returned 15:20'), t.ticks('15:21') \g /dev/null
select is((select n.resolution from data.notification n where visit_id = :visit and clause = 'sign-in'), 'It was done.', 'and settled once it is made');
select t.tick('2025-11-20T15:20Z') \g /dev/null
select t.must(format('select id from api.duty_waive(%s, %L)', :visit, t.resolved('tkat',
	'{"clause": "written-record", "by": "@headteacher", "reason": "There was nothing to write"}'))), t.tick('2025-11-20T15:21Z') \g /dev/null
select is((select n.resolution from data.notification n where visit_id = :visit and clause = 'written-record'), 'It was waived.', 'what is waived is settled');

-- The clocks go back in the night of 25 to 26 October 2025
select is(t.state(t.planned(policy, format('{"planned_start": "2025-10-%s", "planned_end": "2025-10-%s"}', starts, ends)), clause), state,
	format('%s, %s: %s to %s UTC is %s', policy, clause, starts, ends, why))
  from (values
	('tkat', 'no-evenings', '24T16:30:00Z', '24T17:00:00Z', 'met', 'to 18:00 in summer'),
	('tkat', 'no-evenings', '24T16:30:00Z', '24T17:01:00Z', 'due', 'evening in summer'),
	('tkat', 'no-evenings', '27T17:30:00Z', '27T18:00:00Z', 'met', 'to 18:00 in winter'),
	('tkat', 'no-evenings', '27T17:30:00Z', '27T18:01:00Z', 'due', 'evening in winter'),
	('tkat', 'no-evenings', '24T22:30:00Z', '25T00:30:00Z', 'due', 'evening, and the night after'),
	('tkat', 'no-evenings', '24T05:00:00Z', '24T06:00:00Z', 'met', 'from 06:00 in summer'),
	('tkat', 'no-evenings', '27T05:00:00Z', '27T06:00:00Z', 'met', 'the early morning, of which the policy says nothing'),
	('potton', 'school-hours', '24T07:45:00Z', '24T14:30:00Z', 'met', 'just the school day in summer'),
	('potton', 'school-hours', '24T07:44:00Z', '24T14:00:00Z', 'due', 'before it'),
	('potton', 'school-hours', '24T14:00:00Z', '24T14:31:00Z', 'due', 'after it'),
	('potton', 'school-hours', '27T08:45:00Z', '27T15:30:00Z', 'met', 'just the school day in winter'),
	('potton', 'school-hours', '27T08:00:00Z', '27T09:00:00Z', 'due', 'before it'),
	('potton', 'school-hours', '26T10:00:00Z', '26T11:00:00Z', 'due', 'a Sunday')) as v (policy, clause, starts, ends, state, why);
select t.planned('tkat', '{"planned_start": "2025-10-26T00:30:00Z", "planned_end": "2025-10-26T01:30:00Z"}') as visit \gset
select t.happens(:visit, 'departed 00:10', 'arrived 00:30') \g /dev/null
select t.tick('2025-10-26T01:59:59Z') \g /dev/null
select is(t.rungs(:visit), null, 'a visit from 01:30 to 01:30, as the clocks go back, is an hour long');
select t.tick('2025-10-26T02:20:00Z') \g /dev/null
select is(t.rungs(:visit), '1 02:00, 2 02:10, 3 02:20', 'and the ladder is climbed in real minutes');
update data.staff_check set valid_until = '2025-10-25' where staff_id in (t.who('potton', 'visitor'), t.who('potton', 'colleague'));
select is(t.state(t.planned('potton', format('{"planned_start": "2025-10-%s", "planned_end": "2025-10-26T01:30:00Z"}', starts)), 'dbs'), state, format('%s UTC is %s October in the United Kingdom', starts, day))
  from (values ('25T22:59:00Z', 25, 'met'), ('25T23:00:00Z', 26, 'due')) as v (starts, day, state);

select * from finish();
rollback;
