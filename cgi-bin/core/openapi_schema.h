/*
 * JSON Schema (2020-12) of fields, as OpenAPI 3.1 uses it.
 */
#ifndef DOORSTEP_OPENAPI_SCHEMA_H
#define DOORSTEP_OPENAPI_SCHEMA_H

#include <json-c/json.h>

#include "field.h"

/* Of one value that is sent. */
struct json_object *schema_of_field(const struct field *f);

/*
 * Of an object with the members of a table.  patch: nothing is required, null
 * removes.  answer: it is answered, so nothing is left out but may be null,
 * and flat columns aren't there.
 */
enum schema_use { SCHEMA_SENT, SCHEMA_PATCH, SCHEMA_ANSWERED };
struct json_object *schema_of_fields(const struct field *fields, enum schema_use use);

#endif
