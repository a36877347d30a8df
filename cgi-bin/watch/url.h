/*
 * Where notifications may go: anywhere over TLS, in clear no further than this machine.
 */
#ifndef DOORSTEP_URL_H
#define DOORSTEP_URL_H

#include <stdbool.h>

/* Whether a URL's host is this machine: localhost, 127.0.0.0/8 or ::1. False for what is no URL. */
bool url_is_local(const char *url);

/* NULL, or why nothing is sent there: only https, or http to this machine. */
const char *url_problem(const char *url);

/* Whether it is a URL of this scheme. */
bool url_has_scheme(const char *url, const char *scheme);

#endif
