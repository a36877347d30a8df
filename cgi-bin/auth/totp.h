/*
 * One-time codes (RFC 6238) by liboath: six digits, a new one every 30 seconds; the one before
 * and the one after count, too, for clocks that differ.
 */
#ifndef DOORSTEP_TOTP_H
#define DOORSTEP_TOTP_H

#include <time.h>

#include "core/arena.h"

enum { TOTP_DIGITS = 6 };

/* A new key of 160 random bits, in hex. */
const char *totp_key(struct arena *a);

/* A key in hex, as people and programs take it: base32, and otpauth://…, of which a code for cameras is made. */
const char *totp_base32(struct arena *a, const char *key);
const char *totp_uri(struct arena *a, const char *key, const char *login);

/* The step whose code it is, as text; NULL when it is that of none about that time. */
const char *totp_step(struct arena *a, const char *key, const char *code, time_t at);

#endif
