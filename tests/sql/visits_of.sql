-- Included after helpers.sql by tests of duties and ladders: visits of schools
-- that follow a policy, told in words.  What a client does is done by "a", who
-- sees the whole trust, through the API.  The visits are of Wednesday, 19
-- November 2025, from 14:00 to 15:00 (GMT), and recorded afterwards, so that
-- nothing depends on the clock.
--
--   t.set_up(policy)              a school that follows it; its people, a pupil
--   t.who(policy, role)           one of those people
--   t.planned(policy, changes)    plans a visit with which nothing is wrong yet
--   t.prepared(visit)             does all that stands before it but approval
--   t.approved(visit)             that, and approval by all who are to approve
--   t.happens(visit, events…)     "departed 13:40", "check_in 15:10 {json}"; the
--                                 state of the visit, or the first refusal
--   t.state(visit, clause, part)  how the duties of a clause stand; at: when
--   t.tick(at)                    what the watch does then
--   t.rungs(visit), t.told(visit) what it has raised, with the time due

create function t.urn(policy text) returns int
language sql immutable
return 900000 + array_position('{none,tkat,rookeries,potton,morecambe,thomas-more}', policy);

create function t.who(policy text, role text) returns bigint
language sql stable return (select staff_id from data.staff where staff_code = policy || ' ' || role);

-- "@head" and the like in a body stand for the people, "@pupil" for the pupil.
create function t.resolved(policy text, body text) returns jsonb
language plpgsql stable
as $$
declare
	one record;
begin
	for one in select s.staff_id, split_part(s.staff_code, ' ', 2) as name from data.staff s
	            where s.staff_code like policy || ' %' loop
		body := replace(body, '"@' || one.name || '"', one.staff_id::text);
	end loop;
	return replace(body, '"@pupil"', (select pupil_id::text from data.enrolment where school_urn = t.urn(policy)));
end;
$$;

-- Whoever can go has all that any policy asks for.
create function t.set_up(policy text) returns void
language plpgsql
as $$
declare
	role text;
	made bigint;
begin
	perform t.school(t.urn(policy), nullif(policy, 'none'));
	made := t.pupil(t.urn(policy) - 900000, t.urn(policy));
	perform t.contact(made);
	update data.contact set phone = '07700 900999' where pupil_id = made;
	foreach role in array '{headteacher,deputy,assistant_head,dsl,leadership,office,visitor,colleague}'::text[] loop
		made := t.staff(policy || ' ' || role, t.urn(policy), role,
			case role when 'colleague' then '{visitor}' else array[role] end::data.staff_role[]);
		update data.staff set phone = '07700 900001' where staff_id = made;
		insert into data.staff_check (staff_id, level, barred_list, checked_on) values (made, 'enhanced', true, '2025-01-06');
		insert into data.training (staff_id, course, completed_on)
		select made, course, '2025-01-06' from unnest(enum_range(null::data.training_course)) course;
		insert into data.policy_reading (staff_id, policy_version_id, read_on)
		select made, policy_version_id, '2025-10-01' from data.policy_version v where v.policy_code = policy;
		insert into data.next_of_kin (staff_id, name, phone, from_on) values (made, 'Kin', '07700 900002', '2025-01-06');
	end loop;
end;
$$;

create function t.policy_of(visit bigint) returns text
language sql stable
return (select p from data.visit v, unnest('{none,tkat,rookeries,potton,morecambe,thomas-more}'::text[]) p
         where v.visit_id = visit and v.school_urn = t.urn(p));

