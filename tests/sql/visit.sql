-- Visits: planning, changing, and the state that follows from the events.
begin;
\ir helpers.sql
select plan(134);

select t.school(900001), t.school(900002), t.school(900003, null), t.client('a', '{900001,900003}') \gset
select t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as pupil2, t.pupil(3, 900003) as pupil3, t.staff('S1', 900001, 'Lead') as staff,
       t.staff('S2', 900001, 'Second') as staff2 \gset

-- What happens to a visit is told in words: "departed 9:10" is the event with
-- that time, each in a request of its own.  Answers the SQLSTATE of the first
-- event that is refused and its place, or the state of the visit.
create function t.happens(visit bigint, events text[]) returns text
language plpgsql
as $$
declare
	event   text;
	outcome text;
begin
	foreach event in array events loop
		outcome := t.get('a', format('select visit_state from api.event_append(%s, %L)', visit,
			jsonb_build_object('kind', split_part(event, ' ', 1), 'note', 'because',
				'at', '2026-01-13T' || lpad(split_part(event, ' ', 2), 5, '0') || ':00Z')));
		if outcome ~ '^DS' then
			return event || ': ' || outcome;
		end if;
	end loop;
	return coalesce(outcome, 'requested');
end;
$$;
create function t.new_visit() returns bigint
language sql return t.visit(900001, (select min(pupil_id) from data.pupil), (select min(staff_id) from data.staff));

-- The state follows from the events
select is(t.happens(t.new_visit(), events), state, format('%s makes %s', coalesce(nullif(array_to_string(events, ', '), ''), 'nothing'), state))
from (values
	('{}'::text[], 'requested'),
	('{note 9:00}', 'requested'),
	('{departed 9:10}', 'departed'),
	('{departed 9:10,arrived 9:30}', 'arrived'),
	('{departed 9:10,arrived 9:30,left 10:00}', 'left'),
	('{departed 9:10,arrived 9:30,left 10:00,returned 10:20}', 'returned'),
	('{departed 9:10,returned 9:40}', 'returned'),
	('{departed 9:10,arrived 9:30,returned 10:20}', 'returned'),
	('{departed 9:10,arrived 9:30,note 9:40,note 9:41}', 'arrived'),
	('{cancelled 8:00}', 'cancelled'),
	('{cancelled 8:00,note 8:10}', 'cancelled'),
	-- recorded late, in another order than it happened
	('{departed 9:10,returned 10:20,arrived 9:30}', 'returned'),
	('{departed 9:10,returned 10:20,arrived 9:30,left 10:00}', 'returned'),
	-- cancelled on the way: out until back
	('{departed 9:10,cancelled 9:20}', 'departed'),
	('{departed 9:10,arrived 9:30,cancelled 9:40}', 'arrived'),
	('{departed 9:10,cancelled 9:20,returned 9:50}', 'cancelled'),
	('{departed 9:10,arrived 9:30,cancelled 9:40,left 9:45,returned 9:50}', 'cancelled'),
	-- cancelled, but departed for all the same
	('{cancelled 8:00,departed 9:10}', 'departed'),
	('{cancelled 8:00,departed 9:10,arrived 9:30,left 10:00,returned 10:20}', 'returned'),
	-- the cancelling told after the departure, but it was before
	('{departed 9:10,cancelled 8:00,returned 9:50}', 'returned'),
	('{departed 9:10,returned 9:50,cancelled 8:00}', 'returned'),
	-- told after the return, but it was before
	('{departed 9:10,returned 9:40,cancelled 9:30}', 'cancelled'),
	('{departed 9:10,returned 9:40,cancelled 9:40}', 'cancelled'),
	('{departed 9:10,arrived 9:20,returned 9:40,aborted 9:30}', 'aborted'),
	('{departed 9:10,returned 9:40,declined 9:30}', 'declined'),
	('{departed 9:10,returned 9:40,declined 9:00}', 'returned'),
	-- declined: not gone to, gone to all the same, sent away on the doorstep
	('{declined 8:00}', 'declined'),
	('{declined 8:00,departed 9:10,returned 9:40}', 'returned'),
	('{departed 9:10,arrived 9:30,declined 9:31}', 'arrived'),
	('{departed 9:10,arrived 9:30,declined 9:31,returned 9:50}', 'declined'),
	('{declined 8:00,cancelled 8:10}', 'cancelled'),
	-- broken off: out until back
	('{departed 9:10,arrived 9:30,aborted 9:35}', 'arrived'),
	('{departed 9:10,arrived 9:30,aborted 9:35,left 9:36,returned 9:50}', 'aborted'),
	('{departed 9:10,arrived 9:30,declined 9:31,aborted 9:35,cancelled 9:36,returned 9:50}', 'aborted'),
	-- a return is recorded whatever somebody else said later
	('{departed 9:10,cancelled 9:50,returned 9:40}', 'cancelled'),
	-- the same moment twice is no disorder
	('{departed 9:10,arrived 9:10,left 9:10,returned 9:10}', 'returned')) as v (events, state);

