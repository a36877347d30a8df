-- The program watch: the clock and the outbox through their functions, nothing else.
grant usage on schema watch to doorstep_watch;
grant execute on function watch.tick(timestamptz, interval), watch.greatest_delay(timestamptz), watch.delay(),
	watch.beat(text, timestamptz),
	watch.claim(data.delivery_channel, int, bigint[]), watch.hold(data.delivery_channel, text),
	watch.delivered(bigint), watch.failed(bigint, text) to doorstep_watch;
