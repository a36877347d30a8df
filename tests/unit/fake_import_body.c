/*
 * The body of an import in place of the real one: the gateway's, within the
 * limit, and not hashed.
 */
#include "register/import_body.h"

struct import_body {
	struct request *request;
	uint64_t        left;
};

struct import_body *import_body_new(struct request *r, uint64_t limit)
{
	struct import_body *b = arena_alloc(r->arena, sizeof(*b));

	b->request = r;
	b->left = limit;
	return b;
}

ssize_t import_body_read(struct import_body *b, void *buffer, size_t size)
{
	const ssize_t n = gateway_read(b->request->gateway, buffer, size);

	if (n > 0 && (uint64_t)n > b->left)
		return -1;
	b->left -= n > 0 ? (uint64_t)n : 0;
	return n;
}
