#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "call.h"
#include "cursor.h"
#include "etag.h"
#include "fields.h"
#include "format.h"
#include "hash.h"
#include "idempotency.h"
#include "page.h"
#include "transaction.h"

enum { KEY_SIZE = 24, LIMIT_DEFAULT = 100 };

/* What is remembered while the rows go by. */
struct answer {
	struct reply      *reply;
	volatile size_t   *progress; /* of the service; NULL for nobody */
	struct writer      writer;
	struct call        call;
	struct idempotency idempotency;
	long               limit; /* rows of a page; 0: all */
	bool               more;  /* there is a row behind the page */
	bool               too_many; /* more rows than the format holds */
	size_t             key_column;
	char               key[KEY_SIZE];  /* of the last row written: the column by which the list is ordered */
	const char        *version;        /* of a single record, for its ETag */
	const char        *total;
	const char        *day; /* of an export, in the United Kingdom */
	const char        *asked_stem, *asked_xml; /* what was asked of a report: in the name of its file, for its page */
	const char        *document, *variant; /* of the page that a write keeps */
};

static void note_version(struct answer *a, const struct row *row)
{
	/* What it was is nothing to change it by: as at a moment a record has no ETag. */
	for (size_t i = 0; i < a->writer.count && !a->call.moment; i++)
		if (strcmp(a->writer.columns[i]->name, "version") == 0 && row->values[i])
			a->version = arena_strdup(a->writer.arena, row->values[i]);
}

static bool on_row(void *ctx, const struct row *row)
{
	struct answer *a = ctx;

	if (a->limit && a->writer.rows == (size_t)a->limit) {
		a->more = true;
		return true;
	}
	a->too_many = a->writer.format->most && a->writer.rows == a->writer.format->most;
	if (a->too_many)
		return false;
	if (row->values[a->key_column] && row->lengths[a->key_column] < KEY_SIZE)
		memcpy(a->key, row->values[a->key_column], (size_t)row->lengths[a->key_column] + 1);
	if (a->writer.single)
		note_version(a, row);
	format_row(&a->writer, row);
	if (a->progress)
		*a->progress = a->writer.rows;
	return !output_failed(a->writer.out);
}

static bool on_total(void *ctx, const struct row *row)
{
	struct answer *a = ctx;

	a->total = arena_strdup(a->writer.arena, row->values[0]);
	return true;
}

/* Texts are not for the name of a file: they may be of any length, and name whoever they like. */
static bool on_asked(void *ctx, const struct row *row)
{
	struct answer *a = ctx;
	struct arena  *arena = a->writer.arena;

	if (row->values[2][0] == 't')
		a->asked_stem = arena_printf(arena, "%s_%s-%s", a->asked_stem, row->values[0], row->values[1]);
	a->asked_xml = arena_printf(arena, "%s%s", a->asked_xml, row->values[3]);
	return true;
}

static struct db_query query_of(const struct request *r, struct answer *a)
{
	/* What is planned for its filters, and differs with them, is not prepared. */
	const bool varies = r->route->shape == MANY_ROWS || fields_filter(r->route) || a->call.moment;

	return (struct db_query){ .name = varies ? NULL : r->route->function, .sql = a->call.sql,
		.values = a->call.values, .count = a->call.count, .on_row = on_row, .ctx = a };
}

bool answer_is_export(const struct request *r)
{
	return r->route->shape == MANY_ROWS && r->format != &format_json;
}

static bool has_long(const struct request *r)
{
	return answer_is_export(r) || r->route->takes_long;
}

/* No export, and no read of what is sensitive, without a trace. */
static bool leaves_entry(const struct request *r)
{
	return answer_is_export(r) || (r->route->sensitive && route_reads(r->route));
}

static void begin_rows(struct answer *a)
{
	output_reset(a->writer.out);
	a->writer.rows = 0;
	a->more = false;
	a->version = NULL;
	a->asked_stem = a->asked_xml = "";
	format_begin(&a->writer);
}

static void end_rows(struct request *r, struct answer *a)
{
	if (a->more) {
		a->writer.next = cursor_next(r, a->key);
		reply_header(a->reply, "Link", arena_printf(r->arena, "<%s>; rel=\"next\"", a->writer.next));
	}
	a->writer.total = a->total;
	format_end(&a->writer);
}

/* Reads, lists, exports. */
static bool attempt_read(struct transaction *t, void *ctx)
{
	struct answer  *a = ctx;
	struct request *r = t->request;
	struct db_query query = query_of(r, a);

	begin_rows(a);
	if (a->call.moment)
		transaction_add(t, &(struct db_query){ .sql = "select was.begin($1)", .values = &a->call.moment, .count = 1 });
	if (fields_value(r, "count"))
		transaction_add(t, &(struct db_query){ .sql = a->call.count_sql, .values = a->call.values,
			.count = a->call.filters, .on_row = on_total, .ctx = a });
	transaction_add(t, &query);
	if (r->route->asked && answer_is_export(r))
		transaction_add(t, &(struct db_query){ .sql = r->route->asked, .values = a->call.values,
			.count = a->call.count, .on_row = on_asked, .ctx = a });
	if (leaves_entry(r)) {
		if (!transaction_run(t))
			return false;
		access_add(t, a->writer.rows, &a->day);
	}
	if (!transaction_commit(t))
		return false;
	end_rows(r, a);
	return true;
}

