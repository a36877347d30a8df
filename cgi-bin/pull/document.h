/*
 * JSON of the source and of Doorstep, which may be larger than core/json.h
 * takes.  It is looked into here, and judged by Doorstep.
 */
#ifndef DOORSTEP_PULL_DOCUMENT_H
#define DOORSTEP_PULL_DOCUMENT_H

#include <json-c/json.h>

#include "core/arena.h"

/* The object, tied to the arena; NULL with *ret_why set when the text is none. */
struct json_object *document_read(struct arena *a, const char *text, size_t size, const char **ret_why);

/* A member that is a text; NULL when there is none, or it is none. */
const char *document_text(struct json_object *object, const char *name);

/* A member that is a whole number from 0; -1 when there is none, or it is none. */
long long document_count(struct json_object *object, const char *name);

#endif
