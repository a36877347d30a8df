/*
 * Pages of Wonde: whatever the strict reader accepts must become rows of
 * acceptable JSON and marks of UTF-8, the same for pieces of any size.  The
 * first byte chooses the size of the pieces.
 */
#include <stdint.h>
#include <stdlib.h>

#include "pieces.h"
#include "register/import_wonde.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_pieces(const char *data, size_t size, size_t piece, int kind)
{
	struct request     r = { .arena = arena_new() };
	struct mixed      digest = { 0xcbf29ce484222325u };
	struct import_body body = { .data = data, .left = size, .piece = piece };
	const enum err     err = kind == 0 ? import_wonde_pupils(&r, &body, "900001", digest_row, &digest)
				 : kind == 1 ? import_wonde_contacts(&r, &body, "900001", digest_row, &digest)
				 : import_wonde_marks(&r, &body, NULL, digest_mark, &digest);

	if ((err != ERR_NONE && err != ERR_JSON && err != ERR_MALFORMED) || !err != !r.detail)
		abort();
	digest_add(&digest, r.detail);
	arena_free(r.arena);
	return digest.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	size_t      piece;

	if (size < 2)
		return 0;
	piece = data[0] + 1u;
	size--;
	for (int kind = 0; kind <= 2; kind++)
		if (read_pieces(text, size, size, kind) != read_pieces(text, size, piece, kind))
			abort();
	return 0;
}
