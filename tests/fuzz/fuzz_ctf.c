/*
 * Common Transfer Files: pieces of any size must give the same rows and marks,
 * all of it UTF-8, and a file with a DOCTYPE none.  The first byte chooses the
 * size of the pieces.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"
#include "register/import_ctf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_pieces(const char *data, size_t size, size_t piece, bool marks)
{
	struct request     r = { .arena = arena_new() };
	struct mixed      digest = { 0xcbf29ce484222325u };
	struct import_body body = { .data = data, .left = size, .piece = piece };
	const enum err     err = marks ? import_ctf_marks(&r, &body, NULL, digest_mark, &digest)
				       : import_ctf_pupils(&r, &body, NULL, digest_row, &digest);

	if ((err != ERR_NONE && err != ERR_MALFORMED) || !err != !r.detail)
		abort();
	if (!err)
		digest_add(&digest, "whole");
	arena_free(r.arena);
	return err ? 1 : digest.hash; /* how much of a bad file is read depends on the pieces */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	size_t      piece;

	if (size < 2)
		return 0;
	piece = data[0] + 1u;
	size--;
	for (int marks = 0; marks <= 1; marks++)
		if (read_pieces(text, size, size, marks) != read_pieces(text, size, piece, marks))
			abort();
	return 0;
}
