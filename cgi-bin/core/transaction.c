#include "transaction.h"

#include <json-c/json.h>
#include <time.h>

#include "caller.h"
#include "format.h"

enum { ATTEMPTS_MAX = 3, ATTEMPT_PAUSE_NS = 20 * 1000 * 1000 };

enum err transaction_want_token(struct request *r)
{
	enum err err = r->token_hash ? ERR_NONE : caller_read(r);

	if (err || !r->route->scope || r->token_hash)
		return err;
	return request_fail(r, ERR_TOKEN, "Sign in at /api/v1/session, or send an access token from /oauth2/token: "
			    "\"Authorization: Bearer …\".");
}

static bool keep_client(void *ctx, const struct row *row)
{
	struct request *r = ctx;

	r->client = arena_strdup(r->arena, row->values[0]);
	return true;
}

enum err transaction_open(struct transaction *t)
{
	struct request *r = t->request;
	/* Of what takes no token, the headers may be gone by now. */
	enum err        err = r->route->scope ? transaction_want_token(r) : ERR_NONE;

	if (err)
		return err;
	t->count = 0;
	transaction_add(t, &(struct db_query){ .sql = t->read_only ? "begin read only" : "begin" });
	if (r->route->takes_long)
		transaction_add(t, &(struct db_query){ .sql = arena_printf(r->arena, "set local statement_timeout = %ld",
			(long)t->service->settings.export_deadline_ms) });
	t->values[0] = r->id;
	if (!r->route->scope) {
		transaction_add(t, &(struct db_query){ .name = "request_id",
			.sql = "select set_config('doorstep.request_id', $1, true)", .values = t->values, .count = 1 });
		return ERR_NONE;
	}
	t->values[0] = r->token_hash;
	t->values[1] = r->route->scope;
	t->values[2] = r->id;
	/* Lists are what is taken away; a document is in the format that it has. */
	t->values[3] = r->format && r->route->shape == MANY_ROWS ? r->format->name : NULL;
	t->values[4] = r->reason;
	transaction_add(t, &(struct db_query){ .name = "auth.begin", .sql = "select auth.begin($1, $2, $3, $4, $5)",
		.values = t->values, .count = 5, .on_row = keep_client, .ctx = r });
	return ERR_NONE;
}

void transaction_add(struct transaction *t, const struct db_query *query)
{
	t->queries[t->count++] = *query;
}

bool transaction_run(struct transaction *t)
{
	const size_t count = t->count;

	t->count = 0;
	return db_run(t->service->db, t->request->arena, t->queries, count, &t->failure);
}

bool transaction_commit(struct transaction *t)
{
	transaction_add(t, &(struct db_query){ .sql = "commit" });
	return transaction_run(t);
}

/* DETAIL of a DS400 or DS422: [{"pointer": …, "detail": …}], made by our own functions. */
static void take_problems(struct request *r, const char *json)
{
	struct json_object *list = json_tokener_parse(json);

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		const char         *pointer = json_object_get_string(json_object_object_get(item, "pointer"));
		const char         *detail = json_object_get_string(json_object_object_get(item, "detail"));

		problems_add(&r->problems, arena_strdup(r->arena, pointer), "%s", detail);
	}
	json_object_put(list);
}

static void put_extension(void *ptr)
{
	json_object_put(ptr);
}

/* DETAIL of a DS409: an object, whose members the problem takes on. */
static void take_members(struct request *r, const char *json)
{
	r->extension = json_tokener_parse(json);
	if (r->extension)
		arena_defer(r->arena, put_extension, r->extension);
}

enum err transaction_failed(struct transaction *t)
{
	struct request          *r = t->request;
	const struct db_failure *f = &t->failure;

	r->log_error = f->log;
	if (f->detail && (f->err == ERR_RULE || f->err == ERR_FIELDS))
		take_problems(r, f->detail);
	if (f->detail && f->err == ERR_CONFLICT)
		take_members(r, f->detail);
	if (f->message)
		return request_fail(r, f->err, "%s", f->message);
	if (f->in_doubt && !t->read_only)
		return request_fail(r, f->err, "It is not known whether this was stored: repeat it with the same "
				    "Idempotency-Key, or read before you write again.");
	if (f->err == ERR_UNAVAILABLE)
		return request_fail(r, f->err, "Nothing was stored: repeat it in a moment.");
	if (f->err == ERR_CONFLICT)
		return request_fail(r, f->err, "Another record stands in the way; nothing was stored.");
	if (f->err == ERR_RULE)
		return request_fail(r, f->err, "A value does not fit the records; nothing was stored.");
	return f->err;
}

static void forget_reply(struct request *r, struct reply *reply)
{
	output_reset(reply->headers);
	output_reset(reply->body);
	r->problems.first = r->problems.last = NULL;
	r->problems.count = 0;
	r->detail = NULL;
	r->extension = NULL;
}

enum err transaction_attempt(struct service *s, struct request *r, struct reply *reply, bool read_only,
			     bool (*attempt)(struct transaction *t, void *ctx), void *ctx)
{
	struct transaction t = { .service = s, .request = r, .read_only = read_only };

	for (int i = 0; i < ATTEMPTS_MAX; i++) {
		enum err err;

		forget_reply(r, reply);
		err = transaction_open(&t);
		if (err)
			return err;
		t.failure = (struct db_failure){ .err = ERR_INTERNAL };
		if (db_ready(s->db, r->arena, &t.failure) && attempt(&t, ctx))
			return ERR_NONE;
		db_rollback(s->db);
		if (!t.failure.can_repeat && !(t.failure.in_doubt && read_only))
			break;
		nanosleep(&(struct timespec){ .tv_nsec = ATTEMPT_PAUSE_NS << i }, NULL);
	}
	forget_reply(r, reply); /* it may name a record that was not made */
	return transaction_failed(&t);
}
