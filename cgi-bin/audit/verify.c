#include <stdlib.h>
#include <string.h>

#include "audit/check.h"
#include "audit/resources.h"
#include "core/access.h"
#include "core/fields.h"
#include "core/transaction.h"

enum { LOOKED_MOST = 200000 }; /* entries of one request */

static const struct field verify_fields[] = {
	{ "from", .in = IN_QUERY, .type = FIELD_INT, .doc = "From this leaf on entries are held against their leaves (0)" },
	{ "until", .in = IN_QUERY, .type = FIELD_INT, .doc = "Up to this leaf; at most, and if left out, 200,000 of them" },
	{ 0 }
};
static const struct field first_fields[] = {
	{ "leaf", .type = FIELD_INT, .required = true, .doc = "Its place in the tree" },
	{ "kind", .type = FIELD_TEXT, .doc = "entry of a change, or access; null where it is the tree that is wrong" },
	{ "id", .type = FIELD_INT, .doc = "Its number; likewise" },
	{ "problem", .type = FIELD_TEXT, .required = true, .doc = "What is wrong with it" },
	{ 0 }
};
static const struct field verified[] = {
	{ "whole", .type = FIELD_BOOL, .required = true, .doc = "Whether nothing is wrong, as far as was looked" },
	{ "first", .type = FIELD_OBJECT, .fields = first_fields, .doc = "The first that was changed, removed or inserted" },
	{ "leaves", .type = FIELD_INT, .required = true, .doc = "How many leaves the tree has" },
	{ "from", .type = FIELD_INT, .required = true, .doc = "The first leaf whose entry was looked at" },
	{ "next", .type = FIELD_INT, .doc = "From where to go on; null when all was looked at" },
	{ "present", .type = FIELD_INT, .required = true, .doc = "Entries that are as they were written" },
	{ "erased", .type = FIELD_INT, .required = true, .doc = "Entries that were erased, and an erasure says so" },
	{ "failed", .type = FIELD_INT, .required = true, .doc = "Entries and checkpoints of which something is wrong" },
	{ "checkpoints", .type = FIELD_INT, .required = true, .doc = "Checkpoints that are of this tree" },
	{ "signed", .type = FIELD_INT, .required = true, .doc = "How many leaves the largest of these has" },
	{ "signatures_checked", .type = FIELD_BOOL, .required = true, .doc = "Whether the public keys are at hand" },
	{ "unsealed", .type = FIELD_INT, .required = true, .doc = "Entries that have no leaf yet" },
	{ "unsealed_since", .type = FIELD_TIME, .doc = "The time of the oldest of these" },
	{ 0 }
};
static const struct field no_fields[] = { { 0 } };

/* ------------------------------------------------------------ verify */

struct verifying {
	struct check       check;
	unsigned long long from, until;
	const char        *values[2];
};

static bool attempt_verify(struct transaction *t, void *ctx)
{
	struct verifying *v = ctx;
	struct check     *c = &v->check;

	check_begin(c, t->request->arena, t->request->settings, v->from);
	transaction_add(t, &(struct db_query){ .sql = "select * from audit.check_unsealed()", .on_row = check_on_unsealed,
		.ctx = c });
	transaction_add(t, &(struct db_query){ .sql = "select * from audit.check_leaves($1, $2)", .values = v->values,
		.count = 2, .on_row = check_on_leaf, .ctx = c });
	if (!transaction_run(t))
		return false;
	check_end(c);
	access_add(t, c->present + c->erased, NULL);
	return transaction_commit(t);
}

static void put_number(struct json_object *o, const char *name, unsigned long long number)
{
	json_object_object_add(o, name, json_object_new_int64((int64_t)number));
}

static void put_text(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, text ? json_object_new_string(text) : NULL);
}

static struct json_object *first_of(const struct check *c)
{
	struct json_object *first = c->problem ? json_object_new_object() : NULL;

