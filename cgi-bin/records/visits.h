/*
 * What of a visit's fields other resources show, too.
 */
#ifndef DOORSTEP_VISITS_H
#define DOORSTEP_VISITS_H

#include "records/resources.h"

extern const struct field place_fields[], next_due_fields[], team_member;

#endif
