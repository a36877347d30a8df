/*
 * The values of a request's declared fields, checked, all problems collected.
 */
#ifndef DOORSTEP_FIELDS_H
#define DOORSTEP_FIELDS_H

#include "request.h"
#include "route.h"

/*
 * Fills r->values and, where the route has a JSON or form body, reads and
 * checks it.  Fails with ERR_NOT_FOUND (a path segment that can't be an id),
 * ERR_FIELDS, ERR_JSON, ERR_MEDIA_TYPE, ERR_TOO_LARGE, ERR_MALFORMED.
 */
enum err fields_read(struct request *r, const struct segment *segments);

/* A value by its field's name; NULL when it wasn't given. */
const char *fields_value(const struct request *r, const char *name);

/* Whether the route has a field of this kind. */
bool fields_any(const struct route *route, enum field_in in);

/* Whether the route takes parameters that its SQL is given. */
bool fields_filter(const struct route *route);

#endif
