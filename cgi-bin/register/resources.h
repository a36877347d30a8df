/*
 * The route tables of what the program register answers from the register.
 * The program reports serves the lists among them, too.
 */
#ifndef DOORSTEP_REGISTER_RESOURCES_H
#define DOORSTEP_REGISTER_RESOURCES_H

#include "core/route.h"

extern const struct route attendance_routes[], amendment_routes[], import_log_routes[];

/* All of them, as the lists of the programs and of the description name them. */
#define REGISTER_ROUTES attendance_routes, amendment_routes, import_log_routes

#endif
