-- Whether the clock is watched, and how well: of the last hour.
create function api.watch_read()
returns table (seen_at timestamptz, raised bigint, delay_max_ms bigint, delay_p95_ms bigint, untold bigint,
	undelivered bigint, undelivered_seconds bigint, escalations bigint)
language sql stable
begin atomic
	select watch.seen_at(), d.raised, (d.delay_max * 1000)::bigint, (d.delay_p95 * 1000)::bigint, d.untold,
	       d.undelivered, d.undelivered_age::bigint, d.escalations
	  from watch.delay() d;
end;
comment on function api.watch_read() is 'Whether the clock is watched, and how late notifications are';
