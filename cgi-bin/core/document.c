#include "document.h"

#include <string.h>

#include "access.h"
#include "call.h"
#include "format.h"
#include "page.h"
#include "transaction.h"

static const struct field columns[] = {
	{ "document", .type = FIELD_TEXT }, { "page", .type = FIELD_TEXT }, { "variant", .type = FIELD_TEXT }, { 0 }
};

struct document {
	struct arena *arena;
	struct call   call;
	const char   *xml, *page, *variant;
};

static bool on_row(void *ctx, const struct row *row)
{
	struct document *d = ctx;

	d->xml = arena_strdup(d->arena, row->values[0]);
	d->page = arena_strdup(d->arena, row->values[1]);
	d->variant = arena_strdup(d->arena, row->values[2]);
	return true;
}

static bool attempt(struct transaction *t, void *ctx)
{
	struct document *d = ctx;

	d->xml = NULL;
	transaction_add(t, &(struct db_query){ .name = t->request->route->function, .sql = d->call.sql,
		.values = d->call.values, .count = d->call.count, .on_row = on_row, .ctx = d });
	if (!transaction_run(t))
		return false;
	if (d->xml && t->request->route->sensitive)
		access_add(t, 1, NULL);
	return transaction_commit(t);
}

static enum err print(struct request *r, struct reply *reply, const struct document *d)
{
	if (!d->page)
		return page_answer(r, reply, d->variant, d->xml);
	output_text(reply->body, d->page);
	reply_header(reply, "Content-Security-Policy", page_policy(r->arena, d->page));
	return ERR_NONE;
}

enum err document_answer(struct service *s, struct request *r, struct reply *reply)
{
	const struct field *const *shown;
	size_t          count = format_columns(r->arena, &format_json, columns, &shown);
	struct document d = { .arena = r->arena, .call = call_build(r, shown, count, NULL, NULL) };
	enum err        err;

	db_deadline(s->db, s->settings.export_deadline_ms, gateway_client_fd(r->gateway));
	reply->content_type = r->format->media_type;
	err = transaction_attempt(s, r, reply, !r->route->sensitive, attempt, &d);
	if (err)
		return err;
	if (!d.xml)
		return request_fail(r, ERR_NOT_FOUND, "There is no such record, or this client may not see it.");
	reply_header(reply, "Vary", "Accept");
	reply->whole = true;
	if (r->format == &format_html)
		return print(r, reply, &d);
	output_text(reply->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	output_text(reply->body, d.xml);
	return output_failed(reply->body) ? request_fail(r, ERR_UNAVAILABLE, "The answer could not be kept.") : ERR_NONE;
}
