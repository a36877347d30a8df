/*
 * The one connection of a worker to PostgreSQL.  Only db.c knows libpq.
 *
 * Statements travel in pipelines: several in one round trip, parameters always
 * bound.  Every wait has a deadline; a client that hangs up ends the query.
 */
#ifndef DOORSTEP_DB_H
#define DOORSTEP_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "err.h"
#include "format.h"

struct db;

enum { DB_COLUMNS_MAX = 64 };

/* Answers false to stop the rows from coming. */
typedef bool db_row_fn(void *ctx, const struct row *row);

struct db_query {
	const char        *name; /* prepared under this name once per connection; NULL: planned for these values */
	const char        *sql;
	const char *const *values; /* text; NULL for null */
	int                count;
	db_row_fn         *on_row; /* rows come one by one, so memory stays flat; NULL to pass over them */
	void              *ctx;
};

/* What went wrong with a query. */
struct db_failure {
	enum err    err;
	bool        can_repeat; /* nothing was stored, and the cause may pass */
	bool        in_doubt;   /* a commit was under way: it may or may not have been stored */
	const char *message;    /* for the client: only of our own SQLSTATEs (class DS), else NULL */
	const char *detail;     /* likewise: JSON array of problems */
	const char *log;        /* for the operator */
};

/* Remembers the connection string; connects when first used. */
struct db *db_new(const char *conninfo, const char *program);
void       db_free(struct db *db);

/* Until when calls may wait, from now; and the descriptor on which a client that hangs up shows, or -1. */
void db_deadline(struct db *db, long milliseconds, int client_fd);

/* Connects where needed, trying again for up to two seconds within the deadline. */
bool db_ready(struct db *db, struct arena *a, struct db_failure *ret_failure);

/*
 * Runs the queries in one pipeline; stops at the first that fails, and rolls
 * back then.  BEGIN and COMMIT are queries like others.
 */
bool db_run(struct db *db, struct arena *a, const struct db_query *queries, size_t count,
	    struct db_failure *ret_failure);

/* Rolls back when a transaction is open. */
void db_rollback(struct db *db);

/*
 * COPY table FROM STDIN in text format: start, lines, end.  Ended with whole
 * false, nothing of it is kept and the call fails.
 */
bool db_copy_start(struct db *db, struct arena *a, const char *sql, struct db_failure *ret_failure);
bool db_copy_data(struct db *db, const char *data, size_t size);
bool db_copy_end(struct db *db, struct arena *a, bool whole, struct db_failure *ret_failure);

#endif
