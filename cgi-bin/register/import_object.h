/*
 * A row in the making: what a reader knows of one pupil or contact, as the
 * JSON object of the NDJSON form, handed over whole and gone after that.
 */
#ifndef DOORSTEP_IMPORT_OBJECT_H
#define DOORSTEP_IMPORT_OBJECT_H

#include "register/import_row.h"

struct import_object {
	struct arena       *arena; /* its own */
	struct import_row   row;
	struct json_object *members;
};

void import_object_begin(struct import_object *o, long line);

/* NULL: the file says nothing of it; "": it says that it is empty, which clears as null does. */
void import_object_text(struct import_object *o, const char *name, const char *text);

/* Text that is a whole number becomes one; anything else is left to the check of rows. */
void import_object_number(struct import_object *o, const char *name, const char *text);
void import_object_bool(struct import_object *o, const char *name, bool value);

/* Answers what take answers; o is over then. */
bool import_object_give(struct import_object *o, import_row_fn *take, void *ctx);

#endif
