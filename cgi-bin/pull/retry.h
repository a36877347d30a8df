/*
 * What is tried again, and when.
 */
#ifndef DOORSTEP_PULL_RETRY_H
#define DOORSTEP_PULL_RETRY_H

#include <curl/curl.h>
#include <stdbool.h>

enum {
	RETRY_PAUSE_MAX_MS = 60 * 1000,
	RETRY_AFTER_MAX_S = 10 * 60, /* who is told to wait longer, comes again another time */
};

/*
 * Whether a transfer that ended so, with this status when it was CURLE_OK, may
 * go well another time.  keyed: it had an Idempotency-Key; Doorstep answers 409
 * while another request has it, be it that of a run that was killed.
 */
bool retry_helps(CURLcode rc, long status, bool keyed);

/*
 * The wait before another try, in milliseconds; tried: how often so far, from
 * 1; pause_ms: the first wait, which doubles; retry_after_s: what the server
 * asks for, or 0.  -1: not in this run.
 */
long retry_wait_ms(int tried, long pause_ms, long long retry_after_s);

#endif
