/*
 * Idempotency-Key: the same key and request gives the same answer, once done.
 * The answer is kept in the transaction of the work, so it is there exactly if
 * the work is.
 */
#ifndef DOORSTEP_IDEMPOTENCY_H
#define DOORSTEP_IDEMPOTENCY_H

#include "transaction.h"

enum { IDEMPOTENCY_KEY_MAX = 200 };

struct idempotency {
	const char *key;  /* NULL: the request has none */
	const char *hash; /* of the request */
	bool        kept; /* an answer was found: it is in the reply */
};

/* Reads the header; body_hash: of the body, in hex.  ERR_MALFORMED when the key is no good, or there is to be none. */
enum err idempotency_read(struct request *r, const char *body_hash, struct idempotency *ret);

/* Runs what is queued, and claims the key; with an answer found, it is taken into the reply. */
bool idempotency_claim(struct idempotency *i, struct transaction *t, struct reply *reply);

/* Queues the keeping of the reply; location and etag may be NULL. */
void idempotency_keep(struct idempotency *i, struct transaction *t, struct reply *reply,
		      const char *location, const char *etag);

#endif
