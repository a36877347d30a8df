/*
 * The OpenAPI 3.1 document of route tables: paths, parameters, bodies, answers
 * and every status that the pipeline or the route can give.
 */
#ifndef DOORSTEP_OPENAPI_H
#define DOORSTEP_OPENAPI_H

#include <json-c/json.h>

#include "route.h"

/* tables: ends in NULL.  The caller puts the object. */
struct json_object *openapi_document(struct arena *a, const struct route *const *tables);

#endif
