/*
 * Which entry says nothing though no erasure names it.  Looked for only where the sums of
 * the two do not agree, by reading the export again: here memory grows with what was erased.
 */
#ifndef DOORSTEP_ERASED_H
#define DOORSTEP_ERASED_H

#include "core/arena.h"

/* "leaf 17 (entry 22, data.visit)"; NULL when none is found, or a file cannot be read again. */
const char *erased_first(struct arena *a, const char *const *files, size_t count);

#endif