-- What cannot have happened is refused
select is(t.happens(t.new_visit(), events), refused, format('after %s, %s', array_to_string(events, ', '), why))
from (values
	('{arrived 9:30}'::text[], 'arrived 9:30: DS409', 'the departure is missing'),
	('{left 10:00}', 'left 10:00: DS409', 'the arrival is missing'),
	('{returned 10:20}', 'returned 10:20: DS409', 'the departure is missing for the return'),
	('{departed 9:10,left 10:00}', 'left 10:00: DS409', 'the arrival is missing for the leaving'),
	('{cancelled 8:00,arrived 9:30}', 'arrived 9:30: DS409', 'a cancelled visit is not arrived at'),
	('{cancelled 8:00,returned 9:30}', 'returned 9:30: DS409', 'nor returned from'),
	('{departed 9:10,departed 9:11}', 'departed 9:11: DS409', 'a second departure is none'),
	('{departed 9:10,arrived 9:30,arrived 9:30}', 'arrived 9:30: DS409', 'a second arrival is none'),
	('{departed 9:10,arrived 9:30,left 9:40,left 9:41}', 'left 9:41: DS409', 'a second leaving is none'),
	('{departed 9:10,returned 9:30,returned 9:30}', 'returned 9:30: DS409', 'a second return is none'),
	('{cancelled 8:00,cancelled 8:00}', 'cancelled 8:00: DS409', 'a second cancelling is none'),
	('{departed 9:10,returned 9:40,cancelled 9:41}', 'cancelled 9:41: DS409', 'what is over is not cancelled'),
	('{departed 9:10,returned 9:40,declined 9:41}', 'declined 9:41: DS409', 'nor declined'),
	('{departed 9:10,returned 9:40,aborted 9:41}', 'aborted 9:41: DS409', 'nor broken off'),
	('{aborted 9:30}', 'aborted 9:30: DS409', 'nobody breaks off what was not departed for'),
	('{declined 8:00,declined 8:00}', 'declined 8:00: DS409', 'a second declining is none'),
	('{departed 9:10,aborted 9:20,aborted 9:20}', 'aborted 9:20: DS409', 'a second breaking off is none'),
	('{departed 9:10,arrived 9:09}', 'arrived 9:09: DS422', 'an arrival before the departure is none'),
	('{departed 9:10,arrived 9:30,left 9:29}', 'left 9:29: DS422', 'a leaving before the arrival is none'),
	('{departed 9:10,returned 9:00}', 'returned 9:00: DS422', 'a return before the departure is none'),
	('{departed 9:10,returned 9:40,arrived 9:41}', 'arrived 9:41: DS422', 'a late arrival must be before the return'),
	('{departed 9:10,arrived 9:30,returned 9:40,left 9:41}', 'left 9:41: DS422', 'a late leaving must be before the return'),
	('{departed 9:10,arrived 9:30,returned 9:40,left 9:29}', 'left 9:29: DS422', 'and after the arrival')) as v (events, refused, why);

