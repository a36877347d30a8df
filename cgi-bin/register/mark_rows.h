/*
 * Marks out of the rows of a CSV or NDJSON file, in either of two forms: a row
 * for each mark (date, session, code), or the form of a register, a row for
 * each pupil and week with the marks in one text or in ten columns.
 */
#ifndef DOORSTEP_MARK_ROWS_H
#define DOORSTEP_MARK_ROWS_H

#include "register/marks.h"

enum err mark_rows_read_csv(struct request *r, struct import_body *body, struct marks *m);
enum err mark_rows_read_ndjson(struct request *r, struct import_body *body, struct marks *m);

#endif
