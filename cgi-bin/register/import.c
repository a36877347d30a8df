#include "register/import.h"

#include <json-c/json.h>
#include <string.h>

#include "core/fields.h"
#include "core/format.h"
#include "core/hash.h"
#include "core/idempotency.h"
#include "core/transaction.h"
#include "register/import_row.h"
#include "register/import_rows.h"

static const struct field rejected_fields[] = {
	{ "line", .type = FIELD_INT, .required = true, .doc = "Line of the file, from 1; the header of a CSV is line 1" },
	{ "field", .type = FIELD_TEXT, .doc = "The column; null when the row as a whole is meant" },
	{ "detail", .type = FIELD_TEXT, .required = true, .doc = "What is wrong with it" },
	{ 0 }
};

static const struct field rejected = { "problem", .type = FIELD_OBJECT, .fields = rejected_fields, .doc = "A problem" };

const struct field import_report[] = {
	{ "rows", .type = FIELD_INT, .required = true, .doc = "Rows in the file" },
	{ "accepted", .type = FIELD_INT, .required = true, .doc = "Rows stored; with dry_run, rows that would be" },
	{ "rejected", .type = FIELD_LIST, .required = true, .item = &rejected, .doc = "The problems of the rejected rows, the first 10,000" },
	{ 0 }
};

struct import {
	struct reply      *reply;
	struct output     *rows; /* COPY text */
	struct idempotency idempotency;
	struct writer      writer;
	const char        *values[2], *sql;
	bool               all_or_none; /* mode=all, and no dry run */
	bool               refused;     /* so: not every row is good */
};

static bool on_report(void *ctx, const struct row *row)
{
	struct import *i = ctx;

	i->refused = i->all_or_none && strcmp(row->values[2], "[]") != 0;
	format_row(&i->writer, row);
	return true;
}

static bool copy_piece(void *ctx, const void *data, size_t size)
{
	return db_copy_data(ctx, data, size);
}

static bool load(struct transaction *t, struct import *i)
{
	struct db    *db = t->service->db;
	struct arena *a = t->request->arena;

	transaction_add(t, &(struct db_query){ .name = "api.import_begin", .sql = "select api.import_begin()" });
	if (!transaction_run(t) ||
	    !db_copy_start(db, a, "copy pg_temp.import_row (line, row, problems) from stdin", &t->failure))
		return false;
	/* Before COPY has all of it there is nothing to keep of it. */
	t->failure = (struct db_failure){ .err = ERR_UNAVAILABLE, .log = "the rows could not be handed over whole" };
	return db_copy_end(db, a, output_replay(i->rows, copy_piece, db), &t->failure);
}

static bool attempt(struct transaction *t, void *ctx)
{
	struct import *i = ctx;

	if (i->idempotency.key && !idempotency_claim(&i->idempotency, t, i->reply))
		return false;
	if (i->idempotency.kept)
		return transaction_commit(t);
	if (!load(t, i))
		return false;
	format_begin(&i->writer);
	transaction_add(t, &(struct db_query){ .sql = i->sql, .values = i->values, .count = 2,
		.on_row = on_report, .ctx = i });
	if (!transaction_run(t))
		return false;
	format_end(&i->writer);
	if (i->idempotency.key && !i->refused)
		idempotency_keep(&i->idempotency, t, i->reply, NULL, NULL);
	return transaction_commit(t);
}

/* Just the token and its scope. */
static bool attempt_nothing(struct transaction *t, void *ctx)
{
	(void)ctx;
	return transaction_commit(t);
}

static bool add_to_hash(void *ctx, const void *data, size_t size)
{
	hash_add(ctx, data, size);
	return true;
}

static enum err take_in(struct service *s, struct request *r, struct import *i)
{
	struct output *body;
	struct hash   *hash = hash_new(r->arena);
	enum err       err = request_body_spool(r, (uint64_t)s->settings.import_kib * 1024, &body);

	if (!err)
		err = import_rows_read(r, body, &i->rows);
	if (err)
		return err;
	if (!output_replay(body, add_to_hash, hash))
		return import_row_broken_off(r);
	return idempotency_read(r, hash_hex(hash), &i->idempotency);
}

static void put_extension(void *ptr)
{
	json_object_put(ptr);
}

/* Nothing was stored: that is no success, so the report comes as a problem. */
static enum err refuse(struct request *r, struct import *i)
{
	const char *report = output_contents(i->reply->body);

	r->extension = report ? json_tokener_parse(report) : NULL;
	if (!r->extension)
		return request_fail(r, ERR_UNAVAILABLE, "The report could not be kept; nothing was stored.");
	arena_defer(r->arena, put_extension, r->extension);
	return request_fail(r, ERR_REJECTED, "Mend the rows that \"rejected\" lists, or import the good ones with "
			    "mode=valid.");
}

enum err import_file(struct service *s, struct request *r, struct reply *reply)
{
	const char   *mode = fields_value(r, "mode"), *dry_run = fields_value(r, "dry_run");
	struct import i = { .reply = reply };
	enum err      err;

	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	/* Nobody without the right gets a large file taken in. */
	err = transaction_attempt(s, r, reply, true, attempt_nothing, NULL);
	if (!err)
		err = take_in(s, r, &i);
	if (err)
		return err;
	i.values[0] = mode ? mode : "all";
	i.values[1] = dry_run ? dry_run : "false";
	i.all_or_none = strcmp(i.values[0], "all") == 0 && strcmp(i.values[1], "true") != 0;
	i.sql = arena_printf(r->arena, "select rows, accepted, rejected from %s($1, $2)", r->route->function);
	i.writer = (struct writer){ .format = &format_json, .arena = r->arena, .out = reply->body,
		.noun = r->route->noun, .nouns = r->route->nouns, .single = true };
	i.writer.count = format_columns(r->arena, &format_json, import_report, &i.writer.columns);
	db_deadline(s->db, s->settings.export_deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, false, attempt, &i);
	return !err && i.refused ? refuse(r, &i) : err;
}
