/*
 * The watch: two processes, so that no receiver, however slow, holds up the
 * clock.  The first looks at the clock every second; the second, its child,
 * sends what is in the outbox.
 */
#ifndef DOORSTEP_WATCH_H
#define DOORSTEP_WATCH_H

#include "core/settings.h"

/* Until a signal asks to stop. The exit status. */
int watch_run(const struct settings *settings);

/* One look and one round of deliveries. The exit status. */
int watch_once(const struct settings *settings);

#endif
