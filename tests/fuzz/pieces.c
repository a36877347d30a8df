#include "pieces.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/utf8.h"

ssize_t import_body_read(struct import_body *b, void *buffer, size_t size)
{
	const size_t most = size < b->piece ? size : b->piece, n = most < b->left ? most : b->left;

	memcpy(buffer, b->data, n);
	b->data += n;
	b->left -= n;
	return (ssize_t)n;
}

bool import_body_feed(struct import_body *b, bool (*fn)(void *ctx, const void *data, size_t size), void *ctx)
{
	char    piece[64 * 1024];
	ssize_t n;

	while ((n = import_body_read(b, piece, sizeof(piece))) > 0)
		if (!fn(ctx, piece, (size_t)n))
			return false;
	return n == 0;
}

static void add_bytes(struct mixed *digest, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		digest->hash = (digest->hash ^ bytes[i]) * 0x100000001b3u;
}

void digest_add(struct mixed *digest, const char *text)
{
	if (text && !utf8_valid(text, strlen(text)))
		abort();
	add_bytes(digest, text ? text : "-", text ? strlen(text) + 1 : 1);
}

bool digest_row(void *ctx, struct import_row *row)
{
	struct arena *a = arena_new();

	if (row->line < 1 || json_check(a, row->text, strlen(row->text)))
		abort();
	add_bytes(ctx, &row->line, sizeof(row->line));
	digest_add(ctx, row->text);
	digest_add(ctx, json_object_to_json_string_ext(row->problems, JSON_C_TO_STRING_PLAIN));
	arena_free(a);
	return true;
}

bool digest_mark(void *ctx, const struct mark *m)
{
	const char *const texts[] = { m->school_urn, m->upn, m->mis_id, m->date, m->session, m->code, m->minutes_late,
				      m->comment, m->problem_field, m->problem };

	if (m->line < 1)
		abort();
	add_bytes(ctx, &m->line, sizeof(m->line));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		digest_add(ctx, texts[i]);
	return true;
}