	if (!first)
		return NULL;
	put_number(first, "leaf", c->leaf);
	put_text(first, "kind", c->kind);
	json_object_object_add(first, "id", c->id ? json_object_new_int64(strtoll(c->id, NULL, 10)) : NULL);
	put_text(first, "problem", c->problem);
	return first;
}

static void put_time(struct json_object *o, const char *name, const char *time)
{
	char buffer[FORMAT_TIME_SIZE];

	if (time)
		format_time(buffer, time, strlen(time));
	put_text(o, name, time ? buffer : NULL);
}

static void write_verified(struct reply *reply, const struct verifying *v)
{
	const struct check *c = &v->check;
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "whole", json_object_new_boolean(!c->problem));
	json_object_object_add(o, "first", first_of(c));
	put_number(o, "leaves", c->leaves);
	put_number(o, "from", v->from);
	json_object_object_add(o, "next", v->until + 1 < c->leaves ? json_object_new_int64((int64_t)v->until + 1) : NULL);
	put_number(o, "present", c->present);
	put_number(o, "erased", c->erased);
	put_number(o, "failed", c->failed);
	put_number(o, "checkpoints", c->checkpoints);
	put_number(o, "signed", c->signed_size);
	json_object_object_add(o, "signatures_checked", json_object_new_boolean(c->key_count > 0));
	put_number(o, "unsealed", c->unsealed);
	put_time(o, "unsealed_since", c->unsealed_since);
	output_printf(reply->body, "%s\n",
		      json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

static unsigned long long number_of(const struct request *r, const char *name, unsigned long long otherwise)
{
	const char *value = fields_value(r, name);

	return value ? strtoull(value, NULL, 10) : otherwise;
}

static enum err answer_verify(struct service *s, struct request *r, struct reply *reply)
{
	struct verifying v = { .from = number_of(r, "from", 0) };
	enum err         err;

	v.until = number_of(r, "until", v.from + LOOKED_MOST - 1);
	if (v.until < v.from || v.until - v.from >= LOOKED_MOST)
		v.until = v.from + LOOKED_MOST - 1;
	v.values[0] = arena_printf(r->arena, "%llu", v.from);
	v.values[1] = arena_printf(r->arena, "%llu", v.until);
	db_deadline(s->db, s->settings.export_deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, false, attempt_verify, &v);
	if (!err)
		write_verified(reply, &v);
	return err;
}

/* ------------------------------------------------------------ the checkpoint */

static bool on_note(void *ctx, const struct row *row)
{
	struct reply *reply = ctx;

	output_text(reply->body, row->values[0]);
	return true;
}

static bool attempt_checkpoint(struct transaction *t, void *ctx)
{
	struct reply *reply = ctx;

	output_reset(reply->body);
	transaction_add(t, &(struct db_query){ .sql = "select note from audit.checkpoint_read()", .on_row = on_note,
		.ctx = reply });
	return transaction_commit(t);
}

static enum err answer_checkpoint(struct service *s, struct request *r, struct reply *reply)
{
	enum err err;

	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, true, attempt_checkpoint, reply);
	if (err)
		return err;
	reply->content_type = "text/plain; charset=utf-8";
	reply->whole = true;
	return ERR_NONE;
}

const struct route verify_routes[] = {
	{ .method = "GET", .path = "/api/v1/audit/verify",
	  .summary = "Hold the trail against its leaves, and these against the signed checkpoints",
	  .scope = "audit:read", .fields = verify_fields, .answer = verified, .noun = "trail_check", .nouns = "trail_checks",
	  .handle = answer_verify },
	{ .method = "GET", .path = "/api/v1/audit/checkpoint",
	  .summary = "Fetch the checkpoint that was signed last, as a signed note; nothing while there is none",
	  .scope = "audit:read", .fields = no_fields, .answer = no_fields, .noun = "checkpoint", .nouns = "checkpoints",
	  .handle = answer_checkpoint, .media_type = "text/plain" },
	{ 0 }
};
