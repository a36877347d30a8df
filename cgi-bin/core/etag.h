/*
 * Entity tags (RFC 9110 section 8.8): the version of a record, quoted.
 */
#ifndef DOORSTEP_ETAG_H
#define DOORSTEP_ETAG_H

#include <stdbool.h>

#include "arena.h"

const char *etag_of_version(struct arena *a, const char *version);

/*
 * The strong tags of an If-Match header as a PostgreSQL text array, without
 * quotes; "*" stands for itself.  Weak tags never match and are left out.
 * NULL when the header is malformed.
 */
const char *etag_array(struct arena *a, const char *if_match);

/* Whether an If-None-Match header names the tag (weak comparison) or is "*". */
bool etag_matches(const char *if_none_match, const char *etag);

#endif