create function t.plan(policy text, changes text default '{}') returns jsonb
language sql stable
return api.merge_patch(t.resolved(policy, jsonb_build_object('school_urn', t.urn(policy), 'purpose', 'attendance',
	'planned_start', '2025-11-19T14:00:00Z', 'planned_end', '2025-11-19T15:00:00Z', 'announced', true,
	'parents_told_by', 'phone', 'parents_agreed', true, 'necessity', 'Absent for two weeks', 'plan', 'attendance',
	'return_by', case policy when 'thomas-more' then '2025-11-19T15:30:00Z' end,
	'place', '{"address": "1 Example Street", "postcode": "ZZ1 1ZZ"}'::jsonb, 'pupils', '["@pupil"]'::jsonb,
	'team', '[{"staff_id": "@visitor", "lead": true, "phone": "07700 900001"},
	          {"staff_id": "@colleague", "phone": "07700 900003"}]'::jsonb)::text),
	t.resolved(policy, changes));

-- The id of what a client did, or its SQLSTATE as a failure of the test.
create function t.must(query text) returns text
language plpgsql
as $$
declare
	o t.outcome := t.act('a', query, 'doorstep_records');
begin
	if o.state is not null then
		raise exception '% in %: % %', o.state, query, o.message, o.detail;
	end if;
	return o.value;
end;
$$;

create function t.planned(policy text, changes text default '{}') returns bigint
language sql return t.must(format('select id from api.visit_plan(%L)', t.plan(policy, changes)))::bigint;

create function t.assess(visit bigint, kind text, role text, more text default '{}') returns text
language sql
return format('select id from api.visit_assessment_add(%s, %L)', visit, jsonb_strip_nulls(t.resolved(t.policy_of(visit),
	format('{"kind": "%s", "by": "@%s", "level": "low", "proceed": true, "at": "2025-11-18T10:00:00Z"}', kind, role))
	|| jsonb_build_object('hazards', (select jsonb_agg(jsonb_build_object('kind', h, 'level', 'low'))
	                                    from unnest(enum_range(null::data.hazard_kind)) h where h <> 'other'))
	|| t.resolved(t.policy_of(visit), more)));

create function t.decides(visit bigint, decision text, role text, more text default '{}') returns text
language sql
return format('select visit_state from api.approval_add(%s, %L)', visit, t.resolved(t.policy_of(visit),
	format('{"decision": "%s", "by": "@%s", "at": "2025-11-18T11:00:00Z", "note": "decided"}', decision, role))
	|| t.resolved(t.policy_of(visit), more));

create function t.appends(visit bigint, event text, more text default '{}') returns text
language sql
return format('select visit_state from api.event_append(%s, %L)', visit,
	jsonb_build_object('kind', event) || case when event in ('cancelled', 'aborted', 'note') then '{"note": "because"}' else '{}' end::jsonb
	|| t.resolved(t.policy_of(visit), more));

create function t.happens(visit bigint, variadic events text[]) returns text
language plpgsql
as $$
declare
	event   text;
	part    text[];
	outcome text;
begin
	foreach event in array events loop
		part := regexp_match(event, '^([a-z_]+) ([0-9:]+) ?(.*)$');
		outcome := t.get('a', t.appends(visit, part[1], (t.resolved(t.policy_of(visit), coalesce(nullif(part[3], ''), '{}'))
			|| jsonb_build_object('at', (select data.day_of(v.planned_start) from data.visit v where v.visit_id = visit)
			|| 'T' || part[2] || case length(part[2]) when 5 then ':00Z' else 'Z' end))::text));
		if outcome ~ '^[0-9A-Z]{5}$' then
			return event || ': ' || outcome;
		end if;
	end loop;
	return outcome;
end;
$$;

-- A duty is done, by an event of the day before.
create function t.done(visit bigint, clause text, part text default null, by text default null) returns text
language sql
return t.must(t.appends(visit, 'done', (t.resolved(t.policy_of(visit), coalesce('{"by": "@' || by || '"}', '{}'))
	|| jsonb_strip_nulls(jsonb_build_object('clause', clause, 'part', nullif(part, ''), 'at', '2025-11-18T10:30:00Z')))::text));

create function t.prepared(visit bigint) returns bigint
language plpgsql
as $$
declare
	one record;
begin
	for one in select c.clause, c.parameters from data.visit v join data.clause c using (policy_version_id)
	          where v.visit_id = visit and c.kind = 'risk_assessment' and c.parameters ->> 'assessment' in ('visit', 'discussion') loop
		perform t.must(t.assess(visit, one.parameters ->> 'assessment', coalesce(one.parameters #>> '{roles,0}', 'headteacher')));
	end loop;
	if exists (select from data.visit v join data.clause c using (policy_version_id)
	            where v.visit_id = visit and c.kind = 'code_word') then
		perform t.must(format('select id from api.code_word_set(%s, %L)', visit, '{"word": "purple elephant"}'));
	end if;
	for one in select d.clause, d.part from data.duty d join data.clause c using (policy_version_id, clause)
	          where d.visit_id = visit and d.open and c.strength = 'must' and c.kind in ('other_contact_tried',
	                'alternative_considered', 'briefing', 'phone', 'allergies', 'tutoring', 'animals') and d.gate is not null loop
		perform t.done(visit, one.clause, one.part);
	end loop;
	return visit;
end;
$$;

create function t.approved(visit bigint) returns bigint
language plpgsql
as $$
declare
	one record;
begin
	perform t.prepared(visit);
	for one in select d.roles[1] as role from data.duty d join data.clause c using (policy_version_id, clause)
	          where d.visit_id = visit and d.open and c.kind = 'approval' order by d.part loop
		perform t.must(t.decides(visit, 'approved', one.role::text));
	end loop;
	return visit;
end;
$$;

-- Volatile, so that they see what the statement itself has done.
create function t.state(visit bigint, clause text, part text default null, at timestamptz default clock_timestamp())
returns text
language sql
return (select string_agg(distinct duty.state(d, at)::text, '+' order by duty.state(d, at)::text) from data.duty d
         where d.visit_id = visit and d.clause = state.clause and (state.part is null or d.part = state.part));

create function t.tick(at text) returns text
language sql
return t.get(null, format('select raised from watch.tick(%L)', at), 'doorstep_watch');

create function t.ticks(variadic at text[]) returns void
language sql
begin atomic
	select t.tick('2025-11-19T' || one || 'Z') from unnest(at) with ordinality as every (one, n) order by n;
end;

-- "1 15:30, 2 15:40" of the escalations of a cause.
create function t.rungs(visit bigint, cause text default null) returns text
language sql
return (select string_agg(r.position || ' ' || to_char(r.due_at at time zone 'UTC', 'HH24:MI'), ', ' order by r.escalation_id, r.position)
          from data.rung r join data.escalation e using (escalation_id)
         where e.visit_id = visit and (rungs.cause is null or e.cause::text = rungs.cause));

create function t.told(visit bigint, cause text, clause text default null) returns text
language sql
return (select string_agg(concat_ws(' ', case when told.clause is null then n.clause end,
               to_char(n.due_at at time zone 'UTC', 'HH24:MI'), array_to_string(n.roles, '/')), ', ' order by n.notification_id)
          from data.notification n
         where n.visit_id = visit and n.cause::text = told.cause and (told.clause is null or n.clause = told.clause));

create function t.open_causes(visit bigint) returns text
language sql
return (select string_agg(e.cause::text, ', ' order by e.cause) from data.escalation e where e.visit_id = visit and e.closed_at is null);

create function t.tries(visit bigint, rung int, result text, at text, note text default null) returns text
language sql
return t.get('a', format('select rung from api.escalation_try(%s, %L)',
	(select e.escalation_id from data.escalation e where e.visit_id = visit
	  order by e.closed_at desc nulls first, e.escalation_id desc limit 1),
	jsonb_strip_nulls(jsonb_build_object('rung', rung, 'result', result, 'note', note, 'at', '2025-11-19T' || at || 'Z'))));

select t.client('a', null, '{visits:read,visits:write,records:read,records:write,concerns:read,concerns:write,incidents:read,
	incidents:write,risk:read,risk:write,checks:read,checks:write,contacts:read,contacts:write,approvals:write,policies:read,
	alarms:read,alarms:write,staff:read,pupils:read,schools:read,schools:write}') \g /dev/null
