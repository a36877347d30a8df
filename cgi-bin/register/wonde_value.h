/*
 * Values of Wonde's JSON, which wraps what it includes: {"data": …}.  An
 * object that may be missing is NULL throughout, and has no members.
 */
#ifndef DOORSTEP_WONDE_VALUE_H
#define DOORSTEP_WONDE_VALUE_H

#include <json-c/json.h>
#include <stdbool.h>

#include "core/arena.h"

/* The member, out of its wrapper if it has one; NULL when it is missing or null. */
struct json_object *wonde_member(struct json_object *object, const char *name);

/* The same, at the end of a path of names that ends in NULL. */
struct json_object *wonde_at(struct json_object *object, const char *const *path);

/* True when the last name of the path is there, null or not. */
bool wonde_has(struct json_object *object, const char *const *path);

/*
 * Text as it stands, a whole number in digits; NULL for null and what is
 * missing.  False when the value is something else.
 */
bool wonde_text(struct arena *a, struct json_object *value, const char **ret);

/*
 * The day of "2026-03-15", "2026-03-15 00:00:00.000000" or {"date": …}.  Any
 * other text, one with another time of day among it, is left as it stands.
 */
bool wonde_day(struct arena *a, struct json_object *value, const char **ret);

/* true, false, 1, 0, "1", "0", "true", "false".  NULL as above leaves *ret as it was. */
bool wonde_bool(struct json_object *value, bool *ret);

/* Calls fn for each item of an array, or for the one that is no array; none for NULL.  False when fn did. */
bool wonde_each(struct json_object *list, bool (*fn)(void *ctx, struct json_object *item), void *ctx);

#endif
