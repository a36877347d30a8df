#include "records/pack.h"

#include <string.h>

#include "core/access.h"
#include "core/archive.h"
#include "core/fields.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/page.h"
#include "core/transaction.h"

enum { FILES_MAX = 200, XSD_MAX = 64 * 1024 };

/* hash: of when it was frozen, and not of what it holds now, or else nobody could tell. */
struct file {
	const char *name, *content, *hash;
};

struct pack {
	struct arena *arena;
	const char   *values[1];
	struct file   files[FILES_MAX];
	size_t        count;
};

static bool on_file(void *ctx, const struct row *row)
{
	struct pack *p = ctx;

	if (p->count == FILES_MAX)
		return false;
	p->files[p->count++] = (struct file){ arena_strdup(p->arena, row->values[0]), arena_strdup(p->arena, row->values[1]),
		arena_strdup(p->arena, row->values[2]) };
	return true;
}

static bool attempt(struct transaction *t, void *ctx)
{
	struct pack *p = ctx;

	p->count = 0;
	transaction_add(t, &(struct db_query){ .name = "api.referral_pack_files",
		.sql = "select name, content, hash from api.referral_pack_files($1)", .values = p->values, .count = 1,
		.on_row = on_file, .ctx = p });
	if (!transaction_run(t))
		return false;
	if (p->count > 0)
		access_add(t, p->count, NULL);
	return transaction_commit(t);
}

static const char *hash_of(struct arena *a, const char *text)
{
	struct hash *h = hash_new(a);

	hash_add(h, text, strlen(text));
	return hash_hex(h);
}

static void add(struct pack *p, const char *name, const char *content)
{
	p->files[p->count++] = (struct file){ name, content, hash_of(p->arena, content) };
}

/* The document of the pack, printable; what it can be checked with. */
static enum err add_page(struct request *r, struct pack *p)
{
	struct output *page = output_new(r->arena, r->settings->spool_dir);
	const char    *name = "evidence-pack", *document = p->files[p->count - 1].content;
	enum err       err = page_render(r->arena, r->settings, name, NULL, document, page, &r->log_error);

	if (err)
		return err;
	if (!output_contents(page))
		return request_fail(r, ERR_UNAVAILABLE, "The page could not be kept: repeat it in a moment.");
	add(p, "evidence.html", output_contents(page));
	return ERR_NONE;
}

static enum err add_schema(struct request *r, struct pack *p)
{
	const char *path = arena_printf(r->arena, "%s/evidence-pack/evidence-pack.xsd", r->settings->reports_dir);
	const char *why, *text = file_text(r->arena, path, XSD_MAX, &why);

	if (!text) {
		r->log_error = arena_printf(r->arena, "%s cannot be read: %s", path, why);
		return ERR_INTERNAL;
	}
	add(p, "evidence-pack.xsd", text);
	return ERR_NONE;
}

static bool write_archive(struct request *r, struct reply *reply, const struct pack *p)
{
	struct archive_writer *w = archive_new(r->arena, reply->body);
	struct output         *sums = output_new(r->arena, r->settings->spool_dir);

	for (size_t i = 0; i < p->count; i++) {
		archive_add(w, p->files[i].name, p->files[i].content, strlen(p->files[i].content));
		output_printf(sums, "%s  %s\n", p->files[i].hash, p->files[i].name);
	}
	if (!output_contents(sums))
		return false;
	archive_add(w, "SHA256SUMS", output_contents(sums), (size_t)output_length(sums));
	return archive_end(w) && !output_failed(reply->body);
}

enum err pack_answer(struct service *s, struct request *r, struct reply *reply)
{
	struct pack *p = arena_alloc(r->arena, sizeof(*p));
	enum err     err;

	p->arena = r->arena;
	p->values[0] = fields_value(r, "referral");
	db_deadline(s->db, s->settings.export_deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, false, attempt, p);
	if (!err && p->count == 0)
		return request_fail(r, ERR_NOT_FOUND, "There is no such referral, or this client may not see it.");
	if (!err && p->count > FILES_MAX - 2)
		return request_fail(r, ERR_CONFLICT, "The pack has too many files for one archive: fetch it as XML.");
	if (!err)
		err = add_page(r, p);
	if (!err)
		err = add_schema(r, p);
	if (err)
		return err;
	if (!write_archive(r, reply, p))
		return request_fail(r, ERR_UNAVAILABLE, "The archive could not be kept: repeat it in a moment.");
	reply->content_type = r->route->media_type;
	reply->whole = true;
	reply_header(reply, "Content-Disposition", arena_printf(r->arena, "attachment; filename=\"referral-%s.zip\"",
		p->values[0]));
	return ERR_NONE;
}
