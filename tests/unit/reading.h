/*
 * What a reader of files hands over, as one text for tests to compare.
 */
#ifndef DOORSTEP_READING_H
#define DOORSTEP_READING_H

#include "register/import_body.h"
#include "register/import_row.h"
#include "register/mark.h"

struct reading {
	/* How: 0 for the size of its pieces, the row or mark to stop at is none. */
	const char *school_urn;
	size_t      piece;
	long        stop_at;
	bool        breaks_off;

	/* What came of it. */
	struct request request;
	enum err       err;
	long           count;
	const char    *said; /* a line each */
	struct output *output;
};

typedef enum err reading_rows_fn(struct request *r, struct import_body *body, const char *school_urn,
				 import_row_fn *take, void *ctx);
typedef enum err reading_marks_fn(struct request *r, struct import_body *body, const char *school_urn,
				  mark_fn *take, void *ctx);

/* "line row problems"; what is said lives until reading_end(). */
void reading_rows(struct reading *g, reading_rows_fn *read, const char *text, size_t length);

/*
 * "line school upn mis_id date session code minutes_late comment": - for what
 * is not there, "" for empty; then " [field problem]" where there is one.
 */
void reading_marks(struct reading *g, reading_marks_fn *read, const char *text, size_t length);

/* head, a thing many times over, tail. */
const char *reading_repeated(struct arena *a, const char *head, const char *thing, size_t times, const char *tail);

/* The body that the gateway's double holds. */
struct import_body *reading_body(struct request *r);

void reading_end(struct reading *g);

#endif
