/*
 * Year groups as files of management information systems say them.
 */
#ifndef DOORSTEP_YEAR_GROUP_H
#define DOORSTEP_YEAR_GROUP_H

#include "core/arena.h"

/*
 * N1, N2, R, 1 … 13 for "R", "Reception", "0", "7", "07", "Y7", "Year 7";
 * "" for what is a year to others and none here (DfE's E1, E2, 14, M for mixed,
 * X for none); any other text as it stands, for the check of rows to refuse.
 */
const char *year_group_read(struct arena *a, const char *text);

#endif
