/*
 * JSON that comes from outside.
 *
 * json-c accepts much that RFC 8259 does not, and silently changes some of it
 * (duplicate keys, cut keys, clipped numbers).  So a strict check runs first;
 * only what it accepts reaches json-c and PostgreSQL.
 */
#ifndef DOORSTEP_JSON_H
#define DOORSTEP_JSON_H

#include <json-c/json.h>

#include "arena.h"

/* The limits of a request's body. */
enum {
	JSON_DEPTH_MAX = 16,
	JSON_VALUES_MAX = 10000,
};

/* Those of another text, such as a file: it may be larger, never deeper. */
struct json_limits {
	size_t values;
};

/*
 * NULL when text is one RFC 8259 value within the limits above; otherwise why
 * not, with the byte where, counted from 1: "byte 17: the key \"place\" appears
 * twice".  Refused too: a byte order mark, U+0000 in any form, invalid UTF-8,
 * lone surrogates, numbers that a double cannot hold (1e999, 1e-999) and
 * integers outside -2^63 … 2^63-1.
 */
const char *json_check(struct arena *a, const char *text, size_t length);

/*
 * The checked text as an object tied to the arena; NULL with *ret_why set when
 * it is refused.  A lone null is NULL too, with *ret_why NULL.
 */
struct json_object *json_read(struct arena *a, const char *text, size_t length,
			      const char **ret_why);

/* The same within other limits. */
struct json_object *json_read_within(struct arena *a, const char *text, size_t length,
				     const struct json_limits *limits, const char **ret_why);

/* Adds a member that is a text. */
void json_put_text(struct json_object *o, const char *name, const char *text);

#endif
