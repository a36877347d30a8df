#include "register/import.h"

#include <json-c/json.h>
#include <string.h>
#include <strings.h>

#include "core/fields.h"
#include "core/format.h"
#include "core/idempotency.h"
#include "core/log.h"
#include "register/import_row.h"

struct import {
	const struct import_kind *kind;
	struct reply      *reply;
	struct output     *report;
	struct import_file file;
	struct idempotency idempotency;
	struct writer      writer;
	void              *prepared;
	const char        *mode, *dry_run, *hash, *number;
	bool               all_or_none; /* mode=all, and no dry run */
	bool               refused;     /* so: not every row is good */
};

/* ------------------------------------------------------------ the file */

/* Just the token and its scope, and what the reader has to know. */
static bool attempt_to_prepare(struct transaction *t, void *ctx)
{
	struct import *i = ctx;

	if (i->kind->prepare)
		i->prepared = i->kind->prepare(t);
	return transaction_commit(t);
}

static enum err take_in(struct service *s, struct request *r, struct import *i)
{
	struct import_body *body;
	enum err            err = import_body_open(r, (uint64_t)s->settings.import_kib * 1024, &body);

	if (err)
		return err;
	err = i->kind->read(r, body, i->prepared, &i->file);
	i->hash = import_body_end(body);
	if (!i->hash)
		return request_fail(r, ERR_MALFORMED, "The file ended before its Content-Length; nothing was stored.");
	if (import_body_is_packed(body)) {
		r->problems.count = 0;
		r->problems.first = r->problems.last = NULL;
		return request_fail(r, ERR_MALFORMED, "The file is packed (gzip, zip, or a spreadsheet's own format): send it "
				    "unpacked, as text.");
	}
	for (size_t n = 0; !err && n < IMPORT_LOADS_MAX && i->file.loads[n].copy; n++)
		if (output_failed(i->file.loads[n].rows))
			return request_fail(r, ERR_UNAVAILABLE, "There is no room to take the file in.");
	return err ? err : idempotency_read(r, i->hash, &i->idempotency);
}

/* ------------------------------------------------------------ storing it */

static bool on_number(void *ctx, const struct row *row)
{
	struct import *i = ctx;

	i->number = arena_strdup(i->writer.arena, row->values[0]);
	return true;
}

/* function: api.import_open, or api.import_accept for one that goes on by itself. */
static void open_log(struct transaction *t, struct import *i, const char *function)
{
	const char **values = arena_alloc(t->request->arena, 4 * sizeof(*values));

	values[0] = i->kind->name;
	values[1] = i->mode;
	values[2] = i->dry_run;
	values[3] = i->hash;
	transaction_add(t, &(struct db_query){ .name = function,
		.sql = arena_printf(t->request->arena, "select %s($1, $2, $3, $4)", function), .values = values, .count = 4,
		.on_row = on_number, .ctx = i });
}

static bool copy_piece(void *ctx, const void *data, size_t size)
{
	return db_copy_data(ctx, data, size);
}

static bool load(struct transaction *t, struct import *i)
{
	struct db    *db = t->service->db;
	struct arena *a = t->request->arena;

	transaction_add(t, &(struct db_query){ .name = i->kind->begin, .sql = i->kind->begin });
	if (!transaction_run(t))
		return false;
	for (size_t n = 0; n < IMPORT_LOADS_MAX && i->file.loads[n].copy; n++) {
		if (!db_copy_start(db, a, i->file.loads[n].copy, &t->failure))
			return false;
		/* Before COPY has all of it there is nothing to keep of it. */
		t->failure = (struct db_failure){ .err = ERR_UNAVAILABLE, .log = "the rows could not be handed over whole" };
		if (!db_copy_end(db, a, output_replay(i->file.loads[n].rows, copy_piece, db), &t->failure))
			return false;
	}
	return true;
}

