/*
 * Times as the source has them in updated_after: "2026-09-01 07:30:00", in UTC.
 * A source that takes them for the time in the United Kingdom finds an hour
 * more in summer, never less.
 */
#ifndef DOORSTEP_PULL_CLOCK_H
#define DOORSTEP_PULL_CLOCK_H

#include <stdbool.h>
#include <time.h>

#include "core/arena.h"

enum {
	/* For what the source has written, but not yet shown, when it was asked. */
	CLOCK_OVERLAP_S = 60,
};

const char *clock_text(struct arena *a, time_t time);

/* Also "2026-09-01" and "2026-09-01T07:30:00Z"; false when it is no time. */
bool clock_read(const char *text, time_t *ret_time);

/*
 * What the source is asked for next time, from the Date of its answer (0: it
 * said none), the own clock before the request, and how long that took: no
 * later than the request by the source's clock, less the overlap.
 */
time_t clock_before(time_t date, time_t own, long long took_ms);

#endif
