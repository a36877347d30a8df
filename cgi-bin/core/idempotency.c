#include "idempotency.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

static const char *hash_of(struct request *r, const char *body_hash)
{
	const char  *type = request_header(r, "CONTENT_TYPE");
	struct hash *h = hash_new(r->arena);

	hash_add_text(h, r->method);
	hash_add_text(h, r->path);
	hash_add_text(h, r->query);
	hash_add_text(h, type ? type : "");
	hash_add_text(h, body_hash);
	return hash_hex(h);
}

enum err idempotency_read(struct request *r, const char *body_hash, struct idempotency *ret)
{
	const char *key = request_header(r, "HTTP_IDEMPOTENCY_KEY");

	*ret = (struct idempotency){ 0 };
	if (!key)
		return ERR_NONE;
	if (r->route->secret)
		return request_fail(r, ERR_MALFORMED, "What this answers is a secret, which is not kept: leave the "
				    "Idempotency-Key out, and ask anew when an answer is lost.");
	for (const char *c = key; *c; c++)
		if (!isgraph((unsigned char)*c))
			return request_fail(r, ERR_MALFORMED, "An Idempotency-Key is made of visible ASCII.");
	if (strlen(key) > IDEMPOTENCY_KEY_MAX)
		return request_fail(r, ERR_MALFORMED, "An Idempotency-Key has at most %d characters.",
				    IDEMPOTENCY_KEY_MAX);
	ret->key = key;
	ret->hash = hash_of(r, body_hash);
	return ERR_NONE;
}

struct claim {
	struct idempotency *idempotency;
	struct reply       *reply;
};

static bool take_kept(void *ctx, const struct row *row)
{
	struct claim *c = ctx;

	c->idempotency->kept = true;
	c->reply->status = (int)strtol(row->values[0], NULL, 10);
	if (row->values[1])
		reply_header(c->reply, "Location", row->values[1]);
	if (row->values[2])
		reply_header(c->reply, "ETag", row->values[2]);
	reply_header(c->reply, "Idempotency-Replayed", "true");
	output_write(c->reply->body, row->values[3], (size_t)row->lengths[3]);
	return true;
}

bool idempotency_claim(struct idempotency *i, struct transaction *t, struct reply *reply)
{
	struct claim claim = { i, reply };
	const char **values = arena_alloc(t->request->arena, 2 * sizeof(*values));

	i->kept = false;
	values[0] = i->key;
	values[1] = i->hash;
	transaction_add(t, &(struct db_query){ .name = "api.idempotency_claim",
		.sql = "select status, location, etag, body from api.idempotency_claim($1, $2)",
		.values = values, .count = 2, .on_row = take_kept, .ctx = &claim });
	return transaction_run(t);
}

void idempotency_keep(struct idempotency *i, struct transaction *t, struct reply *reply,
		      const char *location, const char *etag)
{
	const char **values = arena_alloc(t->request->arena, 6 * sizeof(*values));

	values[0] = i->key;
	values[1] = i->hash;
	values[2] = arena_printf(t->request->arena, "%d", reply->status);
	values[3] = location;
	values[4] = etag;
	values[5] = output_contents(reply->body);
	transaction_add(t, &(struct db_query){ .name = "api.idempotency_keep",
		.sql = "select api.idempotency_keep($1, $2, $3, $4, $5, $6)", .values = values, .count = 6 });
}
