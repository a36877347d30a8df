#include "clock.h"

#include <string.h>

const char *clock_text(struct arena *a, time_t time)
{
	char      text[64];
	struct tm utc;

	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", gmtime_r(&time, &utc));
	return arena_strdup(a, text);
}

/* strptime() takes 31 February and the like: only what comes back the same is a time. */
static bool reads(const char *text, const char *format, time_t *ret_time)
{
	struct tm   utc = { 0 }, again;
	const char *end = strptime(text, format, &utc);
	char        back[64];

	if (!end || *end)
		return false;
	*ret_time = timegm(&utc);
	strftime(back, sizeof(back), format, gmtime_r(ret_time, &again));
	return strcmp(back, text) == 0;
}

bool clock_read(const char *text, time_t *ret_time)
{
	return reads(text, "%Y-%m-%d %H:%M:%S", ret_time) || reads(text, "%Y-%m-%dT%H:%M:%SZ", ret_time) ||
	       reads(text, "%Y-%m-%d", ret_time);
}

time_t clock_before(time_t date, time_t own, long long took_ms)
{
	/* The answer was dated at some moment of the exchange, and in whole seconds. */
	const time_t before = date > 0 ? date - (time_t)((took_ms + 999) / 1000) : own;

	return before - CLOCK_OVERLAP_S;
}
