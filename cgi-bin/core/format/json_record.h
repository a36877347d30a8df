/*
 * One row as a JSON object: what JSON and NDJSON have in common.
 */
#ifndef DOORSTEP_FORMAT_JSON_RECORD_H
#define DOORSTEP_FORMAT_JSON_RECORD_H

#include "core/format.h"

/* Takes w->state for itself. */
void json_record_begin(struct writer *w);

/* {"id":1,...}, keys in the order of the columns, all on one line. */
void json_record_write(struct writer *w, const struct row *row);

#endif
