/*
 * Rows of pupils and contacts out of formats of others, besides our own CSV
 * and NDJSON: Common Transfer Files, and pages of Wonde.  Their lines are the
 * numbers of their records, from 1.
 */
#ifndef DOORSTEP_FOREIGN_ROWS_H
#define DOORSTEP_FOREIGN_ROWS_H

#include "register/import_row.h"
#include "register/import_rows.h"

bool foreign_is_ctf(const struct request *r);  /* application/xml, text/xml */
bool foreign_is_page(const struct request *r); /* application/json */

/* The parameter "school"; NULL, with a problem noted, where a page comes without it. */
const char *foreign_page_school(struct request *r);

/* Queues the question for the schools by their LAESTAB, which is what a Common Transfer File names. */
void *foreign_schools_ask(struct transaction *t);

typedef enum err foreign_read(struct request *r, struct import_body *body, const char *school_urn, import_row_fn *take,
			      void *ctx);

/* Reads whatever is sent; ctf: NULL where there is none of that. */
enum err foreign_rows_read(struct request *r, struct import_body *body, void *schools, foreign_read *ctf,
			   foreign_read *page, struct import_file *ret_file);

#endif
