/*
 * The routes /api/v1/changes…: what changed, for those who keep a copy.
 */
#ifndef DOORSTEP_CHANGES_H
#define DOORSTEP_CHANGES_H

#include "core/route.h"

extern const struct route change_routes[];

#endif
