/*
 * What is done with files in more than one place: a small text file of the installation,
 * read whole; a descriptor that lives as long as an arena; bytes written whole.
 */
#ifndef DOORSTEP_FILE_H
#define DOORSTEP_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/* The text of at most max bytes; NULL with *ret_why set ("there is none") when it cannot be had, or is empty. */
const char *file_text(struct arena *a, const char *path, size_t max, const char **ret_why);

/* Whether the file is there, and nobody but its owner may do anything with it. */
bool file_is_private(const char *path);

/* The descriptor, which is closed with the arena; -1 of -1. */
int file_kept(struct arena *a, int fd);

/* Writes all of it; false, with errno set, when that could not be. */
bool file_write(int fd, const void *data, size_t size);

#endif
