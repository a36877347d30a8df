/*
 * What the parts of a run share, and how each of their steps ends.
 */
#ifndef DOORSTEP_PULL_RUN_H
#define DOORSTEP_PULL_RUN_H

#include "core/arena.h"
#include "pull/options.h"
#include "pull/progress.h"

/* But for OUTCOME_DONE the operator has been told why. */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_FAILED, /* for good */
	OUTCOME_LATER,  /* another run may get further, or was asked to stop */
};

struct http;
struct sink;

struct run {
	const struct options *options;
	struct arena         *arena; /* of the whole run */
	struct progress       progress;
	struct http          *http;
	struct sink          *sink;
	bool                  rejected; /* rows of a kind that was pulled whole */
};

#endif
