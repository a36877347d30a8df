/*
 * What of an entry of the trail is hashed, as doorstep-verify(1) describes it; sql/audit/seal.sql
 * hashes the same.
 */
#ifndef DOORSTEP_ENTRY_H
#define DOORSTEP_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/hash.h"

enum {
	ENTRY_WORDS_MAX = 12,
	ENTRY_SALT_MAX = 64,
};

/* Adds a field: its length in four bytes, then its bytes; for NULL, four bytes of ones. */
void entry_add(struct hash *h, const void *bytes, size_t size);

/* Of the words, then the commitment, after a zero byte. */
void entry_leaf(struct hash *h, const char *const *words, size_t count, const unsigned char commitment[HASH_SIZE],
		unsigned char ret_leaf[HASH_SIZE]);

/* Of the salt, then what is committed to. */
void entry_commitment(struct hash *h, const unsigned char *salt, size_t salt_size, const char *const *said,
		      size_t count, unsigned char ret_commitment[HASH_SIZE]);

/* Bytes written in hex: just so many. */
bool entry_bytes(const char *hex, unsigned char *ret_bytes, size_t size);

#endif
