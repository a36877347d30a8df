/*
 * The side that takes the pages: the imports of Doorstep.
 */
#ifndef DOORSTEP_PULL_SINK_H
#define DOORSTEP_PULL_SINK_H

#include "pull/page.h"
#include "pull/run.h"

/* What Doorstep has done with a page. */
struct receipt {
	const char         *import; /* its number */
	long long           rows, accepted, rejected;
	struct json_object *list;   /* of {line, field, detail}; NULL: none */
};

/* Tied to the arena. */
struct sink *sink_new(struct arena *a);

/* Signs in when it must. key: the same for the same page of the same pull, so that to send it again is harmless. */
enum outcome sink_post(struct run *run, struct arena *a, const struct kind *kind, const struct page *page,
		       const char *key, struct receipt *ret);

#endif
