/*
 * One row on its way into the table import_row.
 */
#ifndef DOORSTEP_IMPORT_ROW_H
#define DOORSTEP_IMPORT_ROW_H

#include <json-c/json.h>

#include "core/output.h"
#include "core/problem.h"
#include "core/request.h"

/* A file with more bad rows than this is not the file that was meant; reading stops. */
enum { IMPORT_BAD_ROWS_MAX = 10000 };

struct import_row {
	long                line;
	const char         *text;     /* the row as JSON object */
	struct json_object *problems; /* [{"field": …, "detail": …}] */
};

/* Takes one row in, checks it and notes what is wrong with it.  False: reading is to stop. */
typedef bool import_row_fn(void *ctx, struct import_row *row);

/* field: NULL when the row as a whole is meant. */
void import_row_problem(struct import_row *row, const char *field, const char *detail);

/* The field that a JSON pointer into a row means; NULL for the row itself. */
const char *import_row_field(const char *pointer);

/* Writes it as a line of COPY text, and counts it in *bad when it has problems. */
void import_row_write(const struct import_row *row, struct output *rows, long *bad);

/* Writes text with what would end a column or a row of COPY text escaped. */
void import_row_escaped(struct output *rows, const char *text);

/* How reading ends when there are too many. */
enum err import_row_too_many(struct request *r);

#endif
