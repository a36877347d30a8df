/*
 * OAuth 2 client credentials (RFC 6749 section 4.4) and revocation (RFC 7009).
 */
#ifndef DOORSTEP_OAUTH_H
#define DOORSTEP_OAUTH_H

#include "core/route.h"

extern const struct route oauth_routes[];

#endif
