/*
 * A body in memory that is read in pieces, in place of the gateway's, and a
 * digest of what a reader makes of it; linked with fuzz_ctf.c and fuzz_wonde.c.
 */
#ifndef DOORSTEP_PIECES_H
#define DOORSTEP_PIECES_H

#include "register/import_body.h"
#include "register/import_row.h"
#include "register/mark.h"

struct import_body {
	const char *data;
	size_t      left, piece;
};

/* FNV-1a over all that was handed over and how it ended; aborts on text that is not UTF-8 or JSON. */
struct mixed {
	uint64_t hash;
};

void digest_add(struct mixed *digest, const char *text);
bool digest_row(void *digest, struct import_row *row);
bool digest_mark(void *digest, const struct mark *mark);

#endif
