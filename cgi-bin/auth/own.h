/*
 * What people change of their own account: the password, by hand or by a mailed link, and
 * one-time codes.
 */
#ifndef DOORSTEP_OWN_H
#define DOORSTEP_OWN_H

#include "core/route.h"

extern const struct route own_password_routes[], own_totp_routes[];

#endif
