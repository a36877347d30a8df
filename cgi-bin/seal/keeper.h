/*
 * The file of checkpoints, outside the database: only ever appended to, and on disk
 * before anything else says that a checkpoint was signed.
 */
#ifndef DOORSTEP_KEEPER_H
#define DOORSTEP_KEEPER_H

#include <stdbool.h>

#include "core/arena.h"

struct keeper {
	const char *path;
	bool        torn; /* the end of the file may be no whole note */
};

void keeper_open(struct keeper *keeper, struct arena *a, const char *folder);

/* Appends the note, and the empty line after it. False, with errno set, when that could not be. */
bool keeper_append(struct keeper *keeper, struct arena *a, const char *note);

#endif
