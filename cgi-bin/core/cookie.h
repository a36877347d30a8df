/*
 * Cookies: those of a request (RFC 6265 section 4.2), and those that an answer sets.
 */
#ifndef DOORSTEP_COOKIE_H
#define DOORSTEP_COOKIE_H

#include "reply.h"
#include "request.h"

/*
 * A cookie by its name; *ret_value is NULL when it was not sent, or is empty.  Sent more than
 * once nobody knows which one counts: ERR_MALFORMED.
 */
enum err cookie_read(struct request *r, const char *name, const char **ret_value);

enum { COOKIE_UNTIL_THE_BROWSER_ENDS = 0 };

/*
 * Sets a cookie, for seconds: of this host and all its paths, over TLS, out of reach of scripts.
 * same_site: "Strict" or "Lax".  value NULL: takes it away.
 */
void cookie_set(struct reply *reply, struct arena *a, const char *name, const char *value, const char *same_site,
		long seconds);

#endif