-- Every order in which the four and one of the ends can be recorded, against
-- the rules said plainly
create table t.kind (kind text, needs text, at text, ends boolean);
insert into t.kind values ('departed', null, '9:10', false), ('arrived', 'departed', '9:30', false),
	('left', 'arrived', '10:00', false), ('returned', 'departed', '10:20', false),
	('cancelled', null, '9:40', true), ('declined', null, '9:40', true), ('aborted', 'departed', '9:40', true);
create table t.told as
with recursive told (kinds) as (
	select '{}'::text[]
	union all
	select kinds || kind from told, t.kind
	 where kind <> all (kinds) and (needs is null or needs = any (kinds))
	   and not (ends and kinds && '{cancelled,declined,aborted}')
) select kinds from told;
select is(count(*), 108::bigint, 'there are a hundred and eight possible stories') from t.told;
select is_empty($$
	select kinds, state from (select kinds, t.happens(t.new_visit(),
			(select coalesce(array_agg(kind || ' ' || at order by n), '{}')
			   from unnest(kinds) with ordinality as k (kind, n) join t.kind using (kind))) as state from t.told) as s
	 where state <> case
			when kinds && '{cancelled,declined,aborted}' and (kinds @> '{returned}' or not kinds @> '{departed}')
			then (select kind from t.kind where ends and kind = any (kinds))
			else coalesce((select kind from unnest('{returned,left,arrived,departed}'::text[]) with ordinality as k (kind, n)
			                where kind = any (kinds) order by n limit 1), 'requested') end $$,
	'every possible story makes its state');
select is_empty($$
	select kinds, wrong.kind, outcome
	  from (select kinds, kind, t.happens(t.new_visit(),
	               (select coalesce(array_agg(k.kind || ' ' || k.at order by n), '{}')
	                  from unnest(kinds || w.kind) with ordinality as told (kind, n) join t.kind k using (kind))) as outcome
	          from t.told, t.kind w
	         where not (w.ends and kinds && '{cancelled,declined,aborted}' and w.kind <> all (kinds)) -- two ends: above
	           and not exists (select from t.told more where more.kinds = told.kinds || w.kind)) as wrong
	 where outcome not like wrong.kind || ' %: DS409' $$,
	'and every other continuation is refused');
select is_empty($$
	select kinds, late.kind, outcome
	  from (select kinds, w.kind, t.happens(t.new_visit(),
	               (select array_agg(k.kind || ' ' || k.at order by n)
	                  from unnest(kinds) with ordinality as told (kind, n) join t.kind k using (kind))
	               || (w.kind || ' 10:21')) as outcome
	          from t.told, t.kind w
	         where w.ends and kinds @> '{returned}' and not kinds && '{cancelled,declined,aborted}') as late
	 where outcome not like late.kind || ' %: DS409' $$,
	'so is every end whose time is after the return');

-- A refusal says what is missing; a late record has both times
select t.new_visit() as visit \gset
select matches(t.why('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "left"}')), 'needs the event "arrived" before it',
	'a refusal names the event that is missing');
select matches(t.why('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "returned"}')), 'needs the event "departed" before it',
	'of a return, the departure');
select is(t.happens(:visit, '{departed 9:10,returned 9:50}'), 'returned', 'a visit is made');
select is(t.problems('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "arrived", "at": "2026-01-13T10:00:00Z"}'))::jsonb,
	'[{"pointer": "/at", "detail": "is after the visit was returned, at 2026-01-13T09:50:00Z"}]',
	'a time that does not fit is named with the time that it contradicts');
