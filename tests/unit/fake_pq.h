/*
 * A scripted libpq in place of the real one, so that lost connections, failed
 * commits and silence are ordinary tests.
 */
#ifndef DOORSTEP_FAKE_PQ_H
#define DOORSTEP_FAKE_PQ_H

#include <libpq-fe.h>
#include <stdbool.h>

/* One result of PQgetResult(); FAKE_END is the NULL between two queries. */
struct fake_result {
	ExecStatusType status;
	const char    *sqlstate, *message, *detail;
	const char    *tag;     /* of a command: "COMMIT" */
	const char    *value;   /* the one column of the one row of a tuple */
	bool           warning; /* a WARNING comes just before it */
	enum { FAKE_RESULT = 0, FAKE_END, FAKE_SILENCE, FAKE_LOST } what;
};

/* The results to come, ending with a row of status PGRES_PIPELINE_SYNC. */
void fake_pq_script(const struct fake_result *results);

/* How many statements were sent, connections made since the script was set. */
int fake_pq_sent(void);
int fake_pq_connected(void);

/* Makes the next attempts to connect fail. */
void fake_pq_refuse(int attempts);

#endif
