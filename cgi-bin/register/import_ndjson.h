/*
 * Rows of an NDJSON file: one JSON object to a line.
 */
#ifndef DOORSTEP_IMPORT_NDJSON_H
#define DOORSTEP_IMPORT_NDJSON_H

#include "core/output.h"
#include "core/request.h"
#include "register/import_body.h"
#include "register/import_row.h"

/* Rows for the table import_row. */
enum err import_ndjson_read(struct request *r, struct import_body *body, struct output *rows);

/*
 * One line: the row as it stands there with what is wrong with it, and the
 * object, NULL where it is none.  Answers false to stop reading.
 */
typedef bool import_object_fn(void *ctx, struct import_row *row, struct json_object *object);

/* Reads the lines of a file, each checked against the route's fields.  ERR_MALFORMED for an empty one. */
enum err import_ndjson_objects(struct request *r, struct import_body *body, import_object_fn *fn, void *ctx);

#endif
