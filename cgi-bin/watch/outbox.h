/*
 * Sends what is in the outbox, several deliveries at a time.  A delivery is
 * leased, sent, and its result stored; should that not come about, the lease
 * runs out and it is sent again.
 */
#ifndef DOORSTEP_OUTBOX_H
#define DOORSTEP_OUTBOX_H

#include "core/asking.h"

struct outbox;

struct outbox *outbox_new(const struct settings *settings);
void           outbox_free(struct outbox *outbox);

/* Stores results, leases what is due, and waits until something happens, at most half a second. */
void outbox_turn(struct outbox *outbox, struct asking *asking);

/* Turns until nothing is due any more, at most a minute. */
void outbox_round(struct outbox *outbox, struct asking *asking);

/* Before leaving: gives deliveries under way a moment to arrive, and stores what is known. */
void outbox_leave(struct outbox *outbox, struct asking *asking);

#endif
