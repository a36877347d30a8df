-- Row-level security of what comes before and after a visit: who sees the
-- school still sees, adds and changes only with the scope for it, and nothing
-- that is added names what is another school's.
begin;
\ir helpers.sql
\ir fill.sql

\set writing {agreements:write,referrals:write,visits:read,visits:write,records:write,concerns:write,incidents:write,risk:write,checks:write,contacts:write,approvals:write,alarms:write}
\set reading {agreements:read,referrals:read,visits:read,visits:write,records:read,concerns:read,incidents:read,risk:read,checks:read,contacts:read,alarms:read,policies:read}
select t.school(900001), t.school(900002), t.client('a', '{900001}', :'writing'), t.client('b', '{900002}', :'writing'),
       t.client('reader', '{900001}', :'reading'), t.client('few', '{900001}'), t.client('all', null, :'writing'),
       t.client('none', '{}', :'writing') \gset
select t.pupil(1, 900001) as pupil_a, t.pupil(2, 900002) as pupil_b,
       t.staff('A1', 900001) as staff_a, t.staff('B1', 900002) as staff_b \gset
select t.contact(:pupil_a) as contact_a, t.contact(:pupil_b) as contact_b,
       t.visit(900001, :pupil_a, :staff_a) as visit_a, t.visit(900002, :pupil_b, :staff_b) as visit_b \gset
select t.fill(:visit_a), t.fill(:visit_b) \gset

-- Of every table: the scopes that it is read and added to with, where there are
-- any; in what a further row differs from the one that is there, null where
-- nobody adds one; how a row is changed, null where nobody does.
create table t.kept (name text primary key, reading text, writing text, fresh jsonb, changing text);
insert into t.kept
select 'data.' || name, reading, writing, fresh, changing from (values
	('adoption', null, null, '{"follows_from": "2030-01-01"}'::jsonb, 'policy_code = null'),
	('duty', null, null, null, null),
	('deviation', null, null, '{"clause": "another"}', null),
	('approval_request', null, null, '{}', null),
	('approval_decision', null, 'approvals', '{}', null),
	('delegation', null, 'approvals', '{}', 'until_on = from_on'),
	('risk_assessment', 'risk', 'risk', '{}', null),
	('risk_hazard', 'risk', 'risk', '{"position": 2}', null),
	('hazard', 'risk', 'risk', '{}', $$ story = 'y' $$),
	('staff_check', 'checks', 'checks', '{"checked_on": "2024-01-01"}', 'valid_until = checked_on'),
	('training', 'checks', 'checks', '{"completed_on": "2024-01-01"}', 'valid_until = completed_on'),
	('vehicle', 'checks', 'checks', '{"insured_from": "2024-01-01"}', 'business_use = false'),
	('policy_reading', 'checks', 'checks', '{}', $$ read_on = '2025-02-01' $$),
	('allergy', 'checks', 'checks', '{"allergen": "dogs"}', 'until_on = from_on'),
	('next_of_kin', 'checks', 'checks', '{"name": "Other"}', $$ phone = '2' $$),
	('social_worker', 'contacts', 'contacts', '{"name": "Other"}', $$ phone = '2' $$),
	('visit_record', 'records', 'records', '{}', null),
	('concern', 'concerns', 'concerns', '{}', null),
	('external_referral', 'concerns', 'concerns', '{}', null),
	('incident', 'incidents', 'incidents', '{}', null),
	('accident', 'incidents', 'incidents', '{}', null),
	('intervention', 'incidents', 'incidents', '{}', null),
	('debrief', 'incidents', 'incidents', '{}', null),
	('agreement', 'agreements', 'agreements', '{"made_on": "2026-01-12"}', $$ barriers = 'y' $$),
	('promise', 'agreements', 'agreements', '{"position": 2}', $$ note = 'y' $$),
	('promise_test', 'agreements', 'agreements', null, null),
	('letter', 'agreements', 'agreements', '{}', $$ text = 'y' $$),
	('referral', 'referrals', 'referrals', null, $$ reference = 'y' $$),
	('evidence_part', 'referrals', 'referrals', null, null),
	('evidence_change', 'referrals', 'referrals', null, null),
	('penalty_notice', 'referrals', 'referrals', '{}', $$ reference = 'y' $$),
	('improvement_notice', 'referrals', 'referrals', '{}', $$ result_note = 'y' $$),
	('escalation', 'alarms', 'alarms', null, null),
	('rung', 'alarms', 'alarms', null, $$ tried_at = now(), result = 'team_safe' $$),
	('notification', 'alarms', 'alarms', null, 'accepted_at = now()')) as k (name, reading, writing, fresh, changing);
