/*
 * A small text file of the installation, read whole.
 */
#ifndef DOORSTEP_FILE_H
#define DOORSTEP_FILE_H

#include "arena.h"

/* The text of at most max bytes; NULL with *ret_why set ("there is none") when it cannot be had, or is empty. */
const char *file_text(struct arena *a, const char *path, size_t max, const char **ret_why);

#endif
