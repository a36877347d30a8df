/*
 * One export that is made, in a process of its own.
 */
#ifndef DOORSTEP_EXPORTS_JOB_H
#define DOORSTEP_EXPORTS_JOB_H

#include "core/arena.h"
#include "core/service.h"

/* As the database hands it out (data.export_claim). */
struct job {
	const char *id;      /* digits */
	const char *path;    /* with its format and query */
	const char *token;   /* of its client, for as long as it may take */
	const char *request; /* its request id */
	const char *folder;  /* where it is put; NULL: the database keeps it */
	const char *client;
	const char *schedule; /* its number; NULL: it was asked for */
};

enum {
	JOB_ENDED = 0,  /* it is there, failed for good, or is not wanted any more: the database knows */
	JOB_AGAIN = 75, /* EX_TEMPFAIL: it may go well another time */
};

/* Makes it, and keeps it where it belongs.  progress: counts its rows meanwhile. */
int job_make(const struct program *program, const struct settings *settings, const struct job *job,
	     volatile size_t *progress);

#endif