select is(t.happens(:visit, '{arrived 9:30}'), 'returned', 'an arrival is recorded late');
select results_eq(format('select kind::text, at, recorded_at > now() - interval %L from data.event where visit_id = %s order by event_id', '1 hour', :visit),
	$$ values ('departed', '2026-01-13T09:10Z'::timestamptz, true), ('returned', '2026-01-13T09:50Z', true), ('arrived', '2026-01-13T09:30Z', true) $$,
	'with the time when it happened and the time when it was told');
select results_eq(format('select departed_at, arrived_at, left_at, returned_at, cancelled_at from data.visit where visit_id = %s', :visit),
	$$ values ('2026-01-13T09:10Z'::timestamptz, '2026-01-13T09:30Z'::timestamptz, null::timestamptz, '2026-01-13T09:50Z'::timestamptz, null::timestamptz) $$,
	'the visit has the times of its events');
select t.new_visit() as visit \gset
select is(t.happens(:visit, '{cancelled 8:00}'), 'cancelled', 'a visit is cancelled');
select results_eq(format('select cancel_reason, cancelled_at from data.visit where visit_id = %s', :visit),
	$$ values ('because', '2026-01-13T08:00Z'::timestamptz) $$, 'it has the reason and the time');
select is(t.problems('a', format('select api.event_append(%s, %L)', :visit, '{"kind": "note"}'))::jsonb,
	'[{"pointer": "/note", "detail": "is required"}]', 'a note says something');
select is(t.problems('a', format('select api.event_append(%s, %L)', t.new_visit(), '{"kind": "cancelled", "note": " "}'))::jsonb,
	'[{"pointer": "/note", "detail": "is required: say why the visit is cancelled"}]', 'a cancelling says why');
select is(t.get('a', format('select at = now() from api.event_append(%s, %L)', t.new_visit(), '{"kind": "departed", "emergency": true, "reason": "x"}')),
	'true', 'an event without a time is of now');
select is(t.run('a', format('select api.event_append(%s, %L)', 999999, '{"kind": "departed"}')), 'DS404', 'a visit that is not there takes no event');
select is(t.run('a', 'select * from api.event_list(999999)'), 'DS404', 'and has no events');
select is(t.get('a', format('select string_agg(kind::text, %L) from api.event_list(%s)', ' ', :visit)), 'cancelled', 'the events of a visit are listed');

-- The times stand by themselves: whoever writes them gets the state
select lives_ok(format('update data.visit set state = %L, arrived_at = null where visit_id = %s', 'returned', :visit), 'a state is written by hand');
select is((select state::text from data.visit where visit_id = :visit), 'cancelled', 'but follows from the times');

-- A visit is whole when the transaction ends
select is(t.run('a', $$ insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced)
	values (900001, 'other', '2026-01-13T09:30Z', '2026-01-13T10:00Z', 'x', true) $$), 'DS422', 'a visit without pupils and team does not last');
select is(t.run('a', format('delete from data.visit_pupil where visit_id = %s', :visit)), 'DS422', 'a visit keeps a pupil');
select is(t.run('a', format('delete from data.team_member where visit_id = %s', :visit)), 'DS422', 'a visit keeps a team');
select is(t.run(null, format('update data.team_member set lead = false where visit_id = %s', :visit), 'postgres'), 'DS422', 'a visit keeps one who leads');
select is(t.run('a', format('insert into data.team_member (visit_id, school_urn, position, name, lead) values (%s, 900001, 2, %L, true)', :visit, 'x')),
	'23505', 'two do not lead');
select is(t.run('a', format('insert into data.team_member (visit_id, school_urn, position) values (%s, 900001, 2)', :visit)), '23514',
	'a team member is staff or has a name');
select is(t.run('a', format('insert into data.team_member (visit_id, school_urn, position, name) values (%s, 900001, 2, %L)', :visit, E' \t')), '23514',
	'of more than blanks');
select is(t.run('a', format('insert into data.team_member (visit_id, school_urn, position, staff_id) values (%s, 900001, 2, %s)', :visit, :staff)),
	'23505', 'nobody is in a team twice');
