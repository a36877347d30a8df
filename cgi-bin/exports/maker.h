/*
 * The maker of exports: takes up what waits, one after another, each in a child of its
 * own, which it watches: so whatever a report needs or does, the maker stays.
 */
#ifndef DOORSTEP_EXPORTS_MAKER_H
#define DOORSTEP_EXPORTS_MAKER_H

#include <stdbool.h>

#include "core/settings.h"

/* Until asked to stop; once: until nothing waits any more. The exit status. */
int maker_run(const struct settings *settings, bool once);

#endif
