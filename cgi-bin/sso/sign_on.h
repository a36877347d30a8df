/*
 * Single sign-on by OpenID Connect: the authorization code flow with PKCE (RFC 7636).
 */
#ifndef DOORSTEP_SIGN_ON_H
#define DOORSTEP_SIGN_ON_H

#include "core/route.h"

extern const struct route sign_on_routes[];

#endif
