/*
 * The side that is asked for pages.
 */
#ifndef DOORSTEP_PULL_SOURCE_H
#define DOORSTEP_PULL_SOURCE_H

#include <time.h>

#include "pull/page.h"
#include "pull/run.h"

enum { SOURCE_PAGE_MAX = 8 * 1024 * 1024 }; /* bytes: no more than Doorstep takes */

/* The first page of a kind; since: NULL for all that there is. */
const char *source_first(struct arena *a, const struct options *o, const struct kind *kind, const char *since);

/* The page at a URL of the source; *ret_before: what to ask for after this, were it the first page (clock.h). */
enum outcome source_get(struct run *run, struct arena *a, const char *url, struct page *ret, time_t *ret_before);

#endif
