/*
 * Who calls, and why: the access token of a program, in the Authorization header, or that
 * of a person's session, in its cookie; and the reason, where one is said.
 *
 * A browser sends the cookie whoever made the page that asks.  So what is sent with it and
 * may change something must show that it comes from a page of Doorstep's own, which was
 * told a value that is made of the token.
 */
#ifndef DOORSTEP_CALLER_H
#define DOORSTEP_CALLER_H

#include "reply.h"
#include "request.h"

#define CALLER_SESSION_COOKIE "__Host-doorstep"

enum { CALLER_REASON_MAX = 500 }; /* characters */

/*
 * Sets token_hash and reason of the request; both stay NULL where there is none.  Fails with
 * ERR_MALFORMED (token and cookie both, a reason that is too long or no text) and ERR_CSRF.
 */
enum err caller_read(struct request *r);

/* What a session's page sends as X-CSRF-Token, of the session's token. */
const char *caller_csrf(struct arena *a, const char *token);

/* The cookie of the browser's session: this token from now on, or none (NULL). */
void caller_set_session(struct reply *reply, struct arena *a, const char *token);

/* ERR_CSRF when a browser says that the page of another site made it send this. */
enum err caller_check_site(struct request *r);

#endif
