/*
 * Asking the database, for as long as it takes: what fails is tried again with
 * growing pauses, and logged once, not at every try.
 */
#ifndef DOORSTEP_ASKING_H
#define DOORSTEP_ASKING_H

#include "db.h"
#include "settings.h"

struct asking {
	struct db  *db;
	const char *purpose; /* "the outbox": for the log */
	long        deadline_ms;
	int         stop_fd;  /* ends every wait; -1 for none */
	bool        failed;   /* the last time */
	long        pause_ms; /* after the next failure; doubles */
	long long   again_ms; /* of the monotonic clock: not before */
};

/* program: its name, for the connection. */
void asking_open(struct asking *asking, const struct settings *settings, const char *program, const char *purpose);
void asking_close(struct asking *asking);

/*
 * Runs the query in a transaction of its own.  False when it failed, or when
 * it is too early to try again; *ret_refused is then set when it would fail
 * always, as far as can be told.
 */
bool ask(struct asking *asking, struct arena *a, const struct db_query *query, bool *ret_refused);

#endif
