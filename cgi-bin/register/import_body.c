#include "register/import_body.h"

#include <string.h>

enum { PIECE = 64 * 1024, SIGNATURE = 4 };

struct import_body {
	struct request *request;
	struct hash    *hash;
	uint64_t        left;
	bool            broken;
	char            first[SIGNATURE]; /* bytes of the file */
	size_t          seen;
};

enum err import_body_open(struct request *r, uint64_t limit, struct import_body **ret_body)
{
	struct import_body *b = arena_alloc(r->arena, sizeof(*b));

	b->request = r;
	b->hash = hash_new(r->arena);
	b->left = r->content_length;
	*ret_body = b;
	if (r->content_length <= limit)
		return ERR_NONE;
	return request_fail(r, ERR_TOO_LARGE, "A file may have at most %llu bytes: split it.", (unsigned long long)limit);
}

ssize_t import_body_read(struct import_body *b, void *buffer, size_t size)
{
	ssize_t n;

	if (b->broken)
		return -1;
	if (b->left == 0)
		return 0;
	n = gateway_read(b->request->gateway, buffer, b->left < size ? (size_t)b->left : size);
	if (n <= 0) {
		b->broken = true;
		return -1;
	}
	for (ssize_t i = 0; i < n && b->seen < SIGNATURE; i++)
		b->first[b->seen++] = ((const char *)buffer)[i];
	hash_add(b->hash, buffer, (size_t)n);
	b->left -= (uint64_t)n;
	return n;
}

bool import_body_feed(struct import_body *b, bool (*fn)(void *ctx, const void *data, size_t size), void *ctx)
{
	char    piece[PIECE];
	ssize_t n;

	while ((n = import_body_read(b, piece, sizeof(piece))) > 0)
		if (!fn(ctx, piece, (size_t)n))
			return false;
	return n == 0;
}

static bool pass_over(void *ctx, const void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return true;
}

const char *import_body_end(struct import_body *b)
{
	return import_body_feed(b, pass_over, NULL) ? hash_hex(b->hash) : NULL;
}

bool import_body_is_packed(const struct import_body *b)
{
	return b->seen == SIGNATURE &&
	       (memcmp(b->first, "\x1f\x8b", 2) == 0 || memcmp(b->first, "PK\x03\x04", SIGNATURE) == 0);
}