select is(t.run('a', format('update data.visit set planned_end = planned_start where visit_id = %s', :visit)), '23514', 'a visit ends after it starts');
select is(t.run('a', format('update data.visit set planned_end = planned_start + interval %L where visit_id = %s', '24:00:01', :visit)), '23514',
	'a visit ends within a day');

-- Planning
create function t.body(changes jsonb default '{}') returns jsonb
language sql stable
return api.merge_patch(jsonb_build_object('school_urn', 900001, 'purpose', 'attendance', 'planned_start', '2026-01-13T09:30:00Z',
	'planned_end', '2026-01-13T10:00:00Z', 'announced', true, 'place', '{"address": "1 Example Street", "postcode": "ZZ1 1ZZ"}'::jsonb,
	'pupils', (select jsonb_agg(pupil_id order by pupil_id) from data.pupil where upn = t.upn(1)),
	'team', (select jsonb_agg(jsonb_build_object('staff_id', staff_id, 'lead', true, 'phone', '07700 900123'))
	           from data.staff where staff_code = 'S1')
	        || '[{"name": "Outside Professional", "organisation": "Children''s services", "role": "social worker"}]'), changes);
create function t.plan(changes jsonb default '{}') returns text
language sql stable return format('select * from api.visit_plan(%L)', t.body(changes));

select matches(t.get('a', t.plan() || ' where state = $$requested$$ and version = 1'), '^[0-9]+$',
	'a visit is planned, and put under the policy of its school');
select matches(t.get('a', t.plan(jsonb_build_object('school_urn', 900003, 'pupils', jsonb_build_array(:pupil3)))
	|| ' where state = $$requested$$ and version = 1'), '^[0-9]+$', 'at a school without a policy, too');
select is(t.problems('a', t.plan('{"planned_end": "2026-01-13T09:30:00Z"}'))::jsonb,
	'[{"pointer": "/planned_end", "detail": "must be after planned_start"}]', 'an end at the start is refused');
select is(t.problems('a', t.plan('{"planned_end": "2026-01-14T09:30:01Z"}'))::jsonb,
	'[{"pointer": "/planned_end", "detail": "must be within 24 hours of planned_start"}]', 'an end after more than a day is refused');
select is(t.run('a', t.plan('{"planned_end": "2026-01-14T09:30:00Z"}')), '1 rows', 'an end after just a day is taken');
select is(t.problems('a', t.plan(jsonb_build_object('school_urn', 900002, 'planned_end', '2026-01-13T09:00:00Z', 'announced', false,
		'parents_told_by', 'letter', 'pupils', jsonb_build_array(:pupil, 999999, :pupil),
		'team', jsonb_build_array('{"staff_id": 999999, "lead": true}'::jsonb, jsonb_build_object('staff_id', :staff, 'role', 'x', 'lead', true),
			jsonb_build_object('staff_id', :staff), '{"organisation": "x"}'::jsonb))))::jsonb,
	'[{"pointer": "/school_urn", "detail": "is not a school that this client sees"},
	  {"pointer": "/planned_end", "detail": "must be after planned_start"},
	  {"pointer": "/parents_told_by", "detail": "is for announced visits only"},
	  {"pointer": "/pupils/0", "detail": "is not a pupil of this school"},
	  {"pointer": "/pupils/1", "detail": "is not a pupil of this school"},
	  {"pointer": "/pupils/2", "detail": "is in the list twice"},
	  {"pointer": "/team", "detail": "needs exactly one member with \"lead\": true"},
	  {"pointer": "/team/0/staff_id", "detail": "is not a member of staff that this client sees"},
	  {"pointer": "/team/1/role", "detail": "is for outside professionals: leave it out beside a staff_id"},
	  {"pointer": "/team/2/staff_id", "detail": "is in the team twice"},
	  {"pointer": "/team/3", "detail": "needs a staff_id, or the name of an outside professional"}]',
	'all problems are told at once, in the order of the body');
