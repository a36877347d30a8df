/*
 * How every program starts: --help and --version, logs, settings, and the
 * limits that it puts on itself.
 */
#ifndef DOORSTEP_START_H
#define DOORSTEP_START_H

#include <stdbool.h>

#include "settings.h"

struct start {
	const char *name;    /* "records": in logs, and its database role doorstep_records */
	const char *options; /* that it takes besides --help and --version: "--once|"; or "" */
	const char *usage;   /* what it does, for --help */
};

/*
 * True when the program is to go on, with its settings read and itself
 * confined; otherwise *ret_status is its exit status.  taken: how many
 * arguments the program has understood itself.
 */
bool program_start(const struct start *start, int argc, char **argv, int taken,
		   struct settings *ret_settings, int *ret_status);

/*
 * The exit status of a program that cannot start.  Its supervisor starts it
 * again at once: so it waits, that the two do not spin.
 */
int cannot_start(const char *why);

#endif
