/*
 * What is wrong with a request's fields: every problem with its JSON pointer,
 * collected so that a client hears of all of them in one answer (RFC 9457).
 */
#ifndef DOORSTEP_PROBLEM_H
#define DOORSTEP_PROBLEM_H

#include <stddef.h>

#include "arena.h"

struct problem {
	struct problem *next;
	const char     *pointer; /* RFC 6901 into the body, "/limit" for a parameter */
	const char     *detail;  /* what is wrong: "is not a date like 2026-12-31" */
};

enum { PROBLEMS_MAX = 100 }; /* further ones are counted, not kept */

struct problems {
	struct arena   *arena;
	struct problem *first, *last;
	size_t          count;
};

void problems_add(struct problems *p, const char *pointer, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* pointer + "/" + name, with the escapes of RFC 6901. */
const char *pointer_member(struct arena *a, const char *pointer, const char *name);
const char *pointer_item(struct arena *a, const char *pointer, size_t index);

#endif