update t.kept set fresh = jsonb_build_object('policy_version_id',
	(select policy_version_id from data.policy_version where policy_code = 'potton')) where name = 'data.policy_reading';

-- Which rows of a table are of a school.
create function t.of(name text, school int) returns text
language sql stable
return (select case
	when exists (select from pg_attribute a where a.attrelid = name::regclass and a.attname = 'school_urn')
	then 'school_urn = ' || school
	when name = 'data.social_worker'
	then format('pupil_id in (select pupil_id from data.enrolment where school_urn = %s)', school)
	else format('staff_id in (select staff_id from data.post where school_urn = %s)', school) end);
create function t.rows_of(name text, school int) returns bigint
language plpgsql
as $$
declare
	found bigint;
begin
	execute format('select count(*) from %s where %s', name, t.of(name, school)) into found;
	return found;
end;
$$;
-- As t.run, and undone.
create function t.try(client text, query text, as_role text default 'doorstep_records') returns text
language plpgsql
as $$
declare
	outcome text;
begin
	begin
		outcome := t.run(client, query, as_role);
		raise exception using errcode = 'DS001';
	exception when sqlstate 'DS001' then
		return outcome;
	end;
end;
$$;
-- A further row of a school, with changes.
create function t.further(name text, school int, changes jsonb default '{}') returns text
language sql stable
return (select t.adding(k.name, t.row_of(k.name, t.of(k.name, school)) || k.fresh || changes)
          from t.kept k where k.name = further.name);
create view t.writable as select * from t.kept where fresh is not null;

select plan(156);

select is_empty('select name from t.kept where t.rows_of(name, 900001) = 0 or t.rows_of(name, 900002) = 0',
	'each school has a row in every table');

-- Reading: by role and client, how many rows; of duties, those that tell of no concern or incident
select is(seen, format('a %1$s, reader %1$s, few %2$s, b %3$s, all %4$s, none 0, nobody 0; reports %1$s, few %2$s; '
			|| 'register %5$s; watch 42501', own, case when name = 'data.duty' then (select count(*) from data.duty where school_urn = 900001 and scope is null)
			when reading is null then own else 0 end, other, own + other,
			case name when 'data.adoption' then own::text else '42501' end),
		format('%s is read by who sees the school%s', name, coalesce(' and has the scope ' || reading || ':read', '')))
  from (select k.*, t.rows_of(name, 900001) as own, t.rows_of(name, 900002) as other,
               'a ' || t.get('a', q) || ', reader ' || t.get('reader', q) || ', few ' || t.get('few', q) || ', b ' || t.get('b', q)
               || ', all ' || t.get('all', q) || ', none ' || t.get('none', q) || ', nobody ' || t.get(null, q)
               || '; reports ' || t.get('reader', q, 'doorstep_reports') || ', few ' || t.get('few', q, 'doorstep_reports')
               || '; register ' || t.get('a', q, 'doorstep_register') || '; watch ' || t.get(null, q, 'doorstep_watch') as seen
          from t.kept k, lateral (select 'select count(*) from ' || name) as count (q)) as r
 order by name;

