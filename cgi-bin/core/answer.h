/*
 * Answers a route that is one SQL function: calls it with the request's fields
 * and writes its rows in the format asked for.
 */
#ifndef DOORSTEP_ANSWER_H
#define DOORSTEP_ANSWER_H

#include "service.h"

/* Whether it is a list, whole, as a file: in any format but JSON. */
bool answer_is_export(const struct request *r);

enum err answer_function(struct service *s, struct request *r, struct reply *reply);

#endif
