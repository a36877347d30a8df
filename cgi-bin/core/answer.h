/*
 * Answers a route that is one SQL function: calls it with the request's fields
 * and writes its rows in the format asked for.
 */
#ifndef DOORSTEP_ANSWER_H
#define DOORSTEP_ANSWER_H

#include "service.h"

enum err answer_function(struct service *s, struct request *r, struct reply *reply);

#endif
