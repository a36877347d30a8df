/*
 * The URLs of a pull: where tokens may go, and where not.
 */
#ifndef DOORSTEP_PULL_ADDRESS_H
#define DOORSTEP_PULL_ADDRESS_H

#include <stdbool.h>

#include "core/arena.h"

enum { ADDRESS_MAX = 4096 };

/* NULL, or why it is no address to send a token to: https, or http to this machine; no user, query or fragment. */
const char *address_problem(const char *url);

/* Whether both have the same scheme, host and port, and neither a user or password. False for what is no URL. */
bool address_same_origin(const char *x, const char *y);

/* A base, with or without a slash at its end, and a path that begins with one. */
const char *address_join(struct arena *a, const char *base, const char *path);

/* With "name=value" added to its query, encoded. */
const char *address_with(struct arena *a, const char *url, const char *parameter);

/* Another URL as it is meant in the answer to the first; NULL when it is none. */
const char *address_resolve(struct arena *a, const char *from, const char *to);

/* For messages: without user, query and fragment; "a URL that cannot be read" for what is none. */
const char *address_shown(struct arena *a, const char *url);

#endif
