/*
 * Keys that checkpoints are signed with: Ed25519, written in a line each as others write
 * them for signed notes (C2SP): name+id+key, and PRIVATE+KEY+name+id+key.
 */
#ifndef DOORSTEP_KEY_H
#define DOORSTEP_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

enum {
	KEY_SIZE = 32, /* of either half */
	KEY_ID_SIZE = 4,
	KEY_NAME_MAX = 200,
	KEY_TEXT_MAX = 512,
	KEY_FILE_MAX = 16 * KEY_TEXT_MAX,
	SIGNATURE_SIZE = 64,
};

struct key {
	const char   *name; /* whose notes it signs: a host and a path, without blanks or plus signs */
	unsigned char id[KEY_ID_SIZE];
	unsigned char public[KEY_SIZE];
	unsigned char private[KEY_SIZE]; /* its seed; none of a public key */
	bool          is_private;
};

/* A new one. NULL with *ret_why set for a name that cannot be. */
struct key *key_make(struct arena *a, const char *name, const char **ret_why);

/* As its line has it, with or without the end of the line. NULL with *ret_why set. */
struct key *key_read(struct arena *a, const char *line, const char **ret_why);

/* Adds the keys of a file, one a line, up to room of them. NULL, or what is wrong. */
const char *key_read_file(struct arena *a, const char *path, const struct key **keys, size_t *count, size_t room);

const char *key_public_line(struct arena *a, const struct key *key);
const char *key_private_line(struct arena *a, const struct key *key);

void key_sign(const struct key *key, const void *text, size_t size, unsigned char ret_signature[SIGNATURE_SIZE]);
bool key_has_signed(const struct key *key, const void *text, size_t size,
		    const unsigned char signature[SIGNATURE_SIZE]);

#endif
