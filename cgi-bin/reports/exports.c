/*
 * Exports that are made after they were asked for: asked for, followed, fetched.
 * The program exports makes them.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "core/answer.h"
#include "core/fields.h"
#include "core/hash.h"
#include "core/transaction.h"
#include "records/resources.h"
#include "reports/resources.h"
#include "reports/wanted.h"

enum { PIECE_MAX = 1024 * 1024 };

#define EXPORT_IN_PATH ID_IN_PATH("export", "Number of the export")

static const struct field add_fields[] = {
	{ "path", .type = FIELD_TEXT, .required = true, .min = 1, .max = 2000,
	  .doc = "What would be fetched, with its format and query: /api/v1/visits.csv?school=900001" },
	{ 0 }
};
static const struct field list_fields[] = {
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_export_state, .doc = "Only those that have come so far" },
	{ "schedule", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only those made by this schedule" },
	LIST_PAGE_FIELDS,
	{ 0 }
};
static const struct field read_fields[] = { EXPORT_IN_PATH, { 0 } };
static const struct field download_fields[] = {
	{ "link", .in = IN_QUERY, .type = FIELD_TEXT, .required = true, .min = 1, .max = 100, .doc = "As the link has it" },
	{ 0 }
};

static const struct field export[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Its number" },
	{ "path", .type = FIELD_TEXT, .required = true, .doc = "The path that it is the answer of, with its query" },
	{ "schedule", .type = FIELD_INT, .doc = "The schedule by which it is made; null when it was asked for" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_export_state, .doc = "How far it has come" },
	{ "step", .type = FIELD_TEXT, .doc = "While it runs: how many rows there are so far, or what else is done" },
	{ "rows", .type = FIELD_INT, .doc = "How many rows it has" },
	{ "bytes", .type = FIELD_INT, .doc = "How many bytes it has" },
	{ "sha256", .type = FIELD_TEXT, .doc = "SHA-256 of the file, in hex" },
	{ "file", .type = FIELD_TEXT, .doc = "Path of the file, while it can be fetched" },
	{ "problem", .type = FIELD_TEXT, .doc = "Why it failed, and what to do; before that why the last try went badly" },
	{ "asked_at", .type = FIELD_TIME, .required = true, .doc = "When it was asked for" },
	{ "next_try_at", .type = FIELD_TIME, .doc = "When it is tried again, after a try that went badly" },
	{ "started_at", .type = FIELD_TIME, .doc = "When it was last begun" },
	{ "ended_at", .type = FIELD_TIME, .doc = "When it was there, or had failed, or was called off" },
	{ "expires_at", .type = FIELD_TIME, .doc = "Until when it can be fetched; null of one that was put into a folder" },
	{ 0 }
};
static const struct field link[] = {
	{ "url", .type = FIELD_TEXT, .required = true, .doc = "Path that answers the file once, without a token" },
	{ "until", .type = FIELD_TIME, .required = true, .doc = "Until when" },
	{ 0 }
};

/* ------------------------------------------------------------ the file */

struct fetching {
	struct arena  *arena;
	struct output *out;
	const char    *values[1];
	const char    *export, *media_type, *file_name;
	unsigned char *piece; /* PIECE_MAX bytes: one at a time */
};

static bool on_piece(void *ctx, const struct row *row)
{
	struct fetching *f = ctx;
	size_t           size;

	/* As PostgreSQL writes bytea: \x, then hex. */
	if (!OPENSSL_hexstr2buf_ex(f->piece, PIECE_MAX, &size, row->values[0] + 2, '\0'))
		return false;
	output_write(f->out, f->piece, size);
	return !output_failed(f->out);
}

static bool on_opened(void *ctx, const struct row *row)
{
	struct fetching *f = ctx;

	f->export = arena_strdup(f->arena, row->values[0]);
	f->media_type = arena_strdup(f->arena, row->values[1]);
	f->file_name = arena_strdup(f->arena, row->values[2]);
	return true;
}

