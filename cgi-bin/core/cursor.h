/*
 * A cursor is the key of the last row of a page and the mark of the list that
 * it belongs to: same path, same filters.
 */
#ifndef DOORSTEP_CURSOR_H
#define DOORSTEP_CURSOR_H

#include "request.h"

/* The path of the page after the row with this key: filters, limit and cursor. */
const char *cursor_next(struct request *r, const char *key);

/* The key in a cursor of this list; NULL when it is from elsewhere. */
const char *cursor_key(struct request *r, const char *cursor);

#endif
