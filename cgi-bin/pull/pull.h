/*
 * The loop: kind by kind, page by page.  The state is written after each page
 * that Doorstep has taken, so a run that ends anywhere is gone on with at the
 * first page that was not.
 */
#ifndef DOORSTEP_PULL_PULL_H
#define DOORSTEP_PULL_PULL_H

#include "pull/options.h"

/* The exit status. */
int pull_run(struct arena *a, const struct options *o);

#endif
