/*
 * Claims that the operator wants a provider to have made of whoever comes from it, beside those
 * that are always checked: that somebody is no guest of the tenant, or showed a second factor.
 */
#ifndef DOORSTEP_CLAIMS_H
#define DOORSTEP_CLAIMS_H

#include <json-c/json.h>

#include "core/arena.h"

/* NULL, or what is wrong with what is wanted: {"name": text, number or boolean, …}. */
const char *claims_problem(struct arena *a, struct json_object *wanted);

/*
 * The name of the first claim that is wanted and not made; NULL: all are.  A claim is made when
 * it has just that value, or is a list with it (amr).  wanted NULL: nothing is.
 */
const char *claims_unmet(struct json_object *wanted, struct json_object *made);

#endif
