/*
 * Rows of a CSV file: the header names the columns, in any order.
 */
#ifndef DOORSTEP_IMPORT_CSV_H
#define DOORSTEP_IMPORT_CSV_H

#include "core/output.h"
#include "core/request.h"

enum err import_csv_read(struct request *r, struct output *body, struct output *rows);

#endif