static bool on_report(void *ctx, const struct row *row)
{
	struct import *i = ctx;

	i->refused = i->all_or_none && strcmp(row->values[i->writer.count - 1], "[]") != 0;
	format_row(&i->writer, row);
	return true;
}

static const char *report_columns(const struct import *i)
{
	const char *list = "api.import_current() as import";

	for (size_t n = 1; n < i->writer.count; n++)
		list = arena_printf(i->writer.arena, "%s, %s", list, i->writer.columns[n]->name);
	return list;
}

static void ask_for_report(struct transaction *t, struct import *i)
{
	const char **values = arena_alloc(t->request->arena, (2 + IMPORT_VALUES_MAX) * sizeof(*values));
	const char  *arguments = "$1, $2";
	int          count = 2;

	values[0] = i->mode;
	values[1] = i->dry_run;
	for (size_t n = 0; n < IMPORT_VALUES_MAX && i->file.values[n]; n++) {
		values[count++] = i->file.values[n];
		arguments = arena_printf(t->request->arena, "%s, $%d", arguments, count);
	}
	transaction_add(t, &(struct db_query){ .sql = arena_printf(t->request->arena, "select %s from %s(%s)",
		report_columns(i), t->request->route->function, arguments), .values = values, .count = count,
		.on_row = on_report, .ctx = i });
}

/* Loads, stores, and closes the log; the report is written then. */
static bool store(struct transaction *t, struct import *i)
{
	const char **values = arena_alloc(t->request->arena, 2 * sizeof(*values));

	if (!load(t, i))
		return false;
	output_reset(i->report);
	i->writer.rows = 0;
	format_begin(&i->writer);
	ask_for_report(t, i);
	if (!transaction_run(t))
		return false;
	format_end(&i->writer);
	values[0] = i->refused ? "refused" : "done";
	values[1] = output_contents(i->report);
	if (!values[1])
		t->failure = (struct db_failure){ .err = ERR_UNAVAILABLE, .log = "the report could not be kept" };
	transaction_add(t, &(struct db_query){ .name = "api.import_close", .sql = "select api.import_close($1, $2)",
		.values = values, .count = 2 });
	return values[1] != NULL;
}

static bool attempt(struct transaction *t, void *ctx)
{
	struct import *i = ctx;

	if (i->idempotency.key && !idempotency_claim(&i->idempotency, t, i->reply))
		return false;
	if (i->idempotency.kept)
		return transaction_commit(t);
	open_log(t, i, "api.import_open");
	if (!store(t, i))
		return false;
	if (i->idempotency.key && !i->refused)
		idempotency_keep(&i->idempotency, t, i->reply, NULL, NULL);
	return transaction_commit(t);
}

static void put_extension(void *ptr)
{
	json_object_put(ptr);
}

/* Nothing was stored: that is no success, so the report comes as a problem. */
static enum err refuse(struct request *r, struct import *i)
{
	const char *report = output_contents(i->report);

	r->extension = report ? json_tokener_parse(report) : NULL;
	if (!r->extension)
		return request_fail(r, ERR_UNAVAILABLE, "The report could not be kept; nothing was stored.");
	arena_defer(r->arena, put_extension, r->extension);
	return request_fail(r, ERR_REJECTED, "Mend the rows that \"rejected\" lists, or import the good ones with "
			    "mode=valid. %s/%s/rejected has the rows as a file.", r->path, i->number);
}

/* ------------------------------------------------------------ answered first, stored after */

static bool wants_to_go_on(const struct request *r)
{
	const char *prefer = request_header(r, "HTTP_PREFER");

	return prefer && strcasestr(prefer, "respond-async");
}

static const char *location_of(struct request *r, const struct import *i)
{
	return arena_printf(r->arena, "%s/%s", r->path, i->number);
}

