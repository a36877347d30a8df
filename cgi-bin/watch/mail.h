/*
 * Notifications as e-mails.
 */
#ifndef DOORSTEP_MAIL_H
#define DOORSTEP_MAIL_H

#include <curl/curl.h>
#include <time.h>

#include "core/arena.h"
#include "core/settings.h"
#include "watch/delivery.h"

/* What is wrong with the settings; NULL when nothing is. */
const char *mail_settings_problem(const struct settings *settings);

/* What is wrong with an address; NULL when it can be written to. */
const char *mail_address_problem(const char *address);

/* The whole message (RFC 5322), lines ended by CRLF. */
const char *mail_message(struct arena *a, const struct settings *settings, const struct delivery *d, time_t now);

/* Makes the transfer send it; what it needs lives in the arena. NULL, or why it cannot be sent. */
const char *mail_prepare(struct arena *a, CURL *easy, const struct settings *settings, const struct delivery *d);

#endif
