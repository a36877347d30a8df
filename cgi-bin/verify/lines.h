/*
 * The lines of files, one after another, however long the files are; the buffer is as
 * large as the longest line.
 */
#ifndef DOORSTEP_LINES_H
#define DOORSTEP_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/arena.h"

struct lines {
	FILE         *file;
	struct arena *arena; /* of the buffer */
	char         *buffer;
	size_t        room, start, end; /* what is read and not taken yet */
	bool          too_long;
};

void lines_open(struct lines *lines, FILE *file);
void lines_close(struct lines *lines);

/* The next, without its end; NULL at the end, on an error, or where one is too long. */
const char *lines_next(struct lines *lines, size_t *ret_length);

#endif
