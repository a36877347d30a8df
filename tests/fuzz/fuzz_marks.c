/*
 * Marks out of CSV and NDJSON, in both forms: pieces of any size must give the
 * same weeks, notes and rejected rows, all of it UTF-8.  The first byte chooses
 * the format and the size of the pieces.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/route.h"
#include "pieces.h"
#include "register/mark_rows.h"
#include "unit/fake_gateway.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct field columns[] = {
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999 },
	{ "upn", .type = FIELD_TEXT, .max = 13 }, { "mis_id", .type = FIELD_TEXT, .max = 50 },
	{ "date", .type = FIELD_DATE }, { "session", .type = FIELD_TEXT }, { "code", .type = FIELD_TEXT, .max = 3 },
	{ "minutes_late", .type = FIELD_INT, .max = 999 }, { "comment", .type = FIELD_TEXT, .lines = true },
	{ "week", .type = FIELD_DATE }, { "marks", .type = FIELD_TEXT, .max = 40 },
	{ "mon_am", .type = FIELD_TEXT, .max = 3 }, { "fri_pm", .type = FIELD_TEXT, .max = 3 },
	{ 0 }
};
static const struct route    route = { .method = "POST", .path = "/", .fields = columns, .body = BODY_ROWS };
static const struct settings settings = { .spool_dir = "/tmp" };
static char *const           parameters[] = { NULL };

static struct mark_codes *codes(struct arena *a)
{
	static const char *const known[][5] = {
		{ "/", "/", NULL, NULL, "2026-06-30" }, { "\\", "\\", NULL, NULL, "2026-06-30" },
		{ "H", "H", NULL, "2024-08-18", "2026-06-30" }, { "C1", "1", "2024-08-19", NULL, "2026-06-30" },
	};
	struct mark_codes *made = mark_codes_new(a);

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		mark_codes_add(made, &(struct row){ .values = (const char *const *)known[i] });
	return made;
}

static uint64_t read_pieces(const char *data, size_t size, size_t piece, bool ndjson)
{
	struct request     r = { .arena = arena_new(), .settings = &settings, .route = &route };
	struct import_body body = { .data = data, .left = size, .piece = piece };
	struct mixed      digest = { 0xcbf29ce484222325u };
	struct import_file file;
	struct marks      *m;
	enum err           err;

	r.problems.arena = r.arena;
	m = marks_new(&r, codes(r.arena));
	err = ndjson ? mark_rows_read_ndjson(&r, &body, m) : mark_rows_read_csv(&r, &body, m);
	err = err ? err : marks_finish(m, &file);
	if (err && !r.detail)
		abort();
	for (size_t i = 0; !err && i < IMPORT_LOADS_MAX; i++)
		digest_add(&digest, output_contents(file.loads[i].rows));
	arena_free(r.arena);
	return err ? (uint64_t)err : digest.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;

	if (size < 2)
		return 0;
	size--;
	fake_gateway_set(parameters, "", 0); /* without a Content-Type, so the charset is UTF-8 */
	if (read_pieces(text, size, size, data[0] & 1) != read_pieces(text, size, data[0] / 2 + 1u, data[0] & 1))
		abort();
	return 0;
}
