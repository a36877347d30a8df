#include "exports/job.h"

#include <string.h>

#include "core/hash.h"
#include "core/log.h"
#include "exports/place.h"

/* The maker ends what is late, and says so; this is but for the case that it does not. */
enum { PIECE = 256 * 1024, LATER_MS = 10000 };

struct making {
	struct arena     *arena;
	const struct job *job;
	struct service    service;
	struct reply      reply;
	struct db_failure failure;
};

static bool on_said(void *ctx, const struct row *row)
{
	*(bool *)ctx = !row->values[0] || strcmp(row->values[0], "f") != 0;
	return true;
}

/* One statement. *ret_said, where it is not NULL: false when it answered false. */
static bool say(struct making *m, const char *sql, const char *const *values, int count, bool *ret_said)
{
	const struct db_query query = { .sql = sql, .values = values, .count = count, .on_row = ret_said ? on_said : NULL,
		.ctx = ret_said };

	return db_run(m->service.db, m->arena, &query, 1, &m->failure);
}

/* ------------------------------------------------------------ keeping it */

struct pieces {
	struct making *making;
	const char    *values[3];
	unsigned       count;
	size_t         used;
	unsigned char  bytes[PIECE];
	char           hex[2 + 2 * PIECE + 1];
};

static bool store_piece(struct pieces *p)
{
	if (p->used == 0)
		return true;
	p->values[0] = p->making->job->id;
	p->values[1] = arena_printf(p->making->arena, "%u", p->count++);
	memcpy(p->hex, "\\x", 2);
	hash_hex_write(p->hex + 2, p->bytes, p->used);
	p->values[2] = p->hex;
	p->used = 0;
	return say(p->making, "select data.export_add_piece($1, $2, $3)", p->values, 3, NULL);
}

static bool take_bytes(void *ctx, const void *data, size_t size)
{
	struct pieces *p = ctx;
	const char    *from = data;

	while (size > 0) {
		const size_t room = PIECE - p->used, n = size < room ? size : room;

		memcpy(p->bytes + p->used, from, n);
		p->used += n;
		from += n;
		size -= n;
		if (p->used == PIECE && !store_piece(p))
			return false;
	}
	return true;
}

static bool store_pieces(struct making *m)
{
	struct pieces *p = arena_alloc(m->arena, sizeof(*p));

	p->making = m;
	return output_replay(m->reply.body, take_bytes, p) && store_piece(p);
}

/* Of a schedule with its number, so that two which differ in words alone do not take each other's place. */
static const char *name_of(struct making *m)
{
	const char *name = m->reply.file_name, *suffix = strrchr(name, '.');

	if (!m->job->schedule)
		return name;
	return arena_printf(m->arena, "%.*s_schedule-%s%s", (int)(suffix - name), name, m->job->schedule, suffix);
}

/* *ret_wanted: false when it was called off meanwhile. */
static bool note_done(struct making *m, bool *ret_wanted)
{
	const char *const values[] = { m->job->id, m->reply.content_type, name_of(m),
		arena_printf(m->arena, "%zu", m->reply.rows),
		arena_printf(m->arena, "%llu", (unsigned long long)output_length(m->reply.body)),
		output_digest(m->reply.body).hex, m->job->folder ? "false" : "true" };

	return say(m, "select data.export_done($1, $2, $3, $4, $5, $6, $7)", values, 7, ret_wanted);
}

/* sql: what is to become of it, of its number and why. */
static int give_up(struct making *m, const char *sql, const char *why)
{
	const char *const values[] = { m->job->id, why };

	log_event("warning", "export %s: %s", m->job->id, why);
	db_rollback(m->service.db);
	return db_ready(m->service.db, m->arena, &m->failure) && say(m, sql, values, 2, NULL) ? JOB_ENDED : JOB_AGAIN;
}

/* For good. */
static int fail(struct making *m, const char *why)
{
	return give_up(m, "select data.export_fail($1, $2)", why);
}

/* This time. */
static int put_back(struct making *m, const char *why)
{
	return give_up(m, "select data.export_again($1, $2)", why);
}

static int try_again(struct making *m)
{
	log_event("warning", "export %s could not be kept: %s", m->job->id,
		  m->failure.log ? m->failure.log : "the database refused");
	return JOB_AGAIN;
}

/* It is noted as done before it is in its folder, and for good only after that. */
static int keep(struct making *m)
{
	bool        wanted = true;
	const char *why = NULL;

	if (!db_ready(m->service.db, m->arena, &m->failure) || !say(m, "begin", NULL, 0, NULL) ||
	    !say(m, "set local idle_in_transaction_session_timeout = '10min'", NULL, 0, NULL) || /* a disk may be slow */
	    (!m->job->folder && !store_pieces(m)) || !note_done(m, &wanted))
		return try_again(m);
	if (!wanted)
		return JOB_ENDED;
	if (m->job->folder)
		why = place_put(m->arena, &m->service.settings, m->job, name_of(m), m->reply.body);
	if (why)
		return put_back(m, why);
	if (!say(m, "commit", NULL, 0, NULL))
		return try_again(m);
	log_event("info", "export %s: %zu rows, %llu bytes", m->job->id, m->reply.rows,
		  (unsigned long long)output_length(m->reply.body));
	return JOB_ENDED;
}

/* ------------------------------------------------------------ making it */

static const char *problem_of(struct arena *a, const struct request *r, enum err err)
{
	const char *text = r->detail ? r->detail : err_title(err);

	for (const struct problem *p = r->problems.first; p; p = p->next)
		text = arena_printf(a, "%s %s %s.", text, p->pointer, p->detail);
	return text;
}

int job_make(const struct program *program, const struct settings *settings, const struct job *job,
	     volatile size_t *progress)
{
	struct arena  *a = arena_new();
	struct making *m = arena_alloc(a, sizeof(*m));
	char          *params[] = { (char *)"REQUEST_METHOD=GET", arena_printf(a, "REQUEST_URI=%s", job->path),
		arena_printf(a, "HTTP_AUTHORIZATION=Bearer %s", job->token), arena_printf(a, "REQUEST_ID=%s", job->request), NULL };
	struct request r = { .arena = a, .gateway = gateway_given(a, params), .settings = &m->service.settings };
	enum err       err;
	int            result;

	m->arena = a;
	m->job = job;
	m->service = (struct service){ .program = program, .settings = *settings, .gateway = r.gateway,
		.db = db_new(settings->database, "exports"), .progress = progress };
	m->service.settings.export_deadline_ms = settings->job_deadline_ms + LATER_MS;
	reply_init(&m->reply, &r);
	err = service_answer(&m->service, &r, &m->reply);
	db_deadline(m->service.db, settings->job_deadline_ms, -1);
	if (err == ERR_UNAVAILABLE)
		log_event("warning", "export %s: %s", job->id, r.log_error ? r.log_error : err_title(err));
	/* Whose token was revoked meanwhile, as at a sign-out everywhere, is looked at anew. */
	result = err == ERR_UNAVAILABLE || err == ERR_TOKEN ? JOB_AGAIN : err ? fail(m, problem_of(a, &r, err)) : keep(m);
	db_free(m->service.db);
	arena_free(a);
	return result;
}
