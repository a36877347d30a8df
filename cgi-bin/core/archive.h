/*
 * A ZIP archive, written as its files are added.  The same files give the same
 * bytes: no owner, no time but that of the epoch of ZIP.
 */
#ifndef DOORSTEP_ARCHIVE_H
#define DOORSTEP_ARCHIVE_H

#include <stdbool.h>

#include "output.h"

struct archive_writer;

struct archive_writer *archive_new(struct arena *a, struct output *out);

void archive_add(struct archive_writer *w, const char *name, const void *data, size_t size);

/* Ends it; false when something of it could not be written. */
bool archive_end(struct archive_writer *w);

#endif
