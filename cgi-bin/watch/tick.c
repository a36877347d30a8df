#include "tick.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "core/stop.h"

enum {
	LOOK_MS = 1000,       /* between two looks, at most */
	LOOK_SOONEST_MS = 50, /* and at least */
};

enum { RAISED, OPENED, CLIMBED, NEXT_MS, DELAY };

void tick_prepare(struct tick *tick, const struct settings *settings)
{
	const time_t now = time(NULL);
	char         host[65] = "";
	struct tm    utc;

	snprintf(tick->late_entry, sizeof(tick->late_entry), "%ld", settings->late_entry_seconds);
	gethostname(host, sizeof(host) - 1);
	snprintf(tick->name, sizeof(tick->name), "%s:%ld", host, (long)getpid());
	strftime(tick->started, sizeof(tick->started), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
}

static bool is_some(const char *value)
{
	return value && strtol(value, NULL, 10) != 0;
}

static bool take(void *ctx, const struct row *row)
{
	const char *const *v = row->values;
	long              *pause_ms = ctx;
	long               next = v[NEXT_MS] ? strtol(v[NEXT_MS], NULL, 10) : LOOK_MS;

	*pause_ms = next < LOOK_SOONEST_MS ? LOOK_SOONEST_MS : next > LOOK_MS ? LOOK_MS : next;
	if (is_some(v[RAISED]) || is_some(v[OPENED]) || is_some(v[CLIMBED]))
		log_event("info", "raised %s, opened %s, climbed %s, greatest delay %s s",
			  v[RAISED], v[OPENED], v[CLIMBED], v[DELAY] ? v[DELAY] : "0");
	return true;
}

static void beat(const struct tick *tick, struct asking *asking, struct arena *a)
{
	const char *const     values[] = { tick->name, tick->started };
	const struct db_query query = { .name = "beat", .sql = "select watch.beat($1, $2)", .values = values, .count = 2 };
	bool                  refused;

	ask(asking, a, &query, &refused);
}

long tick_look(struct tick *tick, struct asking *asking)
{
	static const char look[] =
		"select t.raised, t.opened, t.climbed, "
		"least(ceil(extract(epoch from t.next_at - clock_timestamp()) * 1000), 1000000)::int, "
		"case when t.raised > 0 then watch.greatest_delay(statement_timestamp()) end "
		"from watch.tick(clock_timestamp(), make_interval(secs => $1::int)) as t";
	const char *const values[] = { tick->late_entry };
	struct arena *a = arena_new();
	long          pause_ms = LOOK_MS;
	bool          refused;
	const struct db_query query = { .name = "look", .sql = look, .values = values, .count = 1,
		.on_row = take, .ctx = &pause_ms };

	if (ask(asking, a, &query, &refused))
		beat(tick, asking, a);
	arena_free(a);
	if (asking->failed)
		return asking->again_ms > now_ms() ? (long)(asking->again_ms - now_ms()) : 0;
	return pause_ms;
}