-- Adding: a row of A, and one of B
select is(added, format('a 1 rows, reader %1$s, few %1$s, b 42501, all 1 rows, none 42501, nobody 42501; '
		|| 'B by a 42501, all 1 rows; reports 42501; register %2$s', case when writing is null then '1 rows' else '42501' end,
			case name when 'data.adoption' then '1 rows' else '42501' end),
		format('%s is added to by who sees the school%s', name, coalesce(' and has the scope ' || writing || ':write', '')))
  from (select w.*, 'a ' || t.try('a', q) || ', reader ' || t.try('reader', q) || ', few ' || t.try('few', q)
               || ', b ' || t.try('b', q) || ', all ' || t.try('all', q) || ', none ' || t.try('none', q)
               || ', nobody ' || t.try(null, q) || '; B by a ' || t.try('a', of_b) || ', all ' || t.try('all', of_b)
               || '; reports ' || t.try('a', q, 'doorstep_reports') || '; register ' || t.try('a', q, 'doorstep_register') as added
          from t.writable w, lateral (select t.further(name, 900001), t.further(name, 900002)) as adding (q, of_b)) as r
 order by name;

-- Changing
select is(changed, format('a %1$s rows, reader %2$s, few %2$s, b %3$s rows, none 0 rows', own,
			case when writing is null then own || ' rows' else '0 rows' end, other),
		format('%s is changed by who sees the school%s', name, coalesce(' and has the scope ' || writing || ':write', '')))
  from (select k.*, t.rows_of(name, 900001) as own, t.rows_of(name, 900002) as other,
               'a ' || t.try('a', q) || ', reader ' || t.try('reader', q) || ', few ' || t.try('few', q)
               || ', b ' || t.try('b', q) || ', none ' || t.try('none', q) as changed
          from t.kept k, lateral (select format('update %s set %s', name, changing)) as changing (q)
         where changing is not null) as r
 order by name;

-- What a row names: nothing of another school, whether the client sees that
-- one or not; and of staff whom the client does not see there are none.
create table t.naming (name text, named text, hidden jsonb, client text);
insert into t.naming
select 'data.' || name, format('a %s that is not seen', ref), jsonb_build_object(ref, :staff_b), 'a'
from (values ('event', 'by_staff_id'), ('deviation', 'by_staff_id'), ('approval_request', 'by_staff_id'),
	('approval_decision', 'by_staff_id'), ('approval_decision', 'for_staff_id'), ('risk_assessment', 'by_staff_id'),
	('hazard', 'by_staff_id'), ('visit_record', 'by_staff_id'), ('concern', 'by_staff_id'), ('external_referral', 'by_staff_id'),
	('incident', 'by_staff_id'), ('accident', 'by_staff_id'), ('intervention', 'by_staff_id'), ('debrief', 'by_staff_id'),
	('debrief', 'staff_id')) as n (name, ref)
union all
select 'data.' || name, 'somebody told who is not seen', jsonb_build_object('told_staff_id', :staff_b, 'told_at', now()), 'a'
from unnest('{concern,incident,intervention}'::text[]) as name
union all
select 'data.' || name, 'another school''s ' || ref, jsonb_build_object(ref, id), client
from unnest('{a,all}'::text[]) as client, (values
	('concern', 'pupil_id', :pupil_b), ('external_referral', 'pupil_id', :pupil_b), ('intervention', 'pupil_id', :pupil_b),
	('delegation', 'from_staff_id', :staff_b), ('delegation', 'to_staff_id', :staff_b), ('hazard', 'contact_id', :contact_b),
	('risk_hazard', 'assessment_id', (select max(assessment_id) from data.risk_assessment where school_urn = 900002)),
	('approval_decision', 'request_id', (select max(request_id) from data.approval_request where school_urn = 900002)),
	('risk_assessment', 'replaces', (select max(assessment_id) from data.risk_assessment where school_urn = 900002))) as n (name, ref, id)
union all
select 'data.' || name, 'another school''s visit', jsonb_build_object('visit_id', :visit_b), client
from unnest('{a,all}'::text[]) as client, unnest('{deviation,approval_request,approval_decision,visit_record,concern,external_referral,incident,accident,intervention,debrief}'::text[]) as name
union all
select 'data.risk_assessment', 'another school''s ' || what, '{"kind": "first_visit"}' || ids, client
from unnest('{a,all}'::text[]) as client, (values ('visit', jsonb_build_object('visit_id', :visit_b)),
	('pupil', jsonb_build_object('visit_id', :visit_a, 'pupil_id', :pupil_b))) as n (what, ids)
