/*
 * The answer of a route of the shape DOCUMENT: one XML document, or the page
 * that it is printed as.
 */
#ifndef DOORSTEP_DOCUMENT_H
#define DOORSTEP_DOCUMENT_H

#include "service.h"

enum err document_answer(struct service *s, struct request *r, struct reply *reply);

#endif
