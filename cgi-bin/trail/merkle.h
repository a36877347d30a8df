/*
 * The Merkle tree of RFC 6962 over hashes of leaves, which are added one after another:
 * kept is the root of each full subtree on its right edge, so memory is the same for
 * any size.
 */
#ifndef DOORSTEP_MERKLE_H
#define DOORSTEP_MERKLE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/hash.h"

enum { MERKLE_LEVELS = 63 };

struct merkle {
	struct hash       *hash;
	unsigned long long size;                       /* leaves so far */
	unsigned char      roots[MERKLE_LEVELS][HASH_SIZE]; /* of 2^i leaves, where bit i of size is set */
};

struct merkle *merkle_new(struct arena *a);

void merkle_add(struct merkle *m, const unsigned char leaf[HASH_SIZE]);

/* Of an empty tree: the hash of nothing. */
void merkle_root(const struct merkle *m, unsigned char ret_root[HASH_SIZE]);

#endif
