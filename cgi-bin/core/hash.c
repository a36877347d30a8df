#include "hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

struct hash {
	struct arena *arena;
	EVP_MD_CTX   *context;
};

static void free_context(void *ptr)
{
	EVP_MD_CTX_free(ptr);
}

struct hash *hash_new(struct arena *a)
{
	struct hash *h = arena_alloc(a, sizeof(*h));

	h->arena = a;
	h->context = EVP_MD_CTX_new();
	if (!h->context || !EVP_DigestInit_ex(h->context, EVP_sha256(), NULL))
		abort();
	arena_defer(a, free_context, h->context);
	return h;
}

void hash_add(struct hash *h, const void *data, size_t size)
{
	if (!EVP_DigestUpdate(h->context, data, size))
		abort();
}

void hash_add_text(struct hash *h, const char *text)
{
	hash_add(h, text, strlen(text) + 1);
}

void hash_bytes(struct hash *h, unsigned char ret_bytes[HASH_SIZE])
{
	if (!EVP_DigestFinal_ex(h->context, ret_bytes, NULL) || !EVP_DigestInit_ex(h->context, NULL, NULL))
		abort();
}

void hash_hex_write(char *hex, const void *data, size_t size)
{
	static const char    digits[] = "0123456789abcdef";
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++) {
		*hex++ = digits[bytes[i] >> 4];
		*hex++ = digits[bytes[i] & 15];
	}
	*hex = '\0';
}

static const char *hex_of(struct arena *a, const unsigned char *digest, unsigned size)
{
	char *hex = arena_alloc(a, 2 * size + 1);

	hash_hex_write(hex, digest, size);
	return hex;
}

struct digest hash_digest(struct hash *h)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned      size;

	if (!EVP_DigestFinal_ex(h->context, digest, &size))
		abort();
	return (struct digest){ .hex = hex_of(h->arena, digest, size), .base64 = hash_base64(h->arena, digest, size) };
}

const char *hash_hex(struct hash *h)
{
	return hash_digest(h).hex;
}

const char *hash_hex_of(struct arena *a, const char *text)
{
	struct hash *h = hash_new(a);

	hash_add(h, text, strlen(text));
	return hash_hex(h);
}

const char *hash_hmac_hex(struct arena *a, const void *key, size_t key_size, const void *data, size_t size)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned      digest_size;

	if (!HMAC(EVP_sha256(), key, (int)key_size, data, size, digest, &digest_size))
		abort();
	return hex_of(a, digest, digest_size);
}

const char *hash_random_token(struct arena *a)
{
	unsigned char random[32];
	char         *token = arena_alloc(a, TOKEN_SIZE + 1);

	/* A token that can be guessed is worse than a worker that ends. */
	if (RAND_bytes(random, sizeof(random)) != 1)
		abort();
	EVP_EncodeBlock((unsigned char *)token, random, sizeof(random));
	for (char *c = token; *c; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c);
	return token;
}

const char *hash_base64(struct arena *a, const void *data, size_t size)
{
	char *encoded = arena_alloc(a, (size + 2) / 3 * 4 + 1);

	EVP_EncodeBlock((unsigned char *)encoded, data, (int)size);
	return encoded;
}

const char *hash_sha256_base64(struct arena *a, const void *data, size_t size)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned      digest_size;

	if (!EVP_Digest(data, size, digest, &digest_size, EVP_sha256(), NULL))
		abort();
	return hash_base64(a, digest, digest_size);
}

const char *hash_base64_decode(struct arena *a, const char *text)
{
	size_t length = strlen(text), padding = 0;
	char  *decoded = arena_alloc(a, length + 1);
	int    n;

	if (length == 0 || length % 4 != 0)
		return NULL;
	while (padding < 2 && text[length - 1 - padding] == '=')
		padding++;
	n = EVP_DecodeBlock((unsigned char *)decoded, (const unsigned char *)text, (int)length);
	if (n < 0)
		return NULL;
	n -= (int)padding;
	decoded[n] = '\0';
	return strlen(decoded) == (size_t)n ? decoded : NULL;
}
