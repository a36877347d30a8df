/*
 * SHA-256, HMAC, base64 and random tokens, by OpenSSL.
 */
#ifndef DOORSTEP_HASH_H
#define DOORSTEP_HASH_H

#include <stddef.h>

#include "arena.h"

enum {
	TOKEN_SIZE = 44,
	HASH_SIZE = 32,
};

struct hash;

struct hash *hash_new(struct arena *a);
void         hash_add(struct hash *h, const void *data, size_t size);

/* Adds the text and its terminating NUL, so that two texts never run into one. */
void hash_add_text(struct hash *h, const char *text);

/* In hex; ends the hash. */
const char *hash_hex(struct hash *h);

/* The bytes themselves; the hash begins anew. */
void hash_bytes(struct hash *h, unsigned char ret_bytes[HASH_SIZE]);

/* Bytes in hex: hex has room for twice as many, and one more. */
void hash_hex_write(char *hex, const void *data, size_t size);

/* Likewise in hex, and in base64 with padding. */
struct digest {
	const char *hex, *base64;
};
struct digest hash_digest(struct hash *h);

const char *hash_hex_of(struct arena *a, const char *text);

/* HMAC-SHA-256 (RFC 2104) of the data, in hex. */
const char *hash_hmac_hex(struct arena *a, const void *key, size_t key_size, const void *data, size_t size);

/* 256 random bits as base64url, 43 characters. */
const char *hash_random_token(struct arena *a);

/* Base64 with padding, in one line. */
const char *hash_base64(struct arena *a, const void *data, size_t size);

/* The SHA-256 itself in base64, as a Content-Security-Policy has it. */
const char *hash_sha256_base64(struct arena *a, const void *data, size_t size);

/* Decodes base64 with padding; NULL when it is none or holds a NUL. */
const char *hash_base64_decode(struct arena *a, const char *text);

#endif
