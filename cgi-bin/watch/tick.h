/*
 * One look at the clock: the database finds what fell due (watch.tick).
 */
#ifndef DOORSTEP_TICK_H
#define DOORSTEP_TICK_H

#include "core/asking.h"

enum { TICK_NAME_MAX = 128 };

struct tick {
	char name[TICK_NAME_MAX]; /* of this watch: host and process */
	char started[32];         /* RFC 3339 */
	char late_entry[16];      /* seconds */
};

void tick_prepare(struct tick *tick, const struct settings *settings);

/* Looks, and says in the database that it did. Milliseconds until the next look. */
long tick_look(struct tick *tick, struct asking *asking);

#endif
