-- What is counted for those who may not read it: concerns that are open, by age, and the page for governors.
begin;
\ir helpers.sql
select plan(49);

select t.school(900001, 'tkat'), t.school(900002, 'tkat'), t.school(900003, 'thomas-more'),
       t.client('few', '{900001}', '{visits:read,counts:read}'), t.client('two', '{900001,900002}', '{visits:read,counts:read}'),
       t.client('b', '{900002}', '{visits:read,counts:read}'), t.client('all', null, '{visits:read,counts:read}'),
       t.client('dsl', '{900001}', '{visits:read,counts:read,concerns:read}'), t.client('other', '{900001}', '{concerns:read,records:read,alarms:read}') \gset
select t.staff('A', 900001) as staff, t.staff('D', 900001, 'Lead', '{dsl}') as dsl, t.staff('H', 900001, 'Head', '{headteacher}') as head,
       t.staff('B', 900002) as staff_b, t.staff('C', 900003) as staff_c,
       t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as sibling, t.pupil(3, 900002) as pupil_b, t.pupil(4, 900003) as pupil_c \gset

-- A concern of a visit of its own.
create function t.concern(school int, pupil bigint, staff bigint, age interval, serious boolean default false, told bigint default null,
	police boolean default false, drill boolean default false) returns bigint
language plpgsql
as $$
declare
	visit bigint := t.visit(school, pupil, staff);
	made  bigint;
begin
	update data.visit v set drill = concern.drill where v.visit_id = visit;
	insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, told_staff_id, told_at, police_at, client_id)
	values (visit, school, pupil, staff, now() - age, 'A secret', serious, told, case when told is not null then now() end,
	        case when police then now() end, 'test') returning concern_id into made;
	perform duty.weigh(visit);
	return made;
end;
$$;
create function t.is_open(concern bigint) returns boolean
language sql return exists (select from data.concerns_open() c where c.concern_id = concern);
create function t.days_of(concern bigint) returns int
language sql return (select c.days from data.concerns_open() c where c.concern_id = concern);
create function t.visit_of(concern bigint) returns bigint
language sql return (select c.visit_id from data.concern c where c.concern_id = concern);
-- Of a concern: a referral to an agency.
create function t.refer(concern bigint, pupil bigint, since interval) returns void
language sql
begin atomic
	insert into data.external_referral (visit_id, school_urn, pupil_id, by_staff_id, at, agency, text, client_id)
	select c.visit_id, c.school_urn, refer.pupil, c.by_staff_id, c.at + since, 'Children''s services', 'A secret', 'test'
	  from data.concern c where c.concern_id = concern;
	select duty.weigh(c.visit_id) from data.concern c where c.concern_id = concern;
end;
create function t.listed(client text, school int default null) returns text
language sql
return t.get(client, format($$ select coalesce(string_agg(concat_ws(' ', school_urn, age, concerns, serious, oldest), '; ' order by school_urn, oldest), 'none')
	from data.concerns_open_seen(%L) $$, school), 'doorstep_reports');

-- What open means
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour')), true, 'a concern of which nobody was told is open');
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour', told => :staff)), true, 'so is one of which somebody was told whom the policy does not name');
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour', told => :dsl)), false, 'one that the safeguarding lead was told of is not');
select t.concern(900001, :pupil, :staff, '1 hour') as later, t.concern(900001, :pupil, :staff, '1 hour') as waived \gset
insert into data.event (visit_id, school_urn, kind, at, clause, part, by_staff_id, client_id)
values (t.visit_of(:later), 900001, 'done', now(), 'safeguarding-concern', :'later', :dsl, 'test');
select duty.weigh(t.visit_of(:later)) \g /dev/null
select is(t.is_open(:later), false, 'nor one that was told later');
insert into data.deviation (visit_id, school_urn, clause, part, kind, by_staff_id, reason, at, client_id)
values (t.visit_of(:waived), 900001, 'safeguarding-concern', :'waived', 'waived', :head, 'The lead was there', now(), 'test');
insert into data.event (visit_id, school_urn, kind, at, client_id) values (t.visit_of(:waived), 900001, 'departed', '2026-01-13T09:10Z', 'test');
select duty.weigh(t.visit_of(:waived)) \g /dev/null
select is(t.is_open(:waived), false, 'nor one where that was waived');
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour', true, :dsl)), true, 'a serious one is open until the police or an agency is called');
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour', true, null, true)), true, 'and until it is told');
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour', true, :dsl, true)), false, 'with both it is not');
select t.concern(900001, :pupil, :staff, '1 hour', true, :dsl) as referred \gset
select t.refer(:referred, :pupil, '-1 minute'), t.refer(:referred, :sibling, '1 minute') \g /dev/null
select is(t.is_open(:referred), true, 'a referral before it, or of another child, is none of it');
select t.refer(:referred, :pupil, '0') \g /dev/null
select is(t.is_open(:referred), false, 'a referral of the child since is the call to an agency');
select t.concern(900001, :pupil, :staff, '1 hour') as untold \gset
select t.refer(:untold, :pupil, '0') \g /dev/null
select is(t.is_open(:untold), true, 'but does not stand for telling the safeguarding lead');
select is(t.is_open(t.concern(900003, :pupil_c, :staff_c, '1 hour')), true, 'under a policy that asks for nothing one is open');
select is(t.is_open(t.concern(900003, :pupil_c, :staff_c, '1 hour', told => :staff_c)), false, 'until anybody is told');
select is(t.is_open(t.concern(900003, :pupil_c, :staff_c, '1 hour', true, null, true)), false, 'or called');
select t.concern(900003, :pupil_c, :staff_c, '1 hour') as elsewhere \gset
select t.refer(:elsewhere, :pupil_c, '0') \g /dev/null
select is(t.is_open(:elsewhere), false, 'or the child is referred');
select is(t.is_open(t.concern(900001, :pupil, :staff, '1 hour', drill => true)), false, 'a drill gives no concern');

