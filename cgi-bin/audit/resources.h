/*
 * The route tables of the program audit.
 */
#ifndef DOORSTEP_AUDIT_RESOURCES_H
#define DOORSTEP_AUDIT_RESOURCES_H

#include "core/route.h"

extern const struct route trail_routes[], verify_routes[];

#define AUDIT_ROUTES trail_routes, verify_routes

#endif
