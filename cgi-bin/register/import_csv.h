/*
 * CSV files of imports: the header names the columns, in any order; those of a
 * file of rejected rows (line, field, detail) are passed over, so that such a
 * file can be mended and sent as it is.
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

/*
 * One record after the header; columns: the fields that its cells are of, NULL
 * for one that is passed over.  A record may have fewer or more cells than
 * columns.  Answers false to stop reading.
 */
typedef bool import_record_fn(void *ctx, long line, const struct field *const *columns, size_t column_count,
			      const struct csv_cell *cells, size_t cell_count);

/*
 * Reads the records of a file.  *ret_stopped: fn stopped it.  Fails with
 * ERR_MEDIA_TYPE, ERR_FIELDS for a header that does not fit, ERR_MALFORMED for
 * a file that can't be read on.
 */
enum err import_csv_records(struct request *r, struct import_body *body, import_record_fn *fn, void *ctx,
			    bool *ret_stopped);

#endif
