/*
 * CSV files of imports: the header names the columns, in any order.
 *
 * A file of rejected rows, which has columns of its own (position, line, field,
 * detail), can be mended and sent as it is: those are passed over, what was
 * guarded from spreadsheets is as it was, and since it has every column of its
 * kind, an empty cell says nothing.
 */
#ifndef DOORSTEP_IMPORT_CSV_H
#define DOORSTEP_IMPORT_CSV_H

#include "core/csv.h"
#include "core/field.h"
#include "core/output.h"
#include "core/request.h"
#include "register/import_body.h"

/* Rows for the table import_row. */
enum err import_csv_read(struct request *r, struct import_body *body, struct output *rows);

struct import_header {
	const struct field *columns[CSV_COLUMNS_MAX]; /* in the order of the file; NULL for one that is passed over */
	size_t              count;
	bool                mended; /* a file of rejected rows */
};

/* One record after the header; it may have fewer or more cells than that.  Answers false to stop reading. */
typedef bool import_record_fn(void *ctx, long line, const struct import_header *header, const struct csv_cell *cells,
			      size_t cell_count);

/*
 * Reads the records of a file.  *ret_stopped: fn stopped it.  Fails with
 * ERR_MEDIA_TYPE, ERR_FIELDS for a header that does not fit, ERR_MALFORMED for
 * a file that can't be read on.
 */
enum err import_csv_records(struct request *r, struct import_body *body, import_record_fn *fn, void *ctx,
			    bool *ret_stopped);

#endif
