/*
 * The SQL that calls a route's function with the fields of the request, by
 * name, and selects just the columns that the format shows.
 */
#ifndef DOORSTEP_CALL_H
#define DOORSTEP_CALL_H

#include "request.h"
#include "route.h"

enum { CALL_VALUES_MAX = 24 };

struct call {
	const char *sql;
	const char *count_sql; /* counts what the filters select; same values, no page */
	const char *values[CALL_VALUES_MAX];
	int         count;
	const char *page_sql;   /* of a write that keeps a page: asks for what it is made of, with the first values */
	int         page_value; /* which value takes the page */
	const char *moment;  /* as at which it reads: the past of the route is called; NULL: as it is now */
	int         filters; /* how many of the values count_sql takes: the first ones */
};

/*
 * columns: to select; none for a function without rows.  page_key and
 * page_rows: NULL, or where a page starts and how many rows it has.
 */
struct call call_build(struct request *r, const struct field *const *columns, size_t column_count,
		       const char *page_key, const char *page_rows);

#endif
