/*
 * What a format writes, as text, for tests to compare.
 */
#ifndef DOORSTEP_CAPTURE_H
#define DOORSTEP_CAPTURE_H

#include "core/format.h"

/* How to write; all may be left out. */
struct capture {
	const char *next, *total;
	bool        machine, single;
};

/* values holds the columns of each row in turn, as PostgreSQL gives them; at most 64 columns. */
const char *capture(struct arena *a, const struct format *format, const struct field *answer,
		    const char *const *values, size_t rows, struct capture how);

#endif
