/*
 * The tree as the database has its leaves, held against the checkpoints that were signed.
 */
#ifndef DOORSTEP_TREE_H
#define DOORSTEP_TREE_H

#include "core/asking.h"
#include "trail/merkle.h"
#include "trail/note.h"

enum found {
	FOUND_WHOLE,
	FOUND_UNANSWERED, /* the database did not answer */
	FOUND_WRONG,
};

/* Adds the leaves that the database has more of. *ret_why is set of what is wrong. */
enum found tree_grow(struct asking *asking, struct merkle *tree, const char **ret_why);

/*
 * Reads all leaves, and holds them against every checkpoint of the file (NULL: there is
 * none), in their order, and against the last of the database.  last is the note of the
 * largest tree that was signed, "" without any, and size its size; lacks_it: the file has
 * it not; file_has_none: nor any other.
 */
struct tree_check {
	const struct key  *key; /* what is said to be signed by it has to be */
	FILE              *file;
	const char        *last;
	unsigned long long size;
	bool               lacks_it, file_has_none;
	const char        *why;
};
enum found tree_read(struct asking *asking, struct arena *a, struct merkle *tree, struct tree_check *check);

#endif