static void name_record(struct request *r, struct answer *a, const char **ret_location, const char **ret_etag)
{
	*ret_location = *ret_etag = NULL;
	if (a->version) {
		*ret_etag = etag_of_version(r->arena, a->version);
		reply_header(a->reply, "ETag", *ret_etag);
	}
	if (r->route->location) {
		const char *mark = strstr(r->route->location, "%s");

		*ret_location = arena_printf(r->arena, "%.*s%s%s", (int)(mark - r->route->location),
					     r->route->location, a->key, mark + 2);
		reply_header(a->reply, "Location", *ret_location);
	}
}

static bool on_page(void *ctx, const struct row *row)
{
	struct answer *a = ctx;

	a->document = arena_strdup(a->writer.arena, row->values[0]);
	a->variant = arena_strdup(a->writer.arena, row->values[1]);
	return true;
}

/* The page that the write keeps, made of what the records say within the same transaction. */
static bool make_page(struct transaction *t, struct answer *a)
{
	struct request *r = t->request;
	struct output  *page = output_new(r->arena, r->settings->spool_dir);

	if (!r->route->page_function)
		return true;
	a->document = NULL;
	transaction_add(t, &(struct db_query){ .sql = a->call.page_sql, .values = a->call.values,
		.count = a->call.page_value, .on_row = on_page, .ctx = a });
	if (!transaction_run(t))
		return false;
	t->failure.err = !a->document ? ERR_NOT_FOUND : page_render(r->arena, r->settings, r->route->page, a->variant,
		a->document, page, &t->failure.log);
	a->call.values[a->call.page_value] = output_contents(page);
	if (!t->failure.err && !a->call.values[a->call.page_value])
		t->failure.err = ERR_UNAVAILABLE;
	return !t->failure.err;
}

static bool attempt_write_once(struct transaction *t, struct answer *a)
{
	const char     *location, *etag;
	struct db_query query = query_of(t->request, a);

	if (!make_page(t, a))
		return false;
	begin_rows(a);
	transaction_add(t, &query);
	if (!transaction_commit(t))
		return false;
	end_rows(t->request, a);
	name_record(t->request, a, &location, &etag);
	return true;
}

static bool attempt_write_under_key(struct transaction *t, struct answer *a)
{
	const char     *location, *etag;
	struct db_query query = query_of(t->request, a);

	if (!idempotency_claim(&a->idempotency, t, a->reply))
		return false;
	if (a->idempotency.kept)
		return transaction_commit(t);
	if (!make_page(t, a))
		return false;
	begin_rows(a);
	transaction_add(t, &query);
	if (!transaction_run(t))
		return false;
	end_rows(t->request, a);
	name_record(t->request, a, &location, &etag);
	idempotency_keep(&a->idempotency, t, a->reply, location, etag);
	return transaction_commit(t);
}

static bool attempt_write(struct transaction *t, void *ctx)
{
	struct answer *a = ctx;

	return a->idempotency.key ? attempt_write_under_key(t, a) : attempt_write_once(t, a);
}

/* Whether the list is read page by page. */
static bool has_pages(const struct route *route)
{
	const struct field *f = route->fields;

	while (f && f->name && f->type != FIELD_CURSOR)
		f++;
	return f && f->name;
}

static enum err read_page(struct request *r, struct answer *a, const char **ret_key, const char **ret_rows)
{
	const char *limit = fields_value(r, "limit"), *after = fields_value(r, "after");

	*ret_key = *ret_rows = NULL;
	if (r->route->shape != MANY_ROWS || !has_pages(r->route))
		return ERR_NONE;
	if (!answer_is_export(r)) {
		a->limit = limit ? strtol(limit, NULL, 10) : LIMIT_DEFAULT;
		*ret_rows = arena_printf(r->arena, "%ld", a->limit + 1);
	}
	if (!after)
		return ERR_NONE;
	*ret_key = cursor_key(r, after);
	if (!*ret_key)
		return request_fail(r, ERR_CURSOR, "Take the cursor from \"next\" of this very list, with the same filters.");
	return ERR_NONE;
}

static enum err want_if_match(struct request *r)
{
	const char *if_match = request_header(r, "HTTP_IF_MATCH");

	if (r->route->body != BODY_PATCH)
		return ERR_NONE;
	if (!if_match)
		return request_fail(r, ERR_PRECONDITION, "Read the record and send its ETag as If-Match.");
	if (!etag_array(r->arena, if_match))
		return request_fail(r, ERR_MALFORMED, "If-Match is not a list of quoted entity tags.");
	return ERR_NONE;
}

static enum err prepare(struct request *r, struct answer *a)
{
	const char *page_key, *page_rows;
	enum err    err = read_page(r, a, &page_key, &page_rows);

