/*
 * The rows of a file of schools, staff, pupils or contacts, read piece by
 * piece and checked field by field, made into lines of COPY text (line, row as
 * JSON, problems as JSON) for the table import_row.  Constant memory.
 */
#ifndef DOORSTEP_IMPORT_ROWS_H
#define DOORSTEP_IMPORT_ROWS_H

#include "register/import.h"

/*
 * By Content-Type: text/csv (charset utf-8 or windows-1252) or
 * application/x-ndjson.  Fails with ERR_MEDIA_TYPE, with ERR_FIELDS for a
 * header that does not fit, with ERR_MALFORMED for a file that can't be read
 * on; what is wrong with single rows is in their lines.
 */
enum err import_rows_read(struct request *r, struct import_body *body, void *unused, struct import_file *ret_file);

/* ERR_MEDIA_TYPE, with what is taken here. */
enum err import_rows_other_type(struct request *r);

/* The COPY of rows such as these. */
#define IMPORT_ROWS_COPY "copy pg_temp.import_row (line, row, problems) from stdin"

#endif