static bool attempt_to_accept(struct transaction *t, void *ctx)
{
	struct import *i = ctx;
	const char    *location;

	if (i->idempotency.key && !idempotency_claim(&i->idempotency, t, i->reply))
		return false;
	if (i->idempotency.kept)
		return transaction_commit(t);
	open_log(t, i, "api.import_accept");
	if (!transaction_run(t))
		return false;
	location = location_of(t->request, i);
	i->reply->status = 202;
	reply_header(i->reply, "Location", location);
	reply_header(i->reply, "Preference-Applied", "respond-async");
	output_printf(i->reply->body, "{\"import\": %s, \"state\": \"running\", \"location\": \"%s\"}", i->number, location);
	if (i->idempotency.key)
		idempotency_keep(&i->idempotency, t, i->reply, location, NULL);
	return transaction_commit(t);
}

static bool attempt_to_go_on(struct transaction *t, void *ctx)
{
	struct import *i = ctx;

	transaction_add(t, &(struct db_query){ .name = "api.import_go_on", .sql = "select api.import_go_on($1)",
		.values = &i->number, .count = 1 });
	return store(t, i) && transaction_commit(t);
}

struct failing {
	const char *values[2];
};

static bool attempt_to_fail(struct transaction *t, void *ctx)
{
	struct failing *f = ctx;

	transaction_add(t, &(struct db_query){ .name = "api.import_fail", .sql = "select api.import_fail($1, $2)",
		.values = f->values, .count = 2 });
	return transaction_commit(t);
}

static void go_on(struct service *s, struct request *r, void *ctx)
{
	struct import *i = ctx;
	struct reply   unsent;
	enum err       err;

	reply_init(&unsent, r);
	i->report = i->writer.out = unsent.body;
	db_deadline(s->db, s->settings.export_deadline_ms, -1);
	err = transaction_attempt(s, r, &unsent, false, attempt_to_go_on, i);
	if (!err)
		return;
	log_event("error", "import %s failed: %s", i->number, r->log_error ? r->log_error : err_title(err));
	db_deadline(s->db, s->settings.deadline_ms, -1);
	transaction_attempt(s, r, &unsent, false, attempt_to_fail, &(struct failing){ { i->number,
		r->detail ? r->detail : err_title(err) } });
}

static enum err accept_it(struct service *s, struct request *r, struct import *i)
{
	enum err err = transaction_attempt(s, r, i->reply, false, attempt_to_accept, i);

	if (!err && !i->idempotency.kept) {
		i->reply->afterwards = go_on;
		i->reply->afterwards_ctx = i;
	}
	return err;
}

/* ------------------------------------------------------------ the handler */

static void begin(struct import *i, struct request *r)
{
	const char *mode = fields_value(r, "mode"), *dry_run = fields_value(r, "dry_run");

	i->mode = mode ? mode : "all";
	i->dry_run = dry_run ? dry_run : "false";
	i->all_or_none = strcmp(i->mode, "all") == 0 && strcmp(i->dry_run, "true") != 0;
	i->report = i->reply->body;
	i->writer = (struct writer){ .format = &format_json, .arena = r->arena, .out = i->report,
		.noun = r->route->noun, .nouns = r->route->nouns, .single = true };
	i->writer.count = format_columns(r->arena, &format_json, r->route->answer, &i->writer.columns);
}

enum err import_run(struct service *s, struct request *r, struct reply *reply, const struct import_kind *kind)
{
	struct import *i = arena_alloc(r->arena, sizeof(*i));
	enum err       err;

	i->kind = kind;
	i->reply = reply;
	begin(i, r);
	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	/* Nobody without the right gets a large file taken in. */
	err = transaction_attempt(s, r, reply, true, attempt_to_prepare, i);
	if (!err)
		err = take_in(s, r, i);
	if (err)
		return err;
	db_deadline(s->db, s->settings.export_deadline_ms, gateway_client_fd(r->gateway));
	if (wants_to_go_on(r))
		return accept_it(s, r, i);
	err = transaction_attempt(s, r, reply, false, attempt, i);
	return !err && i->refused ? refuse(r, i) : err;
}