-- How old
select is(data.age_words(days), wanted, format('%s days: %s', days, wanted))
  from (values (0, 'under a day'), (1, '1 to 7 days'), (7, '1 to 7 days'), (8, '8 to 28 days'), (28, '8 to 28 days'), (29, '29 to 90 days'),
               (90, '29 to 90 days'), (91, 'over 90 days')) as v (days, wanted);
select is(t.days_of(t.concern(900002, :pupil_b, :staff_b, age)), days,
	format('%s ago is %s whole days', age, days))
  from (values ('23:59:59'::interval, 0), ('24:00:00', 1), ('191:59:59', 7), ('192:00:00', 8), ('2183:59:59', 90), ('2184:00:00', 91)) as v (age, days);

-- Who sees how many
select is(t.listed('few'), '900001 under a day 5 2 0', 'who may not read concerns sees how many are open');
select is(t.get('few', 'select count(*) from data.concern', 'doorstep_reports'), '0', 'and none of them');
select is(t.listed('dsl'), t.listed('few'), 'who may read them sees the same');
select is(t.listed('b'), '900002 under a day 1 0 0; 900002 1 to 7 days 2 0 7; 900002 8 to 28 days 1 0 8; 900002 29 to 90 days 1 0 90; '
	'900002 over 90 days 1 0 91', 'those of another school are not counted, and each age is a row');
select is(t.listed('two'), t.listed('few') || '; ' || t.listed('b'), 'of two schools each');
select is(t.listed('two', 900001), t.listed('few'), 'or the one that is asked for');
select is(t.listed('few', 900002), 'none', 'of a school that the client does not see, nothing');
select matches(t.listed('all'), '900003 under a day 1 0 0$', 'the whole trust, to who sees all of it');

-- The page for governors
create function t.page(client text, measure text, school int default null) returns text
language sql
return t.get(client, format($$ select string_agg(concat_ws(' ', school_urn, value), '; ' order by school_urn)
	from data.governors_seen(%L, '2026-01-01', '2026-01-31') where measure = %L $$, school, measure), 'doorstep_reports');
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id)
select t.visit_of(:later), 900001, :pupil, :staff, at::timestamptz, 'A secret', false, 'test'
  from unnest(array['2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2026-01-31T23:59:59Z', '2026-02-01T00:00:00Z']) as at;
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id)
values (t.visit_of(:waived), 900001, :staff, now(), 'seen_family', 'A secret', 'cpoms', 'test');
select is(t.page('few', 'Safeguarding concerns recorded'), '900001 2', 'concerns are counted by the day on which they were noticed');
select is(t.page('few', 'Visits made'), '900001 1', 'visits of the school that the client sees');
select is(t.page('few', 'Visits where somebody was seen'), '900001 1', 'what records say of them, to who may not read records');
update data.visit set state = 'departed', departed_at = planned_start where school_urn = 900002;
select is(t.page('two', 'Visits made by one alone'), format('900001 %s; 900002 6', (select count(*) from data.visit where school_urn = 900001 and departed_at is not null and not drill)),
	'of two schools each, drills and what was not made left out');
select is(t.page('two', 'Visits made by one alone', 900002), '900002 6', 'or of the one that is asked for');
select is(t.page('few', 'Visits made by one alone', 900002), null, 'of a school that the client does not see, nothing');
select is(t.get('few', $$ select count(*) = count(distinct place) and count(*) = count(distinct measure) from data.governors_seen(null, '2026-01-01', '2026-01-31') $$,
	'doorstep_reports'), 'true', 'every measure is there once');

-- Without the scope
select set_config('doorstep.token', t.hash('token of other'), true) \g /dev/null
select is(auth.client_id(), 'other', 'a client that may read concerns, but not visits');
select is_empty('select * from data.concerns_open_seen(null)', 'is told nothing of open concerns');
select is_empty($$ select * from data.governors_seen(null, '2026-01-01', '2026-01-31') $$, 'nor the page for governors');
select set_config('doorstep.token', '', true) \g /dev/null
select is_empty($$ select 1 from data.concerns_open_seen(null) union all select 1 from data.governors_seen(null, '2026-01-01', '2026-01-31') $$,
	'nobody is told nothing');

select * from finish();
rollback;