union all
select 'data.risk_assessment', 'somebody alone who is not seen, nor in the team',
	jsonb_build_object('kind', 'lone_working', 'visit_id', :visit_a, 'staff_id', :staff_b), 'a';
insert into t.kept values ('data.event', null, null, '{"kind": "note", "note": "x"}', null);
insert into data.event (visit_id, school_urn, kind, at, note, client_id) values (:visit_a, 900001, 'note', now(), 'x', 'a');
create function t.with_none(ids jsonb) returns jsonb
language sql stable
return (select jsonb_object_agg(key, case when jsonb_typeof(value) = 'number' and value::bigint <> (select min(visit_id) from data.visit)
                                          then '999999' else value end) from jsonb_each(ids));

select is(t.try(client, t.further(name, 900001, hidden)) ~ '^(42501|23503)$', true,
		format('client %s cannot add to %s what names %s', client, name, named))
  from t.naming order by name, named, client;
select is_empty($$ select name, named, hidden from t.naming
	where client = 'a' and t.try('a', t.further(name, 900001, hidden)) <> t.try('a', t.further(name, 900001, t.with_none(hidden))) $$,
	'and is refused just as what names none');
select is(t.try('a', t.further('data.risk_assessment', 900001, jsonb_build_object('kind', 'lone_working', 'visit_id', :visit_a,
	'staff_id', :staff_b))), '42501', 'somebody of another school is not assessed');
select is(t.try('a', t.further('data.risk_assessment', 900001, jsonb_build_object('kind', 'lone_working',
	'visit_id', t.visit(900001, :pupil_a, :staff_b), 'staff_id', :staff_b))), '1 rows', 'but in the team, as a guest');
select is(t.try('a', format('update data.rung set tried_at = now(), result = %L, by_staff_id = %s', 'team_safe', id)), outcome,
		format('who tried a step is %s', who))
from (values (:staff_a, '1 rows', 'seen'), (:staff_b, '42501', 'nobody of another school'), (999999, '42501', 'somebody')) as v (id, outcome, who);
select is(t.try('a', format('update data.notification set accepted_at = now(), accepted_by = %s', id)), outcome,
		format('who takes a notification on is %s', who))
from (values (:staff_a, '1 rows', 'seen'), (:staff_b, '42501', 'nobody of another school'), (999999, '42501', 'somebody')) as v (id, outcome, who);
select is(t.run('all', format('update data.notification set accepted_at = now(), accepted_by = %s where school_urn = 900001', :staff_b)),
	'1 rows', 'somebody of another school takes one on through a client that sees them');
select is(t.try('a', format('update data.notification set resolved_at = now(), resolution = %L, resolved_by = %s', 'x', :staff_a)),
	'1 rows', 'which another client settles');

-- Policies are every client's to read, and no client's to write
select is_empty($$ select name, role, client, seen from unnest('{policy,policy_version,clause_kind,clause,rule_left_out}'::text[]) as name,
	unnest('{doorstep_records,doorstep_register,doorstep_reports}'::text[]) as role,
	unnest('{a,few,none,all,nobody}'::text[]) as client,
	lateral (select t.get(nullif(client, 'nobody'), 'select count(*) > 0 from data.' || name, role)) as s (seen)
	where seen <> case when not has_table_privilege(role, 'data.' || name, 'select') then '42501'
	                   when client = 'nobody' then 'false' else 'true' end $$,
	'policies are read by every client with a token, and by none without');
select is_empty($$ select name, role from unnest('{policy,policy_version,clause_kind,clause,rule_left_out}'::text[]) as name,
	unnest('{doorstep_records,doorstep_reports}'::text[]) as role where not has_table_privilege(role, 'data.' || name, 'select') $$,
	'by all who show them');
select is(t.get('none', 'select count(*) from api.adoption'), '0', 'a client of no school does not see who follows them');

select * from finish();
rollback;
