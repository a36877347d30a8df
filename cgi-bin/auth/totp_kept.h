/*
 * How keys of one-time codes are kept: encrypted by libsodium with a key that is in a file
 * of the program and not in the database, so that a copy of the database gives no codes.
 */
#ifndef DOORSTEP_TOTP_KEPT_H
#define DOORSTEP_TOTP_KEPT_H

#include "core/arena.h"
#include "core/settings.h"

/* A key in hex as it is kept, in hex, too; NULL, which is logged, when the file cannot be had. */
const char *totp_close(struct arena *a, const struct settings *settings, const char *key);

/* A key that is kept, in hex; NULL, which is logged, when it cannot be opened. */
const char *totp_open(struct arena *a, const struct settings *settings, const char *kept);

#endif
