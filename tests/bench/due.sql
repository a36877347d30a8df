-- For the bench: the check-in calls of the visits of open.sql fall due from
-- :due on, one after another within so many seconds, and a connection of its
-- own looks every 20 ms for what has been told.  Answers how many were, and the
-- median, the 95th percentile and the greatest of the delays, in seconds.
set session_replication_role = replica;
begin;
create temp table due as
select d.duty_id, d.visit_id, :'due'::timestamptz + :within * (row_number() over (order by d.duty_id) - 1)
                              / count(*) over () * interval '1 second' as due_at
  from data.duty d where d.clause = 'check-in-call' and d.visit_id > :visits and d.visit_id <= :visits + :open;
update data.visit v set planned_start = due.due_at - interval '10 minutes' from due where v.visit_id = due.visit_id;
update data.duty d set due_at = due.due_at, told_due_at = null from due where d.duty_id = due.duty_id;
commit;
create index on due (duty_id);
create temp table seen (notification_id bigint primary key, delay float8 not null);
select set_config('bench.open', :'open', false) \g /dev/null
do $$
begin
	loop
		insert into seen
		select n.notification_id, extract(epoch from clock_timestamp() - n.due_at)
		  from data.notification n join due on due.duty_id = n.duty_id and due.due_at = n.due_at
		 where not exists (select from seen s where s.notification_id = n.notification_id);
		exit when (select count(*) from seen) >= current_setting('bench.open')::int
		       or clock_timestamp() > (select max(due_at) from due) + interval '60 seconds';
		perform pg_sleep(0.02);
	end loop;
end;
$$;
select json_build_object('told', count(*), 'median', percentile_cont(0.5) within group (order by delay),
	'p95', percentile_cont(0.95) within group (order by delay), 'most', max(delay)) from seen;
