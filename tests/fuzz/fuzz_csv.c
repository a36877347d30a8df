/*
 * CSV: pieces of any size must give the same records, and each text must be
 * UTF-8.  The first byte chooses the charset and the size of the pieces.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* FNV-1a over all that a reader says. */
struct digest {
	uint64_t hash;
};

static void add(struct digest *digest, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		digest->hash = (digest->hash ^ bytes[i]) * 0x100000001b3u;
}

static void add_text(struct digest *digest, const char *text)
{
	add(digest, text ? text : "-", text ? strlen(text) + 1 : 1);
}

static bool see(void *ctx, long line, const struct csv_cell *cells, size_t count)
{
	add(ctx, &line, sizeof(line));
	for (size_t i = 0; i < count; i++) {
		if (cells[i].text && !utf8_valid(cells[i].text, strlen(cells[i].text)))
			abort();
		add_text(ctx, cells[i].text);
		add_text(ctx, cells[i].problem);
	}
	return true;
}

static uint64_t read_pieces(enum csv_charset charset, const char *data, size_t size, size_t piece)
{
	struct arena      *a = arena_new();
	struct digest      digest = { 0xcbf29ce484222325u };
	struct csv_reader *r = csv_reader_new(a, charset, see, &digest);
	bool               fine = true;

	for (size_t i = 0; fine && i < size; i += piece)
		fine = csv_reader_feed(r, data + i, size - i < piece ? size - i : piece);
	fine = fine && csv_reader_finish(r);
	if (fine != !csv_reader_problem(r))
		abort();
	add_text(&digest, csv_reader_problem(r));
	arena_free(a);
	return digest.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum csv_charset charset;
	size_t           piece;
	const char      *text = (const char *)data + 1;

	if (size < 2)
		return 0;
	charset = data[0] & 1 ? CSV_WINDOWS_1252 : CSV_UTF8;
	piece = (data[0] >> 1) + 1u;
	size--;
	if (read_pieces(charset, text, size, size) != read_pieces(charset, text, size, piece))
		abort();
	return 0;
}
