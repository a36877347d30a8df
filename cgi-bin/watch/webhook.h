/*
 * Notifications to other programs: signed JSON over HTTP.
 */
#ifndef DOORSTEP_WEBHOOK_H
#define DOORSTEP_WEBHOOK_H

#include <curl/curl.h>

#include "core/arena.h"
#include "watch/delivery.h"

/* HMAC-SHA-256 in hex over "timestamp.body". */
const char *webhook_signature(struct arena *a, const char *secret, const char *timestamp, const char *body);

/* Makes the transfer send it; what it needs lives in the arena. NULL, or why it cannot be sent. */
const char *webhook_prepare(struct arena *a, CURL *easy, const struct delivery *d);

#endif
