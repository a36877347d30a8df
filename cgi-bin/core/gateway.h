/*
 * The way a request comes in and its answer goes out: FastCGI over the
 * listening socket on descriptor 0, or plain CGI.  Only gateway.c knows
 * libfcgi, so it can be replaced.
 *
 * What libfcgi leaves to its caller, and what is done about it here:
 *   - a signal cuts a write short: SIGTERM and SIGHUP are blocked but for the
 *     wait for a connection, so an answer in flight is always finished;
 *   - half a FastCGI header would hold a worker for ever: an alarm ends it;
 *   - an unread body could be taken for the next request: connections are
 *     never kept.
 */
#ifndef DOORSTEP_GATEWAY_H
#define DOORSTEP_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "arena.h"

struct gateway;

enum gateway_event {
	GATEWAY_REQUEST, /* a request is there */
	GATEWAY_AGAIN,   /* nothing came of it: ask again */
	GATEWAY_STOP,    /* asked to stop, or the one CGI request is served */
};

/* One per process.  NULL when libfcgi can't be set up. */
struct gateway *gateway_new(void);

/*
 * For a request that nobody sends: with these parameters, "NAME=value" ending in NULL, no
 * body, and nobody who hangs up.  Its answer is taken from the reply, not written.
 */
struct gateway *gateway_given(struct arena *a, char *const *params);

/* Whether it is run as plain CGI, for one request. */
bool gateway_is_cgi(const struct gateway *g);

enum gateway_event gateway_next(struct gateway *g);

/* "NAME=value" strings ending in NULL, valid until gateway_finish(). */
char *const *gateway_params(const struct gateway *g);

/* Up to size bytes of the body; 0 at its end, -1 when the sender broke off. */
ssize_t gateway_read(struct gateway *g, void *buffer, size_t size);

/* False when the receiver is gone. */
bool gateway_write(struct gateway *g, const void *data, size_t size);

/* The descriptor on which a client that hangs up shows; -1 when there is none. */
int gateway_client_fd(const struct gateway *g);

/* Ends the request: the answer is complete once this is true. */
bool gateway_finish(struct gateway *g);

#endif
