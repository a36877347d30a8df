/*
 * Rows of an NDJSON file: one JSON object to a line.
 */
#ifndef DOORSTEP_IMPORT_NDJSON_H
#define DOORSTEP_IMPORT_NDJSON_H

#include "core/output.h"
#include "core/request.h"

enum err import_ndjson_read(struct request *r, struct output *body, struct output *rows);

#endif