select is(t.run('a', t.plan('{"parents_told_by": null, "vehicle": null}')), '1 rows', 'null is as leaving out');
select is(t.problems('a', t.plan(jsonb_build_object('team', jsonb_build_array(jsonb_build_object('staff_id', :staff)))))::jsonb,
	'[{"pointer": "/team", "detail": "needs exactly one member with \"lead\": true"}]', 'somebody must lead');
select is(t.problems('a', t.plan(jsonb_build_object('team', null)))::jsonb,
	'[{"pointer": "/team", "detail": "needs exactly one member with \"lead\": true"}]', 'also of a team that is not there');
select is(t.problems('a', t.plan('{"team": [{"name": " ", "lead": true}]}'))::jsonb,
	'[{"pointer": "/team/0/name", "detail": "must not be empty"}]', 'an outside professional has a name of more than blanks');
select is(t.problems('a', t.plan(jsonb_build_object('team', jsonb_build_array(jsonb_build_object('staff_id', :staff, 'name', ' ', 'organisation', 'x', 'lead', true)))))::jsonb,
	'[{"pointer": "/team/0/organisation", "detail": "is for outside professionals: leave it out beside a staff_id"}]',
	'beside a staff_id an organisation is refused; a name, which GET answers, is not');
select t.get('a', t.plan(jsonb_build_object('team', jsonb_build_array(jsonb_build_object('staff_id', :staff, 'name', 'Other', 'lead', true))))) as named \gset
select is((select concat(m.name, m.staff_id) from data.team_member m where m.visit_id = :named), :'staff', 'nor is it stored');
update data.post set left_on = '2026-01-13' where staff_id = :staff;
select is(t.run('a', t.plan()), '1 rows', 'who leaves on the day of the visit goes');
update data.post set left_on = '2026-01-12' where staff_id = :staff;
select is(t.problems('a', t.plan())::jsonb, '[{"pointer": "/team/0/staff_id", "detail": "has left by that day"}]', 'who has left before does not');
select is(t.run('a', format('select * from api.visit_change(%s, $${*}$$, $${"place": {"address": "2 Other Road"}}$$)', :named)), '1 rows', 'who was on it already stays');
update data.post set left_on = null where staff_id = :staff;

-- Changing
create function t.change(visit bigint, patch jsonb, if_match text[] default '{*}') returns text
language sql stable return format('select * from api.visit_change(%s, %L, %L)', visit, if_match, patch);
create function t.seen(visit bigint, what text) returns text
language sql stable return t.get('a', format('select %s from api.visit_read(%s)', what, visit));

select t.get('a', t.plan('{"parents_told_by": "phone", "vehicle": {"make": "Ford", "colour": "red"}}')) as visit \gset
select is(t.run('a', t.change(:visit, '{"purpose": "welfare"}', '{1}')), '1 rows', 'a visit of the known version is changed');
select is(t.seen(:visit, 'concat_ws($$ $$, purpose, version > 1, parents_told_by)'), 'welfare t phone', 'with a new version, and nothing else');
select is(t.run('a', t.change(:visit, '{"purpose": "other"}', '{1}')), 'DS412', 'a stale version is refused');
select is(t.run('a', t.change(:visit, '{"purpose": "other"}', '{}')), 'DS412', 'no version is refused');
select is(t.run('a', t.change(:visit, '{"purpose": "other"}', array['1', t.seen(:visit, 'version')])), '1 rows', 'one of several versions is enough');
select is(t.run('a', t.change(:visit, '{"parents_told_by": null, "vehicle": {"make": null, "model": "Fiesta"}, "place": {"postcode": null}}')),
	'1 rows', 'null takes away');
select is(t.seen(:visit, 'concat(parents_told_by, $$|$$, postcode, $$|$$, address, $$|$$, vehicle::jsonb)'),
	'||1 Example Street|{"make": null, "model": "Fiesta", "colour": "red", "registration": null}', 'just what it stands beside');
