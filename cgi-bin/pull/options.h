/*
 * What a run is asked to do: options, and the secrets, which come from files or
 * the environment.
 */
#ifndef DOORSTEP_PULL_OPTIONS_H
#define DOORSTEP_PULL_OPTIONS_H

#include <stdbool.h>

#include "core/arena.h"
#include "pull/kind.h"

/* How a run ends. */
enum {
	PULL_DONE = 0,
	PULL_FAILED = 1, /* and would again */
	PULL_USAGE = 2,
	PULL_REJECTED = 3, /* all was pulled, and Doorstep has rejected some of it */
	PULL_LATER = 75, /* EX_TEMPFAIL of sysexits.h: broken off, to be gone on with */
};

struct options {
	const char *source, *source_school, *school, *doorstep, *client;
	const char *since; /* as the source is asked; NULL: what the state says */
	const char *state;
	const char *source_token, *client_secret;
	const char *ca_file; /* NULL: the system's */
	bool        what[KIND_COUNT];
	bool        anew, quiet;
	long        per_page, tries, pause_ms, timeout_s;
};

/* What is to be done about a page that is too large. */
const char *options_fewer(struct arena *a, const struct options *o);

/* False when the run ends here, with *ret_status: help was asked for, or an option is no good, and that was said. */
bool options_read(struct arena *a, int argc, char **argv, struct options *ret, int *ret_status);

#endif
