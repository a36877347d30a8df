/*
 * The checkpoints that the auditor holds, in files, each in the order of their sizes:
 * the tree is held against them as it grows.
 */
#ifndef DOORSTEP_SIGNED_H
#define DOORSTEP_SIGNED_H

#include "trail/merkle.h"
#include "trail/note.h"

enum { SIGNED_FILES_MAX = 16 };

struct signed_file {
	const char       *name;
	struct note_file  notes;
	struct arena     *arena; /* of the next one */
	struct checkpoint next;
	bool              has_next;
};

struct signed_trees {
	struct signed_file files[SIGNED_FILES_MAX];
	size_t             count;
	const struct key  *keys[NOTE_KEYS_MAX];
	size_t             key_count;
	unsigned long long matched;   /* checkpoints that are those of the tree */
	unsigned long long last_size; /* of the largest of these */
	bool               broken;    /* a leaf is missing, or one did not match: no root follows any more */
	/* What is wrong: words that hold no longer than the call. */
	void             (*wrong)(void *ctx, const char *words);
	void              *ctx;
};

void signed_begin(struct signed_trees *s);

/* After each leaf. */
void signed_compare(struct signed_trees *s, const struct merkle *tree);

/* After the last: whether more was signed than there is. Closes the files. */
void signed_end(struct signed_trees *s, const struct merkle *tree);

#endif
