/*
 * One row on its way into the table import_row.
 */
#ifndef DOORSTEP_IMPORT_ROW_H
#define DOORSTEP_IMPORT_ROW_H

#include <json-c/json.h>

#include "core/output.h"
#include "core/problem.h"

struct import_row {
	long                line;
	const char         *text;     /* the row as JSON object */
	struct json_object *problems; /* [{"field": …, "detail": …}] */
};

/* field: NULL when the row as a whole is meant. */
void import_row_problem(struct import_row *row, const char *field, const char *detail);

/* Writes it as a line of COPY text. */
void import_row_write(const struct import_row *row, struct output *rows);

#endif
