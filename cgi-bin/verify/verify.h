/*
 * The export of the trail, leaf by leaf: each is made again of what its entry says, and
 * the tree of the leaves is held against the checkpoints.  Told is what is wrong, in the
 * order of the leaves, and how many entries there are of each kind.
 */
#ifndef DOORSTEP_VERIFY_H
#define DOORSTEP_VERIFY_H

#include <stdbool.h>
#include <stdio.h>

#include "core/arena.h"
#include "verify/signed.h"

struct verify;

struct verify *verify_new(struct arena *a, struct signed_trees *checkpoints);

/* Files follow one another. False when it cannot be read to its end. */
bool verify_file(struct verify *v, const char *name, FILE *file);

/*
 * Says what has come of it; whether all is whole.  partial: though something is withheld.
 * files: where the export can be read again.
 */
bool verify_end(struct verify *v, bool partial, const char *const *files, size_t count);

#endif
