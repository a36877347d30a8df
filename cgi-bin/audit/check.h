/*
 * The trail as the database has it, held against itself and against the checkpoints: those
 * of the database, and those of the file of the sealer where it can be read.
 */
#ifndef DOORSTEP_CHECK_H
#define DOORSTEP_CHECK_H

#include "core/db.h"
#include "core/settings.h"
#include "trail/merkle.h"
#include "trail/note.h"

struct check {
	struct arena       *arena;
	unsigned long long  from; /* leaf from which on entries are looked at */
	struct merkle      *tree;
	const struct key   *keys[NOTE_KEYS_MAX];
	size_t              key_count; /* 0: signatures are not looked at */
	struct note_file    file;
	long                file_end; /* as it was before the database was asked: what is behind may be newer */
	struct checkpoint   next;     /* of the file; size 0: none */
	struct arena       *next_arena;
	unsigned long long  leaves, present, erased, failed, checkpoints, signed_size, unsealed;
	const char         *unsealed_since;
	bool                broken;
	long long           newest; /* of the times of entries, in seconds since 1970 */
	/* The first that is wrong; problem NULL: nothing is. */
	const char         *problem, *kind, *id;
	unsigned long long  leaf;
};

/* Begins anew, too. */
void check_begin(struct check *c, struct arena *a, const struct settings *settings, unsigned long long from);

/* Of audit.check_unsealed() and audit.check_leaves(). */
bool check_on_unsealed(void *ctx, const struct row *row);
bool check_on_leaf(void *ctx, const struct row *row);

/* Once the leaves are read: of the whole tree no more may be signed than there is. */
void check_end(struct check *c);

#endif