static bool attempt(struct transaction *t, void *ctx)
{
	struct fetching *f = ctx;

	transaction_add(t, &(struct db_query){ .values = f->values, .count = 1, .on_row = on_opened, .ctx = f,
		.sql = arena_printf(f->arena, "select export_id, media_type, file_name from %s($1)", t->request->route->function) });
	if (!transaction_run(t))
		return false;
	transaction_add(t, &(struct db_query){ .sql = "select data.export_pieces($1)", .values = &f->export, .count = 1,
		.on_row = on_piece, .ctx = f });
	return transaction_commit(t);
}

static enum err fetch(struct service *s, struct request *r, struct reply *reply, const char *by)
{
	struct fetching f = { .arena = r->arena, .out = reply->body, .values = { by },
		.piece = arena_alloc(r->arena, PIECE_MAX) };
	enum err        err;

	db_deadline(s->db, s->settings.export_deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, false, attempt, &f);
	if (err)
		return err;
	reply->whole = true;
	reply->content_type = f.media_type;
	reply_header(reply, "Content-Disposition", arena_printf(r->arena, "attachment; filename=\"%s\"", f.file_name));
	return ERR_NONE;
}

static enum err answer_file(struct service *s, struct request *r, struct reply *reply)
{
	return fetch(s, r, reply, fields_value(r, "export"));
}

/* A HEAD, as programs send it that show a preview of links, does not use the link up, and tells nothing. */
static enum err answer_link(struct service *s, struct request *r, struct reply *reply)
{
	enum err err = r->head ? ERR_NONE : fetch(s, r, reply, hash_hex_of(r->arena, fields_value(r, "link")));

	if (!err)
		reply_header(reply, "Accept-Ranges", "none");
	return err;
}

static enum err add_export(struct service *s, struct request *r, struct reply *reply)
{
	enum err err = wanted_check(s, r, WANTED_ANY);

	return err ? err : answer_function(s, r, reply);
}

static const int write_statuses[] = { 404, 0 };
static const int made_link_statuses[] = { 404, 409, 0 };
static const int file_statuses[] = { 409, 0 }, link_statuses[] = { 400, 404, 503, 0 };

#define EXPORT .answer = export, .noun = "export", .nouns = "exports"

const struct route export_routes[] = {
	{ .method = "GET", .path = "/api/v1/exports", .summary = "List the exports that were made after they were asked for",
	  .scope = "exports:read", .fields = list_fields, EXPORT, .function = "api.export_list", .shape = MANY_ROWS },
	{ .method = "POST", .path = "/api/v1/exports", .summary = "Ask for an export that is made later, however large",
	  .scope = "exports:write", .fields = add_fields, EXPORT, .function = "api.export_add", .handle = add_export,
	  .status = 202, .location = "/api/v1/exports/%s" },
	{ .method = "GET", .path = "/api/v1/exports/download",
	  .summary = "Fetch a file by its link, which holds once: what broke off cannot be resumed, it takes another link",
	  .fields = download_fields, EXPORT, .function = "data.export_open_by_link", .handle = answer_link,
	  .media_type = ROUTE_ANY_TYPE, .once = true, .statuses = link_statuses },
	{ .method = "GET", .path = "/api/v1/exports/{export}", .summary = "Ask how far an export has come",
	  .scope = "exports:read", .fields = read_fields, EXPORT, .function = "api.export_read" },
	{ .method = "GET", .path = "/api/v1/exports/{export}/file", .summary = "Fetch the file of an export",
	  .scope = "exports:read", .fields = read_fields, EXPORT,
	  .function = "data.export_open", .handle = answer_file,
	  .media_type = ROUTE_ANY_TYPE, .statuses = file_statuses },
	{ .method = "POST", .path = "/api/v1/exports/{export}/cancellation",
	  .summary = "Call an export off, or throw its file away", .scope = "exports:write", .fields = read_fields, EXPORT,
	  .function = "api.export_call_off", .statuses = write_statuses },
	{ .method = "POST", .path = "/api/v1/exports/{export}/link",
	  .summary = "Make a link by which the file can be fetched once, without a token, within a quarter of an hour",
	  .scope = "exports:write", .fields = read_fields, .answer = link, .noun = "export_link", .nouns = "export_links",
	  .function = "api.export_link", .status = 201, .secret = true, .statuses = made_link_statuses },
	{ 0 }
};
