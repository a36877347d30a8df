/*
 * A checkpoint as a signed note (C2SP): the name of the tree, how many leaves it has, its
 * root in base64, a line each; an empty line; a line for each signature.  In a file they
 * follow one another, an empty line after each.
 */
#ifndef DOORSTEP_NOTE_H
#define DOORSTEP_NOTE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/hash.h"
#include "trail/key.h"

enum {
	NOTE_MAX = 4096,
	NOTE_KEYS_MAX = 16,
};

struct checkpoint {
	const char        *name; /* of the tree */
	unsigned long long size;
	unsigned char      root[HASH_SIZE];
	const char        *note;
	size_t             text_size; /* of what of the note is signed */
};

/* Signs: answers the note, without the empty line that follows it in a file. */
const char *note_sign(struct arena *a, const struct key *key, unsigned long long size,
		      const unsigned char root[HASH_SIZE]);

/* NULL when it is a checkpoint, else why not. */
const char *note_read(struct arena *a, const char *note, struct checkpoint *ret_checkpoint);

enum signature {
	SIGNATURE_GOOD,
	SIGNATURE_OF_NONE, /* of these keys: there is none by one of them */
	SIGNATURE_FORGED,
};

/* Whether one of the keys has signed it, and none that is said to have has not. */
enum signature note_signature(struct arena *a, const struct checkpoint *checkpoint, const struct key *const *keys,
			      size_t count);

/* The checkpoints of a file, one after another. */
struct note_file {
	FILE *file;
	char  note[NOTE_MAX];
	long  torn; /* pieces passed over that are no whole note: a writer was ended */
};

/* The next one; false at the end.  The checkpoint holds until the next call. */
bool note_next(struct note_file *file, struct arena *a, struct checkpoint *ret_checkpoint);

#endif
