/*
 * Bulk import of a file: read and checked first, then loaded and stored in one
 * transaction, answered with what became of each row.  Every import is logged
 * and can be asked for afterwards; with "Prefer: respond-async" (RFC 7240) it
 * is answered as soon as the file is read, and goes on by itself.
 */
#ifndef DOORSTEP_IMPORT_H
#define DOORSTEP_IMPORT_H

#include "core/service.h"
#include "core/transaction.h"
#include "register/import_body.h"

enum { IMPORT_LOADS_MAX = 3, IMPORT_VALUES_MAX = 4 };

/* What a reader makes of a file. */
struct import_file {
	struct {
		const char    *copy; /* COPY … FROM STDIN of a temporary table */
		struct output *rows; /* its lines */
	} loads[IMPORT_LOADS_MAX];
	const char *values[IMPORT_VALUES_MAX]; /* what the route's function takes after mode and dry_run; end in NULL */
};

/* What differs from one kind of import to another. */
struct import_kind {
	const char *name;  /* as in data.import_kind */
	const char *begin; /* SQL that makes the temporary tables */
	/* Queues what has to be asked before the file is read; NULL where there is nothing. */
	void     *(*prepare)(struct transaction *t);
	/* Reads the file; prepared is what prepare() answered. */
	enum err  (*read)(struct request *r, struct import_body *body, void *prepared, struct import_file *ret_file);
};

/* The handler of an import route, given its kind; the route's function is api.import_…(mode, dry_run, …). */
enum err import_run(struct service *s, struct request *r, struct reply *reply, const struct import_kind *kind);

#endif
