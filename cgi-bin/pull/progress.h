/*
 * What the operator sees, on standard error: on a terminal a line that is
 * rewritten, elsewhere a line now and then.  Never a name, nor a secret.
 */
#ifndef DOORSTEP_PULL_PROGRESS_H
#define DOORSTEP_PULL_PROGRESS_H

#include <stdbool.h>

/* Of the pull of a kind, over all the runs that it took. */
struct counts {
	long long pages, rows, accepted, rejected;
};

struct progress {
	bool        quiet, terminal, open; /* open: the line on the terminal is not ended */
	const char *kind;
	long long   started_ms, told_ms, rows_before;
};

void progress_prepare(struct progress *p, bool quiet);

/* counts: what earlier runs have done of it. */
void progress_start(struct progress *p, const char *kind, const struct counts *counts);
void progress_page(struct progress *p, const struct counts *counts);
void progress_end(struct progress *p, const struct counts *counts, bool whole);

/* A line of its own; not when quiet. */
void progress_note(struct progress *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Likewise, even when quiet. */
void progress_error(struct progress *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