select is(t.run('a', t.change(:visit, '{"vehicle": null}')), '1 rows', 'null takes an object away');
select is(t.seen(:visit, 'vehicle'), null, 'whole');
select is(t.run('a', t.change(:visit, jsonb_build_object('pupils', jsonb_build_array(:pupil2, :pupil)))), '1 rows', 'a list is changed');
select is(t.seen(:visit, 'pupils::jsonb'), format('[%s, %s]', :pupil2, :pupil), 'by another list, in its order');
select is(t.run('a', t.change(:visit, jsonb_build_object('team', jsonb_build_array(jsonb_build_object('staff_id', :staff2, 'lead', true))))), '1 rows',
	'a team is changed');
select is(t.seen(:visit, 'team::jsonb #- $${0,name}$$'),
	format('[{"lead": true, "role": null, "phone": null, "staff_id": %s, "organisation": null}]', :staff2), 'by another team, as a whole');
select is(t.problems('a', t.change(:visit, '{"planned_start": "2026-01-13T10:00:00Z", "announced": false, "parents_told_by": "letter", "pupils": [999999]}'))::jsonb,
	'[{"pointer": "/planned_end", "detail": "must be after planned_start"}, {"pointer": "/parents_told_by", "detail": "is for announced visits only"},
	  {"pointer": "/pupils/0", "detail": "is not a pupil of this school"}]', 'a change is checked with what stands, all at once');
select is(t.run('a', t.change(:visit, '{"pupils": null}')), 'DS422', 'the pupils cannot be taken away');
select is(t.run('a', t.change(:visit, '{"team": []}')), 'DS422', 'nor the team');
select t.visit(900001, :pupil, t.staff('S3', 900002, 'Elsewhere')) as guest_visit \gset
select is(t.run('a', t.change(:guest_visit, '{"purpose": "welfare"}')), '1 rows',
	'a colleague whom the client does not see is no hindrance to another change');
select is(t.run('a', t.change(:guest_visit, jsonb_build_object('pupils', jsonb_build_array(:pupil2)))), '1 rows', 'to that of the pupils neither');
select is((select count(*) from data.team_member m where m.visit_id = :guest_visit), 1::bigint, 'and stays in the team');

-- What was read may be sent back
create function t.send_back(visit bigint) returns text
language sql return t.run('a', t.change(visit, jsonb_build_object('team', t.seen(visit, 'team')::jsonb)));
select t.get('a', t.plan()) as mixed_visit, (select max(entry_id) from audit.entry) as mark \gset
select matches(t.seen(:mixed_visit, 'team'), '"name" : "Staff Lead".*"name" : "Outside Professional"', 'a team is answered with all names');
select is(t.send_back(:mixed_visit) || ', ' || t.send_back(:guest_visit), '1 rows, 1 rows', 'and taken back as answered, with a colleague who is not seen, too');
select is((select count(*) from audit.entry where entry_id > :mark and record = 'data.team_member' and action <> 'insert'), 0::bigint, 'as no change');
select is(t.run('a', t.change(999999, '{}')), 'DS404', 'a visit that is not there is not changed');
select is(t.happens(:visit, '{departed 9:10}'), 'departed', 'a team has departed');
select is(t.run('a', t.change(:visit, '{"planned_end": "2026-01-13T11:00:00Z"}')), 'DS409', 'when it goes cannot be changed any more');
select is(t.run('a', t.change(:visit, '{"vehicle": {"make": "Fiat"}}')), '1 rows', 'what no approval covers can be changed still');
select is(t.happens(:visit, '{returned 10:10}'), 'returned', 'it is back');
select is(t.run('a', t.change(:visit, '{"purpose": "welfare"}')), 'DS409', 'what is over is not changed');
select is(t.run('a', t.change(:visit, '{"purpose": "welfare"}', '{1}')), 'DS412', 'and a stale version is told first');

select * from finish();
rollback;
