/*
 * The folder of a schedule.
 */
#ifndef DOORSTEP_EXPORTS_PLACE_H
#define DOORSTEP_EXPORTS_PLACE_H

#include "core/output.h"
#include "core/settings.h"
#include "exports/job.h"

/*
 * Puts a file into <export_dir>/<client>/<folder>/, whole or not at all: one of the same
 * name is replaced.  NULL, or why it could not.
 */
const char *place_put(struct arena *a, const struct settings *settings, const struct job *job, const char *name,
		      struct output *file);

#endif
