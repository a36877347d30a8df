/*
 * The routes /api/v1/imports/….
 */
#ifndef DOORSTEP_IMPORTS_H
#define DOORSTEP_IMPORTS_H

#include "core/route.h"

extern const struct route import_routes[];

#endif
