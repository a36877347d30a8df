-- Reading as at a moment: through a history of random changes, each answer is
-- asked for at its time and, when all is over, as at that time.  Then who sees what of it.
begin;
\ir helpers.sql
\ir agreements_of.sql
select plan(40);

\set scopes {visits:read,visits:write,agreements:read,agreements:write,risk:read,risk:write,approvals:write,attendance:read,attendance:write,concerns:read}
select t.school(900001, 'potton'), t.school(900002, 'tkat'), t.client('a', '{900001}', :'scopes'),
       t.client('b', '{900002}', :'scopes'), t.client('all', null, :'scopes'), t.client('none', '{}', :'scopes'),
       t.client('few', '{900001}', '{visits:read}') \gset
select t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('V', 900001, 'Visitor') as visitor,
       t.staff('O', 900002, 'Other', '{headteacher}') as other,
       t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as mate, t.pupil(3, 900002) as stranger \gset
select t.contact(:pupil) \g /dev/null
select clock_timestamp() as before \gset

-- What is asked; %1$s is the schema that answers.
create table t.question (n int generated always as identity, role text, query text);
create function t.rows(call text) returns text
language sql immutable
return 'select coalesce(jsonb_agg(to_jsonb(x)), ''[]'') from %1$s.' || call || ' x';
create function t.ask(call text, variadic roles text[]) returns void
language sql
begin atomic
	insert into t.question (role, query) select role, t.rows(call) from unnest(roles) as role;
end;
create function t.answer(schema text, client text, role text, query text) returns text
language sql
return t.get(client, format(query, schema), role);
create function t.answer_at(moment timestamptz, client text, role text, query text) returns text
language plpgsql
as $$
begin
	perform set_config('doorstep.as_of', moment::text, true);
	return t.answer('past', client, role, query);
end;
$$;
create table t.said (step int, did text, at timestamptz, client text, n int, answer text);

select t.ask('visit_list()', 'doorstep_records', 'doorstep_reports'), t.ask('visit_list(school => 900001, state => $$approved$$)', 'doorstep_reports'),
       t.ask(format('visit_list(pupil => %s)', :mate), 'doorstep_records'), t.ask('agreement_list()', 'doorstep_records'),
       t.ask('risk_assessment_list()', 'doorstep_records') \g /dev/null
select t.ask(format(call, pupil), 'doorstep_register', 'doorstep_reports')
  from unnest(array[:pupil, :mate, :stranger]) as pupil,
       unnest(array['pupil_attendance_read(%s, $$2026-01-01$$, $$2026-03-31$$)', 'amendment_list(%s)']) as call \g /dev/null

-- What happens.  A change that is refused changes nothing, and that is seen as well.
create function t.one_of(variadic words text[]) returns text
language sql volatile return words[1 + floor(random() * cardinality(words))::int];
create function t.some(name text, number text) returns bigint
language plpgsql volatile
as $$
declare
	found bigint;
begin
	execute format('select %s from data.%s order by random() limit 1', number, name) into found;
	return coalesce(found, 0);
end;
$$;
create function t.plan_of(pupils bigint[], staff bigint, purpose text, day date) returns jsonb
language sql return jsonb_build_object('school_urn', 900001, 'purpose', purpose, 'planned_start', day || 'T09:30:00Z',
	'planned_end', day || 'T10:00:00Z', 'announced', true, 'necessity', 'x', 'place', '{"address": "1 Lane"}'::jsonb,
	'pupils', to_jsonb(pupils), 'team', jsonb_build_array(jsonb_build_object('staff_id', staff, 'lead', true),
		'{"name": "Worker", "organisation": "Council", "role": "social worker"}'::jsonb));
-- What no route of these programs does: a directory or a register that is brought in anew.
create function t.done(query text, variadic args text[]) returns text
language plpgsql volatile
as $$
declare
	rows bigint;
begin
	execute format(query, variadic args);
	get diagnostics rows = row_count;
	return rows || ' rows';
exception when others then
	return sqlstate;
end;
$$;
create function t.named(pupil bigint, visitor bigint) returns text language sql volatile
return t.done('update data.pupil set family_name = %L, address = %L where pupil_id = %s', t.one_of('Ash', 'Birch', 'Cedar'), 'x', pupil::text)
	|| t.done('update data.staff set family_name = %L where staff_id = %s', t.one_of('Oak', 'Elm', 'Yew'), visitor::text);
