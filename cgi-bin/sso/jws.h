/*
 * Signed tokens (RFC 7515, RFC 7519) by librhonabwy.  In a file of its own: it brings libjansson
 * along, whose names are those of json-c.
 */
#ifndef DOORSTEP_JWS_H
#define DOORSTEP_JWS_H

#include <stdbool.h>

#include "core/arena.h"

/* Once, at start. */
bool jws_start(void);

/*
 * The claims of a token that one of the keys signed (a JSON Web Key Set), as JSON; NULL with
 * *ret_why set: what is wrong.
 */
const char *jws_claims(struct arena *a, const char *text, const char *keys, const char **ret_why);

#endif
