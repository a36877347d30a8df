/*
 * The database side of a request: begin, bind the token, what the route asks,
 * commit; run again where that is safe and the cause may pass.
 */
#ifndef DOORSTEP_TRANSACTION_H
#define DOORSTEP_TRANSACTION_H

#include "service.h"

enum { TRANSACTION_QUERIES_MAX = 8 };

/* Reads who calls; ERR_TOKEN, with how to get one, when the route asks for a token and there is none. */
enum err transaction_want_token(struct request *r);

struct transaction {
	struct service   *service;
	struct request   *request;
	struct db_query   queries[TRANSACTION_QUERIES_MAX]; /* queued for the next run */
	size_t            count;
	bool              read_only;
	struct db_failure failure;
	const char       *values[5]; /* of the query that opens it */
};

/* Starts an attempt: queues BEGIN and, for a route with a scope, the check of the token. */
enum err transaction_open(struct transaction *t);

void transaction_add(struct transaction *t, const struct db_query *query);

/* Runs what was queued, in one round trip. */
bool transaction_run(struct transaction *t);

/* Queues COMMIT and runs. */
bool transaction_commit(struct transaction *t);

/* What the failure is to the client; its message and problems go into the request. */
enum err transaction_failed(struct transaction *t);

/*
 * Calls attempt(ctx) until it succeeds, fails for good, or has failed three
 * times.  An attempt opens the transaction, runs it to its commit, and answers
 * true; everything that it wrote into the reply is thrown away when it is run
 * again.
 */
enum err transaction_attempt(struct service *s, struct request *r, struct reply *reply, bool read_only,
			     bool (*attempt)(struct transaction *t, void *ctx), void *ctx);

#endif
