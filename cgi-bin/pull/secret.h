/*
 * A secret of the operator.  Never from the command line, which everybody on
 * the machine can read.
 */
#ifndef DOORSTEP_PULL_SECRET_H
#define DOORSTEP_PULL_SECRET_H

#include "core/arena.h"

struct secret {
	const char *what;       /* "the token of the source" */
	const char *option;     /* "--source-token-file" */
	const char *variable;   /* of the environment */
	const char *credential; /* its file in systemd's $CREDENTIALS_DIRECTORY */
};

/* From the file, where one is named, or else the environment, or else systemd. NULL, and *ret_why says what to do. */
const char *secret_read(struct arena *a, const struct secret *secret, const char *file, const char **ret_why);

#endif
