/*
 * A field is declared once, as a row of a static table ending in { 0 }.  From
 * the same row come validation, the SQL argument, the column of every export
 * format, the XSD and the OpenAPI document.
 *
 * A field says how a value looks.  What it may mean (does this pupil exist,
 * is the end after the start) is the database's to say.
 */
#ifndef DOORSTEP_FIELD_H
#define DOORSTEP_FIELD_H

#include <json-c/json.h>
#include <stdbool.h>

#include "problem.h"
#include "utf8.h"

enum field_in {
	IN_BODY = 0, /* a member of the JSON body, or of an answer */
	IN_PATH,
	IN_QUERY,
	IN_FORM, /* application/x-www-form-urlencoded body */
};

enum field_type {
	FIELD_NONE = 0, /* ends a table */
	FIELD_TEXT,     /* min and max count characters (max 0: 1000); line breaks, tabs: .lines */
	FIELD_INT,      /* from min to max (max 0: 2^53 - 1, which JSON readers keep exact) */
	FIELD_DECIMAL,  /* at most one place of decimals; min and max are whole (max 0: as of FIELD_INT) */
	FIELD_BOOL,     /* true or false */
	FIELD_DATE,     /* 2026-12-31 */
	FIELD_TIME,     /* RFC 3339 with an offset, 2027-01-12T09:30:00Z; answered in UTC */
	FIELD_MOMENT,   /* a day or a time, as a filter takes them */
	FIELD_CHOICE,   /* one of .choices */
	FIELD_CURSOR,   /* opaque place in a list, as given in "next" */
	FIELD_OBJECT,   /* members: .fields */
	FIELD_LIST,     /* items: .item; min and max count them (max 0: 100) */
};

/* What holds where a field says nothing else; OpenAPI says the same. */
enum {
	FIELD_TEXT_MAX = 1000, /* characters */
	FIELD_ITEMS_MAX = 100, /* of a list */
};
#define FIELD_INT_MAX ((1LL << 53) - 1) /* which JSON readers keep exact */

/* Where a column of an answer appears. */
enum field_shape {
	SHAPE_ALL = 0,
	SHAPE_NESTED, /* JSON and NDJSON only: lists and objects */
	SHAPE_FLAT,   /* CSV and XML only: what stands there for a list or object */
};

struct field {
	const char              *name;
	enum field_in            in;
	enum field_type          type;
	enum field_shape         shape;
	bool                     required; /* in an answer: never null */
	bool                     lines;
	bool                     internal; /* the program's own (limit, count): no SQL argument */
	long long                min, max;
	const char *const       *choices; /* ends in NULL */
	const struct field      *fields;
	const struct field      *item;
	const char              *doc;
};

/*
 * Checks one value given as text (path, query, form, CSV cell); NULL means
 * that it was not given.  Answers NULL when it is acceptable, otherwise what is
 * wrong with it, as in struct problem.  Text of nothing but blanks is empty,
 * which a required text must not be.  FIELD_OBJECT and FIELD_LIST cannot be
 * given as text.
 */
const char *field_check_text(struct arena *a, const struct field *f, const char *value);

/*
 * Checks a JSON object against the IN_BODY rows of a table, nested ones too:
 * unknown members, missing required ones, types, ranges, lengths, choices.
 * With patch (RFC 7396) nothing is required but within lists, which are
 * replaced whole, and null removes what is not required.  Every problem is
 * added with its JSON pointer.
 */
void field_check_body(const struct field *fields, struct json_object *body, bool patch,
		      struct problems *problems);

#endif
