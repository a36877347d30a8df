-- Whether a watch is looking, and how late what it finds is.

-- Notes that a watch has just looked; written every five seconds at most.  A
-- watch that has not looked for a day is forgotten, and so is what is kept a month only.
create function watch.beat(name text, started timestamptz) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	delete from data.watch_beat b where b.beat_at < clock_timestamp() - interval '1 day';
	select data.forget_rejections();
	insert into data.watch_beat as b (watch, started_at, beat_at) values (name, started, clock_timestamp())
	on conflict (watch) do update set started_at = started, beat_at = clock_timestamp()
	 where b.started_at is distinct from started or b.beat_at < clock_timestamp() - interval '5 seconds';
end;
comment on function watch.beat(text, timestamptz) is 'Notes that a watch has just looked';

-- The greatest delay, in seconds, of the notifications raised since a moment; null without one.
create function watch.greatest_delay(since timestamptz) returns numeric
language sql volatile security definer set search_path = pg_catalog
begin atomic
	select round(extract(epoch from max(n.raised_at - n.due_at)), 3) from data.notification n
		where n.raised_at >= since;
end;
comment on function watch.greatest_delay(timestamptz) is 'The greatest delay, in seconds, of the notifications raised since a moment';

create function watch.seen_at() returns timestamptz
language sql stable security definer set search_path = pg_catalog
return (select max(b.beat_at) from data.watch_beat b);
comment on function watch.seen_at() is 'When a watch last looked; null for never';

-- What is worth watching of the watch.  Of the last hour: how many
-- notifications were raised, the greatest and the 95th percentile of the delay
-- from due to raised in seconds, and how many of them nobody was to be told,
-- since nobody with an e-mail address holds the role and no webhook listens.
-- At this moment: deliveries that have not arrived, the age of the oldest in
-- seconds, and escalations that are open.
create function watch.delay()
returns table (raised bigint, delay_max numeric, delay_p95 numeric, untold bigint,
	undelivered bigint, undelivered_age numeric, escalations bigint)
language sql stable security definer set search_path = pg_catalog
begin atomic
	select n.raised, n.delay_max, n.delay_p95, n.untold, d.undelivered, d.undelivered_age, e.escalations
	  from (select count(*) as raised, round(max(late)::numeric, 3) as delay_max,
	               round((percentile_cont(0.95) within group (order by late))::numeric, 3) as delay_p95,
	               count(*) filter (where not exists (select from data.delivery o
	                                                   where o.notification_id = found.notification_id)) as untold
	          from (select notification_id, extract(epoch from raised_at - due_at)::float8 as late
	                  from data.notification
	                      where raised_at > clock_timestamp() - interval '1 hour') as found) as n,
	       (select count(*) as undelivered,
	               round(extract(epoch from clock_timestamp() - min(delivery.created_at)), 3) as undelivered_age
	          from data.delivery left join data.webhook using (webhook_id)
	         where delivered_at is null and disabled_at is null) as d,
	       (select count(*) as escalations from data.escalation where closed_at is null) as e;
end;
comment on function watch.delay() is 'How late notifications are raised, what is undelivered, what is open';
