/*
 * Signing in and out, and what a session is: its cookies, and how it is told.
 */
#ifndef DOORSTEP_SESSION_H
#define DOORSTEP_SESSION_H

#include "core/field.h"
#include "core/reply.h"
#include "core/route.h"
#include "core/service.h"

extern const struct route session_routes[];

/* Of a session as it is told. */
extern const struct field session_fields[];

/* The cookie by which the browser is known to the person's account. */
enum err session_device(struct request *r, const char **ret_device);
void     session_set_device(struct reply *reply, struct arena *a, const char *device);

/* Answers the session that the JSON text tells, which has this token. */
enum err session_answer(struct request *r, struct reply *reply, const char *json, const char *token);

/* A member of the request's body, which was checked; NULL when it was not given. */
const char *session_member(struct request *r, const char *name);

/* ERR_TOO_MANY, when there are seconds to wait. */
enum err session_wait(struct request *r, struct reply *reply, const char *seconds);

#endif
