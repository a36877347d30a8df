/*
 * What can be pulled, in the order in which it is pulled: contacts and marks
 * belong to pupils.
 */
#ifndef DOORSTEP_PULL_KIND_H
#define DOORSTEP_PULL_KIND_H

#include <stdbool.h>

enum { KIND_COUNT = 3 };

struct kind {
	const char *name;    /* as --what has it, and Doorstep's import */
	const char *path;    /* at the source, below the school */
	const char *include; /* what else the source is to put into each record */
};

extern const struct kind kinds[KIND_COUNT];

/* "pupils,register" into ret_asked; false when a word is no kind, or none is named. */
bool kinds_read(const char *list, bool ret_asked[KIND_COUNT]);

#endif
