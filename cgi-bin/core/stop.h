/*
 * Being asked to stop.  A signal makes a descriptor readable for good, so that
 * every wait ends at once, be it for the clock, the database or the network.
 */
#ifndef DOORSTEP_STOP_H
#define DOORSTEP_STOP_H

#include <stdbool.h>

/* Takes TERM, INT, HUP and QUIT. Once per process: a child has to call it anew. */
void stop_prepare(void);

bool stop_asked(void);

/* Readable, and hung up, once asked. */
int stop_fd(void);

/* Waits, for less when asked to stop. */
void stop_wait(long milliseconds);

/* Milliseconds of the monotonic clock. */
long long now_ms(void);

#endif
