/*
 * A page as the source answers it: {"data": […], "meta": {"pagination": {"next": …, "more": …}}}.
 */
#ifndef DOORSTEP_PULL_PAGE_H
#define DOORSTEP_PULL_PAGE_H

#include <stddef.h>

#include "core/arena.h"

struct page {
	const char *body;
	size_t      size, rows;
	const char *next; /* the URL of the page to go on with; NULL: this was the last */
};

/*
 * NULL, or why there is no going on with it.  url: where it came from; next is
 * of the same origin, for the token goes there.  A page without "meta" is the
 * last, as the broker's own client has it.
 */
const char *page_read(struct arena *a, const char *url, const char *body, size_t size, struct page *ret);

#endif