create function t.moved(pupil bigint) returns text language sql volatile
return t.done('update data.enrolment set admitted_on = %L, left_on = %L where pupil_id = %s and school_urn = 900001',
		t.one_of('2020-09-01', '2021-09-01', '2025-09-02'), t.one_of('2026-02-10', '2026-03-20', null), pupil::text)
	|| t.done('insert into data.enrolment (pupil_id, school_urn, admitted_on) values (%s, 900002, %L)', pupil::text, t.one_of('2025-11-01', '2026-02-01'));
create function t.marked(pupil bigint, monday date, said text) returns text language plpgsql volatile
as $$
begin
	update data.register_week w
	   set (marks, attended, authorised, unauthorised, unresolved, not_possible, administrative)
	       = (select s.* from data.mark_sessions(array[said]) as s)
	 where w.pupil_id = pupil and w.week = monday and w.school_urn = 900001;
	if not found then
		return t.done('select t.marks(%s, 900001, %L, %L)', pupil::text, monday::text, said);
	end if;
	perform api.school_weeks_renew(array[900001], array[monday]);
	return 'again';
end;
$$;
create function t.noted(pupil bigint, monday date) returns text language sql volatile
return t.done('insert into data.mark_note (pupil_id, day, session, school_urn, minutes_late) select %s, %L, s, 900001, %s
	from unnest(''{AM,PM}''::data.session[]) as s on conflict (pupil_id, day, session, school_urn) do update set minutes_late = excluded.minutes_late',
	pupil::text, monday::text, floor(random() * 60)::text);
create function t.unnoted(pupil bigint) returns text language sql volatile
return t.done('delete from data.mark_note where pupil_id = %s and session = %L', pupil::text, t.one_of('AM', 'PM'));
create function t.forgotten(visit bigint) returns text language sql volatile
return t.done('delete from data.duty where duty_id in (select duty_id from data.duty where visit_id = %s and not applies limit 3)', visit::text);