	if (!err)
		err = want_if_match(r);
	if (!err && !route_reads(r->route))
		err = idempotency_read(r, hash_hex_of(r->arena, r->body ? r->body : ""), &a->idempotency);
	if (err)
		return err;
	a->writer = (struct writer){ .format = r->format, .arena = r->arena,
		.out = r->format == &format_html ? output_new(r->arena, r->settings->spool_dir) : a->reply->body,
		.noun = r->route->noun, .nouns = r->route->nouns, .single = r->route->shape == ONE_ROW,
		.machine = fields_value(r, "flavour") && strcmp(fields_value(r, "flavour"), "machine") == 0 };
	a->writer.count = format_columns(r->arena, r->format, r->route->answer, &a->writer.columns);
	while (r->route->key && strcmp(a->writer.columns[a->key_column]->name, r->route->key) != 0)
		a->key_column++;
	a->call = call_build(r, a->writer.columns, a->writer.count, page_key, page_rows);
	return ERR_NONE;
}

/* A client that has the record as it is gets told so, without it. */
static void finish_read(struct request *r, struct answer *a)
{
	const char *if_none_match = request_header(r, "HTTP_IF_NONE_MATCH"), *location, *etag;

	if (r->route->shape == MANY_ROWS)
		reply_header(a->reply, "Vary", "Accept");
	name_record(r, a, &location, &etag);
	if (etag && if_none_match && etag_matches(if_none_match, etag))
		a->reply->status = 304;
}

/* What was asked of a report, and the day: "outside-policy_school-900001_from-2026-09-01_made-2026-11-26". */
static const char *stem_of_report(struct request *r, const struct answer *a, const char *stem)
{
	for (size_t i = 0; !r->route->asked && r->route->fields[i].name; i++) {
		const struct field *f = &r->route->fields[i];

		if (!f->internal && r->values[i] && f->type != FIELD_TEXT && f->type != FIELD_CURSOR)
			stem = arena_printf(r->arena, "%s_%s-%s", stem, f->name, r->values[i]);
	}
	return arena_printf(r->arena, "%s%s_made-%s", stem, a->asked_stem, a->day);
}

static void name_file(struct request *r, struct reply *reply, const struct answer *a)
{
	const char *slash = strrchr(r->path, '/'), *stem = arena_strndup(r->arena, slash + 1, strcspn(slash + 1, "."));

	if (r->route->page)
		stem = stem_of_report(r, a, stem);
	reply->file_name = arena_printf(r->arena, "%s.%s", stem, r->format->name);
	reply_header(reply, "Content-Disposition", arena_printf(r->arena, "%s; filename=\"%s\"",
		r->format == &format_html ? "inline" : "attachment", reply->file_name));
}

/* What a report is about and was asked, with its rows, the declaration before those left out. */
static const char *with_its_rows(struct arena *a, const char *about, const char *asked, const char *rows)
{
	char *xml;

	rows += strcspn(rows, "\n");
	xml = arena_alloc(a, strlen(about) + strlen(asked) + strlen(rows) + sizeof("</report>"));
	stpcpy(stpcpy(stpcpy(stpcpy(xml, about), asked), rows), "</report>");
	return xml;
}

/* The rows of a list as its printable page. */
static enum err print_rows(struct request *r, struct answer *a)
{
	const char *rows = output_contents(a->writer.out);

	if (!rows)
		return request_fail(r, ERR_UNAVAILABLE, "The page could not be made: repeat it in a moment.");
	if (r->route->about)
		rows = with_its_rows(r->arena, r->route->about, a->asked_xml, rows);
	return page_answer(r, a->reply, NULL, rows);
}

enum err answer_function(struct service *s, struct request *r, struct reply *reply)
{
	const bool    reads = route_reads(r->route);
	struct answer a = { .reply = reply, .progress = s->progress };
	enum err      err = prepare(r, &a);

	if (err)
		return err;
	db_deadline(s->db, has_long(r) ? s->settings.export_deadline_ms : s->settings.deadline_ms,
		    gateway_client_fd(r->gateway));
	reply->status = r->route->status ? r->route->status : 200;
	reply->content_type = r->format->media_type;
	err = transaction_attempt(s, r, reply, reads && !leaves_entry(r), reads ? attempt_read : attempt_write, &a);
	if (err == ERR_SCOPE && r->route->hidden)
		return request_fail(r, ERR_NOT_FOUND, "There is no such report, or this client may not run it.");
	if (a.too_many)
		return request_fail(r, ERR_FORMAT, "As %s it may have %zu rows at most: ask for less, or for another format.",
				    r->format->name, r->format->most);
	if (err)
		return err;
	if (r->route->shape == ONE_ROW && !a.idempotency.kept && a.writer.rows == 0)
		return request_fail(r, ERR_NOT_FOUND, "There is no such record, or this client may not see it.");
	if (output_failed(reply->body))
		return request_fail(r, ERR_UNAVAILABLE, "The answer could not be kept: repeat it in a moment.");
	if (reads)
		finish_read(r, &a);
	reply->rows = a.writer.rows;
	reply->whole = r->route->shape == MANY_ROWS && !a.limit;
	if (answer_is_export(r))
		name_file(r, reply, &a);
	return r->format == &format_html ? print_rows(r, &a) : ERR_NONE;
}
