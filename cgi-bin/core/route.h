/*
 * A route is one row of a table: everything that the pipeline, the contract
 * test and the OpenAPI document know of it.
 */
#ifndef DOORSTEP_ROUTE_H
#define DOORSTEP_ROUTE_H

#include "err.h"
#include "field.h"

struct reply;
struct request;
struct service;

enum shape {
	ONE_ROW = 0, /* a record; no row is a 404 */
	MANY_ROWS,   /* a list, in every format; its first column is the unique key that it is ordered by */
	NO_ROW,      /* 200 with an empty object */
	DOCUMENT,    /* one row: document (XML), page (HTML as it was kept, or null), variant; no row is a 404 */
};

enum body_kind {
	BODY_JSON = 0, /* where there are IN_BODY fields */
	BODY_PATCH,    /* JSON Merge Patch (RFC 7396); needs If-Match */
	BODY_ROWS,     /* a file: the IN_BODY fields are the columns of its rows (CSV) or members (NDJSON) */
};

/*
 * The scope of every session of a person, and of no program: its routes are about the session
 * and the account themselves, and keep no answers, in which there could be secrets.
 */
#define ROUTE_SESSION "session"

/* Of a route that answers what was kept, of whatever type that is: none is refused. */
#define ROUTE_ANY_TYPE "*/*"

struct route {
	const char         *method, *path; /* "/api/v1/visits/{visit}": a segment in braces is a field IN_PATH */
	const char         *summary;
	const char         *scope;  /* NULL: open to all */
	const struct field *fields; /* what it takes */
	const struct field *answer; /* the columns of its rows */
	const char         *noun, *nouns; /* of its records, for XML and OpenAPI */
	const char         *function; /* SQL, called with the fields by name: "api.visit_list" */
	const char         *past; /* its twin, when "as_of" is given: what it answered at that moment; NULL: it has none */
	/* Instead of a function: a select whose values are the IN_QUERY fields in order, null when not given. */
	const char         *query;
	/*
	 * With the values of query: a select of what was asked for, as it was taken: (name, value, whether it is no
	 * text, as the XML element "asked"); NULL: nothing can be asked for.
	 */
	const char         *asked;
	enum shape          shape;
	const char         *key;  /* of a list: the column that it is ordered by; NULL: the first */
	const char         *page; /* what it is printed with: a folder of reports/; NULL: it has no page */
	const char         *about; /* begins the element in which the rows of its page stand; NULL: they stand alone */
	/* Of a write that keeps its page: what it is made of (document, variant); the page is its argument "page". */
	const char         *page_function;
	const char         *media_type; /* of what handle answers, or ROUTE_ANY_TYPE; NULL: JSON */
	bool                hidden;    /* without its scope it is 404, as if it were not there */
	bool                takes_long; /* it has the time of an export, in the database too */
	bool                sensitive; /* every read of it leaves an access entry, not only exports */
	enum body_kind      body;
	const char *const  *media_types; /* BODY_ROWS: what it takes besides CSV and NDJSON; ends in NULL */
	bool                secret;    /* its answer is nowhere to be kept: not under an Idempotency-Key, either */
	bool                once;      /* a file that is given once: whole, or not at all */
	bool                goes_on;   /* with "Prefer: respond-async" it answers 202 and goes on by itself */
	int                 status;   /* of success; 0: 200 */
	const char         *location; /* of what was made: "/api/v1/visits/%s" with the first column */
	const int          *statuses; /* of refusals that this route adds to those of the pipeline; ends in 0 */
	/* Instead of a call of function: what cannot be one SQL function. */
	enum err          (*handle)(struct service *s, struct request *r, struct reply *reply);
};

/*
 * The route of the tables (each ending in { 0 }, the list in NULL) for method
 * and path.  segments receives where in the path each {…} is, in order.
 * ERR_NOT_FOUND when no path fits; ERR_METHOD, with *ret_allow like
 * "GET, HEAD, POST", when the path does and the method does not.
 */
enum { ROUTE_SEGMENTS_MAX = 4 };

struct segment {
	const char *text;
	size_t      length;
};

enum err route_find(struct arena *a, const struct route *const *tables, const char *method, const char *path,
		    const struct route **ret_route, struct segment segments[ROUTE_SEGMENTS_MAX],
		    const char **ret_allow);

/* Two lists of tables, each ending in NULL, as one. */
const struct route *const *route_tables_join(struct arena *a, const struct route *const *first,
					     const struct route *const *second);

/* How many fields a table has. */
size_t route_field_count(const struct field *fields);

/* The formats that a route offers, the default first; ends in NULL. */
struct format;
const struct format *const *route_formats(const struct route *route);

/* Whether it answers what was kept, of whatever type: ROUTE_ANY_TYPE. */
bool route_is_of_any_type(const struct route *route);

/* Whether it is a person's own: its scope is ROUTE_SESSION. */
bool route_is_of_session(const struct route *route);

/* Whether a route reads only: GET. */
bool route_reads(const struct route *route);

#endif
