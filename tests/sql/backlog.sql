-- After a downtime: all that fell due meanwhile, a part of it at each look.
begin;
\ir helpers.sql
select plan(7);

select t.school(900001, 'tkat'), t.client('a', null) \gset
select t.pupil(1, 900001) as pupil, t.staff('S1', 900001) as staff,
       t.staff('H', 900001, 'Head', '{headteacher,leadership,office}') as head \gset
update data.staff set email = 'head@school.test' where staff_id = :head;
create table t.out as select t.visit(900001, :pupil, :staff) as visit_id from generate_series(1, 40);
insert into data.event (visit_id, school_urn, kind, at, client_id)
select visit_id, 900001, 'departed', '2026-01-13T09:10Z', 'a' from t.out;
select count(duty.weigh(visit_id)) from t.out \gset

-- Looks as the watch does, until nothing is left; answers what each look did.
create function t.looks(at timestamptz) returns int[]
language plpgsql
as $$
declare
	look  record;
	looks int[] := '{}';
begin
	loop
		select * into look from watch.tick(at);
		looks := looks || look.raised;
		exit when look.next_at is null or look.next_at > at or cardinality(looks) > 100;
	end loop;
	return looks;
end;
$$;
create table t.look as select n, raised from unnest(t.looks('2026-01-13T23:00Z')) with ordinality as l (raised, n);
select cmp_ok((select count(*) from t.look), '>=', 3::bigint, 'a backlog takes several looks');
select cmp_ok((select max(raised) from t.look), '<=', 110, 'each of which does a part');
select is((select count(*) from data.escalation where closed_at is null), 40::bigint, 'every ladder is opened');
select is((select count(*) from data.rung), 240::bigint, 'and climbed to its last rung');
select is((select sum(raised) from t.look), (select count(*) from data.notification), 'all that is told is counted');
select is_empty($$
	select a.notification_id, b.notification_id from data.notification a join data.notification b
	    on a.cause = 'rung' and b.cause = 'rung' and a.notification_id < b.notification_id and a.due_at > b.due_at $$,
	'the rungs are told in the order in which they fell due');
select is(t.looks('2026-01-13T23:00Z'), '{0}', 'and nothing is told twice');

select * from finish();
rollback;
