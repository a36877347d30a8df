/*
 * What is asked of a provider, over TLS; in clear only of one on this machine.  No redirect is
 * followed, nothing is waited for long, nothing large is taken.
 */
#ifndef DOORSTEP_FETCH_H
#define DOORSTEP_FETCH_H

#include <json-c/json.h>

#include "core/arena.h"

/*
 * The JSON object that is at the URL, by GET, or where there is a form, by POST.  issuer: of
 * whom it is asked.  NULL with *ret_why set when there is none.
 */
struct json_object *fetch_json(struct arena *a, const char *issuer, const char *url, const char *form,
			       const char **ret_why);

/* The text as it stands in a form or a query. */
const char *fetch_escaped(struct arena *a, const char *text);

#endif
