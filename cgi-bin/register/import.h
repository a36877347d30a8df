/*
 * Bulk import of a file: read and checked first, then loaded and stored in one
 * transaction, answered with what became of each row.
 */
#ifndef DOORSTEP_IMPORT_H
#define DOORSTEP_IMPORT_H

#include "core/service.h"

/* The handler of every import route; its function is api.import_…(mode, dry_run). */
enum err import_file(struct service *s, struct request *r, struct reply *reply);

/* The columns of the answer: rows, accepted, rejected. */
extern const struct field import_report[];

#endif
