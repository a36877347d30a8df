/*
 * One request at a time, tried until it is answered; ends soon when the run is
 * asked to stop.  TLS is verified, no redirect is followed.
 */
#ifndef DOORSTEP_PULL_HTTP_H
#define DOORSTEP_PULL_HTTP_H

#include <stddef.h>
#include <time.h>

#include "pull/run.h"

struct request {
	const char *who, *url;       /* who: for messages, "the source" */
	const char *bearer;          /* token; NULL: none */
	const char *user, *password; /* HTTP Basic; NULL: none */
	const char *media_type;      /* of the body */
	const char *key;             /* Idempotency-Key; NULL: none */
	const char *body;            /* NULL: it is a GET */
	size_t      size, most;      /* of the body; of the answer */
	const char *fewer;           /* what to do when the answer has more; NULL: nothing */
};

struct response {
	long        status;
	const char *body; /* ends with a NUL that does not count */
	size_t      size;
	time_t      date;    /* the server's clock; 0: it did not say */
	time_t      sent_at; /* the own clock, before the try that was answered */
	long long   took_ms; /* that try */
};

/* Tied to the arena. */
struct http *http_new(struct arena *a, const struct options *options);

/* OUTCOME_DONE with any status that trying again would not change. What is in the answer lives in the arena. */
enum outcome http_call(struct run *run, struct arena *a, const struct request *request, struct response *ret);

#endif
