/*
 * What is known from one run to the next: per kind, what to ask for, and the
 * page at which a pull that was broken off goes on.  A file of JSON, mode
 * 0600, replaced as a whole; it holds neither secrets nor data of anybody.
 */
#ifndef DOORSTEP_PULL_STATE_H
#define DOORSTEP_PULL_STATE_H

#include <stdbool.h>

#include "core/arena.h"
#include "pull/kind.h"
#include "pull/options.h"
#include "pull/progress.h"

/* Texts may be NULL but for what is said. */
struct state_kind {
	const char   *updated_after; /* what the next pull asks for; NULL: for everything */
	bool          under_way;     /* the rest is of the pull that is; then pull and next are set */
	const char   *pull;          /* names it, at random */
	const char   *since;         /* what it asks for */
	long long     per_page;      /* how many records it asks for on a page */
	const char   *began;         /* what to ask for after it; NULL until its first page has come */
	const char   *next;          /* URL of the page to go on with */
	struct counts counts;
};

struct state {
	struct state_kind kinds[KIND_COUNT];
};

enum state_found {
	STATE_FOUND,   /* or there is none yet */
	STATE_DAMAGED,
	STATE_OTHERS,  /* of another school, source or Doorstep */
};

/* *ret_why says what to do, but for STATE_FOUND. */
enum state_found state_read(struct arena *a, const struct options *o, struct state *ret, const char **ret_why);

/* It is on the disk when this answers NULL; otherwise why not, and the one before is still there. */
const char *state_write(struct arena *a, const struct options *o, const struct state *state);

/* Keeps other runs off until this one ends. NULL, or why not; *ret_busy: since another has it. */
const char *state_lock(struct arena *a, const struct options *o, bool *ret_busy);

#endif