create function t.change(did text, pupil bigint, mate bigint, head bigint, visitor bigint) returns text
language plpgsql volatile
as $$
#variable_conflict use_variable
declare
	visit  bigint := t.some('visit', 'visit_id');
	its    bigint := t.some('agreement', 'agreement_id');
	day    date := '2026-01-13'::date + 7 * floor(random() * 3)::int;
	marks  text := (select string_agg(t.one_of('/', '\', 'O', 'U', 'N', 'I', '-', ' '), '') from generate_series(1, 10));
	monday date := '2026-01-05'::date + 7 * floor(random() * 3)::int;
begin
	return did || ': ' || case did
	when 'plan' then t.run('a', format('select api.visit_plan(%L)', t.plan_of(array[pupil], visitor, 'attendance', day)))
	when 'change' then t.run('a', format('select api.visit_change(%s, ''{*}'', %L)', visit,
		t.plan_of(case when random() < 0.5 then array[mate, pupil] else array[mate] end, head,
			t.one_of('welfare', 'attendance', 'safeguarding'), day) - 'school_urn'))
	when 'forget' then t.forgotten(visit)
	when 'event' then t.run('a', format('select api.event_append(%s, %L)', visit, jsonb_build_object(
		'kind', t.one_of('note', 'departed', 'arrived', 'left', 'returned', 'cancelled', 'declined'), 'note', 'x', 'at', '2026-01-13T09:30:00Z')))
	when 'waive' then t.run('a', format('select api.duty_waive(%s, %L)', visit, jsonb_build_object('by', head, 'reason', 'x', 'clause',
		(select clause from data.duty where visit_id = visit and open order by random() limit 1))))
	when 'approve' then t.run('a', format('select api.approval_add(%s, %L)', visit, jsonb_build_object('decision',
		t.one_of('approved', 'refused'), 'by', head, 'note', 'x')))
	when 'agree' then t.agree(pupil, head, jsonb_build_array(t.promise('no_marks', '{"codes": ["U", "O"], "days": 5}')))
	when 'renew' then t.agree(pupil, head, jsonb_build_array(t.promise('no_marks', '{"codes": ["U"], "days": 5}')),
		jsonb_build_object('renews', (select min(agreement_id) from data.agreement where pupil_id = pupil and state in ('open', 'broken')), 'made_on', '2026-02-01', 'from_on', '2026-02-02'))
	when 'settle' then t.run('a', format('select api.promise_settle(%s, %L)', its, jsonb_build_object('promise', 2, 'state', 'kept', 'by', head)))
	when 'end' then t.run('a', format('select api.agreement_change(%s, ''{*}'', %L)', its, case when random() < 0.7 then '{"barriers": "Lifts"}'
		else jsonb_build_object('ended_on', '2026-03-01', 'end_reason', 'x', 'ended_by', head) end))
	when 'test' then t.test(its::text, monday + 4)
	when 'general' then t.run('a', format('select api.general_assessment_add(%L)', jsonb_build_object('school_urn', 900001, 'by', head,
		'level', 'low', 'proceed', true, 'hazards', '[{"kind": "animal", "level": "low"}]'::jsonb, 'replaces',
		case when random() < 0.5 then t.some('risk_assessment', 'assessment_id') end)))
	when 'assess' then t.run('a', format('select api.visit_assessment_add(%s, %L)', visit, jsonb_build_object('by', head, 'kind',
		t.one_of('visit', 'discussion'), 'level', 'high', 'proceed', true, 'hazards', '[{"kind": "animal", "level": "low"}]'::jsonb)))
	when 'name' then t.named(pupil, visitor)
	when 'roll' then t.moved(pupil)
	when 'mark' then t.marked(pupil, monday, marks)
	when 'note' then t.noted(pupil, monday)
	when 'unnote' then t.unnoted(pupil)
	when 'amend' then t.run('a', format('select api.amend(%s, %L)', pupil, jsonb_build_object('school_urn', 900001, 'date', monday + 1,
		'session', 'AM', 'code', t.one_of('O', 'I', '-'), 'reason', 'x', 'by', head)), 'doorstep_register')
	else t.run('a', format('select duty.weigh(%s)', visit)) end;
end;
$$;

-- The history.
select setseed(0.42) \gset
select t.agree(:pupil, :head, jsonb_build_array(t.promise('no_marks', '{"codes": ["U", "O"], "days": 5}'))) as agreement,
       t.get('a', format('select id from api.visit_plan(%L)', t.plan_of(array[:pupil, :mate], :visitor, 'attendance', '2026-01-13'))) as visit \gset
select t.ask(format(call, :visit), 'doorstep_records', 'doorstep_reports')
  from unnest('{visit_read(%s),event_list(%s),duty_list(%s),visit_assessment_list(%s)}'::text[]) as call \g /dev/null
select t.ask(format(call, :agreement), 'doorstep_records')
  from unnest('{agreement_read(%s),promise_test_list(%s),agreement_duty_list(%s)}'::text[]) as call \g /dev/null
create function t.live(steps int, pupil bigint, mate bigint, head bigint, visitor bigint) returns void
language plpgsql
as $$
declare
	kinds text[] := array(select k from unnest('{plan,change,forget,event,waive,approve,agree,renew,settle,end,test,general,assess,name,roll,mark,
		note,unnote,amend,weigh}'::text[]) as k order by random());
	did   text;
begin
	for step in 1 .. steps loop
		did := kinds[1 + step % cardinality(kinds)];
		did := t.change(did, case when random() < 0.7 then pupil else mate end, mate, head, visitor);
		insert into t.said (step, did, at, client, n, answer)
		select step, did, clock_timestamp(), c, q.n, t.answer('api', c, q.role, q.query)
		  from t.question q, unnest('{a,b,few}'::text[]) as c;
	end loop;
end;
$$;
select t.live(60, :pupil, :mate, :head, :visitor) \g /dev/null
select clock_timestamp() as after \gset
select set_eq($$ select distinct split_part(did, ':', 1) from t.said where did ~ '^[a-z]+: [1-9]' or did ~ 'again' $$,
	'{plan,change,forget,event,waive,approve,agree,renew,settle,end,test,general,assess,name,roll,mark,note,unnote,amend,weigh}'::text[],
	'everything happened in the history');
select cmp_ok((select count(distinct answer) from t.said where client = 'a'), '>=', 60::bigint, 'and was seen');
select set_eq($$ select distinct record from audit.entry where action = 'delete' and at > (select min(at) from t.said) $$,
	'{data.visit_pupil,data.team_member,data.duty,data.mark_note}'::text[], 'rows went, too');
select is_empty($$ select s.step, s.did, s.client, q.query, s.answer, was
	from (select s.* from t.said s order by random() limit 1000) s join t.question q using (n)
	     cross join lateral t.answer_at(s.at, s.client, q.role, q.query) as was
	where s.answer is distinct from was $$, 'as at each moment the answer is what it was at the moment');
select is_empty($$ select c, q.query from t.question q, unnest('{a,b,few,all,none}'::text[]) as c
	where t.answer('api', c, q.role, q.query) is distinct from t.answer_at(clock_timestamp(), c, q.role, q.query) $$,
	'as at now it is what it is now');

-- The moment
select is(t.get('a', format('select was.begin(%L)', :'after')), '', 'a moment that was can be asked for');
select is(t.run('a', $$ select was.begin(clock_timestamp() + interval '1 second') $$), 'DS400', 'one to come cannot');
select is(t.problems('a', $$ select was.begin(clock_timestamp() + interval '1 second') $$)::jsonb,
	'[{"pointer": "/as_of", "detail": "has not come yet"}]', 'and is said to be wrong');
select set_config('doorstep.as_of', '', true) \g /dev/null
select is(t.run('a', 'select * from past.visit_list()'), '22007', 'without one nothing is answered');
select is(t.answer_at(:'before', 'all', 'doorstep_records', t.rows('visit_list()')), '[]', 'before anything was recorded a list is empty');
select is(t.answer_at(:'before', 'all', 'doorstep_records', t.rows(format('visit_read(%s)', :visit))), '[]', 'a record is not there');
select is(t.answer_at(:'before', 'all', 'doorstep_records', t.rows(format('event_list(%s)', :visit))), 'DS404', 'and of it there is no list');
update data.duty set due_at = clock_timestamp() + interval '0.2 seconds', missing = 'soon', applies = true, met_at = null, waived_at = null,
	broken_at = null, closed_at = null where duty_id = (select max(duty_id) from data.duty where visit_id = :visit and scope is null) returning duty_id as soon \gset
select clock_timestamp() as then, pg_sleep(0.3) \gset
select is(array[t.answer_at(:'then', 'all', 'doorstep_records', format('select state from %%s.duty_list(%s) where id = %s', :visit, :soon)),
	t.answer_at(clock_timestamp(), 'all', 'doorstep_records', format('select state from %%s.duty_list(%s) where id = %s', :visit, :soon))],
	'{due,late}', 'what is late is so by the moment');
select is_empty($$ select p.oid::regprocedure::text from pg_proc p
	where p.pronamespace in ('was'::regnamespace, 'past'::regnamespace) and p.proname <> 'begin'
	  and pg_get_functiondef(p.oid) ~* '\m(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(|current_(date|time)|localtime'
	union all
	select c.oid::regclass::text from pg_class c where c.relkind = 'v' and c.relnamespace in ('was'::regnamespace, 'past'::regnamespace)
	  and pg_get_viewdef(c.oid) ~* '\m(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(|current_(date|time)|localtime' $$,
	'no answer of the past looks at the clock');

-- Twins
select set_eq($$ select relname::text, attname::text, atttypid, a.attnum from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relnamespace = 'past'::regnamespace $$,
	$$ select relname::text, attname::text, atttypid, a.attnum from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relnamespace = 'api'::regnamespace
	      and exists (select from pg_class o where o.relname = c.relname and o.relnamespace = 'past'::regnamespace) and c.relkind = 'v' $$,
	'an answer of the past has the columns of that of today');
select is_empty($$ select p.proname from pg_proc p join pg_proc o on o.proname = p.proname and o.pronamespace = 'api'::regnamespace
	where p.pronamespace = 'past'::regnamespace
	  and pg_get_function_arguments(p.oid) <> pg_get_function_arguments(o.oid) $$, 'and takes what that takes');
select set_eq($$ select c.relname::text, a.attname::text, a.atttypid from pg_class c join pg_attribute a on a.attrelid = c.oid
	where c.relnamespace = 'was'::regnamespace and c.relname !~ '_gone$' $$,
	$$ select c.relname::text, a.attname::text, a.atttypid from pg_class c join pg_attribute a on a.attrelid = c.oid
	    where c.relnamespace = 'data'::regnamespace and to_regclass('was.' || c.relname) is not null and a.attnum > 0
	      and (c.relname, a.attname) <> ('event', 'duress') $$,
	'a row as it was has the columns of the row, but for what is secret');
select is_empty($$ select role, name, col
	from unnest('{doorstep_records,doorstep_register,doorstep_reports}'::text[]) as role,
	     (values ('visit', '{visit_id}'::text[]), ('visit_pupil', '{visit_id,pupil_id}'), ('team_member', '{visit_id,position}'),
	         ('agreement', '{agreement_id,renews_id}'), ('promise', '{promise_id,agreement_id}'), ('post', '{staff_id}'),
	         ('staff', '{staff_id}'), ('enrolment', '{pupil_id}'), ('pupil', '{pupil_id}'), ('school_week', '{week}'),
	         ('duty', '{duty_id,visit_id,agreement_id}'), ('register_week', '{pupil_id,week}'), ('mark_note', '{pupil_id,day,session}')) as k (name, fixed),
	     unnest(k.fixed || '{school_urn}'::text[]) as col
	where exists (select from pg_attribute a where a.attrelid = ('data.' || name)::regclass and a.attname = col)
	  and has_column_privilege(role, 'data.' || name, col, 'update') $$, 'what is looked up by is changed by no program');

-- rows.sql asks of an image what row-level security asks of a row; of these there is nothing to be asked that may have changed.
select is_empty($$ select distinct c.relname, a.attname, r
	from unnest('{doorstep_records,doorstep_register,doorstep_reports}'::text[]) as r, pg_class c
	     join pg_policy p on p.polrelid = c.oid and 'doorstep_past'::regrole = any (p.polroles)
	     join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refobjid = c.oid and d.refobjsubid > 0
	     join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
	where c.relnamespace = 'data'::regnamespace and to_regclass('was.' || c.relname) is not null
	  and pg_get_viewdef(to_regclass('was.' || c.relname)) !~ 'OFFSET 0' and has_column_privilege(r, c.oid, a.attnum, 'update') $$,
	'what row-level security asks of the others is changed by no program');

-- Who sees it
create function t.views() returns table (name text, role text, by_school boolean)
language sql stable
begin atomic
	select c.relname::text, r, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'school_urn')
	  from pg_class c, unnest('{doorstep_records,doorstep_register,doorstep_reports}'::text[]) as r
	 where c.relnamespace = 'was'::regnamespace and has_table_privilege(r, c.oid, 'select');
end;
create function t.count_at(moment timestamptz, client text, role text, name text, condition text) returns bigint
language sql return t.answer_at(moment, client, role, format('select count(*) from %s.%s as r where %s', 'was', name, condition))::bigint;
select is_empty(format($$ select v.role, v.name from t.views() v, unnest(array[%L, %L]::timestamptz[]) as m
	where v.by_school and t.count_at(m, 'b', v.role, v.name, 'school_urn <> 900002') > 0 $$, :'then', :'after'),
	'nobody sees a row of another school, whenever');
select is_empty(format($$ select v.role, v.name from t.views() v where t.count_at(%L, 'none', v.role, v.name, 'true') > 0 $$, :'then'),
	'who sees no school sees nothing');
select is_empty(format($$ select v.name from t.views() v where t.count_at(%L, 'a', v.role, v.name, 'true') = 0
	and v.name <> 'mark_note' $$, :'then'), 'who sees one sees of each');
select is_empty(format($$ select v.name from t.views() v where v.name in ('agreement', 'promise', 'promise_test', 'risk_assessment', 'risk_hazard')
	and t.count_at(%L, 'few', v.role, v.name, 'true') > 0 $$, :'then'), 'who lacks a scope sees nothing of what takes it');
select is(array[t.count_at(:'then', 'few', 'doorstep_records', 'duty', 'scope is not null'),
	least(1, t.count_at(:'then', 'a', 'doorstep_records', 'duty', 'scope is not null'))], '{0,1}', 'nor duties that tell of it');
update data.duty set applies = false where duty_id = (select max(duty_id) from data.duty where scope = 'agreements') returning duty_id as told \gset
select clock_timestamp() as told_at \gset
delete from data.duty where duty_id = :told;
select is(array[t.count_at(:'told_at', 'a', 'doorstep_records', 'duty', 'duty_id = ' || :told),
	t.count_at(:'told_at', 'few', 'doorstep_records', 'duty', 'duty_id = ' || :told),
	t.count_at(:'told_at', 'b', 'doorstep_records', 'duty', 'duty_id = ' || :told)], '{1,0,0}', 'also of what has gone since');
-- What takes a scope, now or then, takes it.
create function t.scoped(duty bigint, moment timestamptz) returns bigint[]
language sql
begin atomic
	select array_agg(t.count_at(moment, c, 'doorstep_records', 'duty', 'duty_id = ' || duty) order by n)
	  from unnest('{a,few,b}'::text[]) with ordinality as u (c, n);
end;
create function t.duty(its_scope text, its_part text, what text) returns bigint
language sql
begin atomic
	insert into data.duty (visit_id, school_urn, policy_version_id, clause, part, scope, applies, missing)
	select d.visit_id, d.school_urn, d.policy_version_id, d.clause, its_part, its_scope, true, what from data.duty d
	 where d.school_urn = 900001 and d.visit_id is not null order by d.duty_id limit 1 returning duty_id;
end;
select t.duty('concerns', 'was', 'Lane') as was_scoped, t.duty(null, 'is', 'x') as is_scoped,
       t.duty('concerns', 'gone', 'x') as gone_scoped, t.duty(null, 'went', 'x') as went_scoped \gset
select clock_timestamp() as scoped_at \gset
update data.duty set scope = null where duty_id in (:was_scoped, :gone_scoped);
update data.duty set scope = 'concerns' where duty_id in (:is_scoped, :went_scoped);
select clock_timestamp() as changed_at \gset
delete from data.duty where duty_id in (:gone_scoped, :went_scoped);
select is(array[t.scoped(:was_scoped, :'scoped_at'), t.scoped(:was_scoped, :'changed_at')], '{{1,0,0},{1,1,0}}',
	'what took a scope then takes it still');
select is(array[t.scoped(:is_scoped, :'scoped_at'), t.scoped(:is_scoped, :'changed_at')], '{{1,0,0},{1,0,0}}',
	'what takes one now takes it as at then');
select is(array[t.scoped(:gone_scoped, :'scoped_at'), t.scoped(:gone_scoped, :'changed_at')], '{{1,0,0},{1,1,0}}',
	'what has gone takes what it took then');
select is(array[t.scoped(:went_scoped, :'scoped_at'), t.scoped(:went_scoped, :'changed_at')], '{{1,0,0},{1,0,0}}',
	'and what it took when it went');
select is_empty($$ select r, c.relname from pg_class c, unnest('{doorstep_auth,doorstep_watch,doorstep_records,doorstep_register,doorstep_reports}'::text[]) as r
	where c.relnamespace = 'was'::regnamespace and has_table_privilege(r, c.oid, 'select')
	  and (c.relname ~ '_gone$' or not has_any_column_privilege(r, 'data.' || c.relname, 'select')) $$,
	'no program reads of the past what it may not read of today');
select is(t.run('a', 'select * from was.team_member_gone'), '42501', 'nor what has gone by itself');

-- A filter that tells what it sees is asked about rows that its client sees alone.
create function t.tells(said text) returns boolean
language plpgsql cost 0.0001
as $$
begin
	if said ~ 'Lane|Worker|Ash|Birch|Cedar' then
		raise exception 'told' using errcode = 'XX999';
	end if;
	return true;
end;
$$;
grant usage on schema t to doorstep_records;
grant execute on function t.tells(text) to doorstep_records;
select is(array[t.run('a', 'select from was.visit where t.tells(address)'), t.run('b', 'select from was.visit where t.tells(address)'),
	t.run('b', 'select from was.team_member where t.tells(name)'), t.run('none', 'select from was.pupil where t.tells(family_name)'),
	t.run('b', 'select from past.visit where t.tells(team_names)')],
	'{XX999,"0 rows","0 rows","0 rows","0 rows"}', 'no filter sees more');
select set_config('doorstep.as_of', :'scoped_at', true) \g /dev/null
select is(array[t.run('a', format('select from was.duty where t.tells(missing) and duty_id = %s', :was_scoped)),
	t.run('few', format('select from was.duty where t.tells(missing) and duty_id = %s', :was_scoped))],
	'{XX999,"0 rows"}', 'nor of what takes a scope no more');

-- Who came, who went, who never was there
select clock_timestamp() as apart \gset
insert into data.enrolment (pupil_id, school_urn, admitted_on) values (:stranger, 900001, '2026-01-05') returning pupil_id \gset
select t.rows(format('pupil_attendance_read(%s, $$2026-01-01$$, $$2026-03-31$$)', :stranger)) as asked \gset
select is(array[t.answer_at(:'apart', 'a', 'doorstep_register', :'asked'), left(t.answer_at(clock_timestamp(), 'a', 'doorstep_register', :'asked'), 2)],
	array['[]', '[{'], 'who came to a school was not there before');
select clock_timestamp() as together \gset
delete from data.enrolment where pupil_id = :stranger and school_urn = 900001;
select is(t.answer_at(:'together', 'a', 'doorstep_register', :'asked'), '[]', 'who is not seen any more is not seen as at then');
select is(left(t.answer_at(:'together', 'b', 'doorstep_register', :'asked'), 2), '[{', 'but by whose pupil it is');

-- Keys that others had before
select t.pupil(4, 900001) as returner \gset
select t.marks(:returner, 900001, '2021-01-04', repeat('/\', 5)) \g /dev/null
select t.rows(format('pupil_attendance_read(%s, $$2021-01-04$$, $$2021-01-08$$)', :returner)) as asked,
       format('select string_agg(concat_ws(%L, admitted_on, year_group), %L order by admitted_on) from %%s.enrolment where pupil_id = %s', ' ', ', ', :returner) as stays \gset
select clock_timestamp() as first_at, t.answer('api', 'a', 'doorstep_register', :'asked') as first_marks \gset
update data.enrolment set admitted_on = '2020-09-02', left_on = '2021-07-20' where pupil_id = :returner;
update data.enrolment set admitted_on = '2020-09-09' where pupil_id = :returner;
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on) values (:returner, 900001, '5', '2020-09-02', '2020-09-04');
select clock_timestamp() as second_at \gset
delete from data.enrolment where pupil_id = :returner and admitted_on = '2020-09-09';
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on) values (:returner, 900001, '6', '2020-09-09');
update data.enrolment set admitted_on = '2020-09-11' where pupil_id = :returner and admitted_on = '2020-09-09';
insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on) values (:returner, 900001, '7', '2020-09-09', '2020-09-09');
select is(array[t.answer_at(:'first_at', 'a', 'doorstep_register', replace(:'stays', '%s', 'was')),
	t.answer_at(:'second_at', 'a', 'doorstep_register', replace(:'stays', '%s', 'was')),
	t.answer_at(clock_timestamp(), 'a', 'doorstep_register', replace(:'stays', '%s', 'was'))],
	'{2020-09-01 4,"2020-09-02 5, 2020-09-09 4","2020-09-02 5, 2020-09-09 7, 2020-09-11 6"}',
	'a stay is there once, whoever has had its key since');
select is(array[t.answer_at(:'first_at', 'a', 'doorstep_register', :'asked') = :'first_marks',
	t.answer_at(:'second_at', 'a', 'doorstep_register', :'asked') = :'first_marks', :'first_marks' like '%"attended": 10%'], '{t,t,t}', 'and so are its marks');

-- Images of another school's
insert into audit.entry (action, record, key, school_urn, before, after)
select 'update', 'data.' || name, key, 900001, its || '{"school_urn": 900002}', its
  from (select 'visit' as name, jsonb_build_object('visit_id', v.visit_id) as key, to_jsonb(v) as its from data.visit v where v.visit_id = :visit
        union all
        select 'agreement', jsonb_build_object('agreement_id', a.agreement_id), to_jsonb(a) from data.agreement a where a.agreement_id = :agreement) as m;
select is(array_agg(t.count_at(:'then', c, 'doorstep_records', name, name || '_id = ' || id) order by name, c), '{0,1,0,0,1,0}',
	'what was another school''s then is seen by who sees both')
  from (values ('agreement', :agreement), ('visit', :visit)) as k (name, id), unnest('{a,all,b}'::text[]) as c;

-- Images of earlier releases
insert into audit.entry (action, record, key, school_urn, before, after)
select 'update', 'data.visit', jsonb_build_object('visit_id', v.visit_id), v.school_urn,
       jsonb_build_object('visit_id', v.visit_id, 'school_urn', v.school_urn, 'state', 'planned', 'purpose', 'other', 'address', 'x', 'gone', 1), to_jsonb(v)
  from data.visit v where v.visit_id = (select max(visit_id) from data.visit) returning key ->> 'visit_id' as old \gset
select is(t.answer_at(:'together', 'a', 'doorstep_records', format('select concat_ws(%L, state, purpose, drill, coalesce(necessity, %L))
	from %%s.visit_read(%s)', ' ', 'none', :old)), 'requested other f none', 'are read with the columns and the words of today');

select * from finish();
rollback;
