/*
 * Whether PostgreSQL can run the query of a report, asked without running it.
 */
#ifndef DOORSTEP_REPORTS_PLANNED_H
#define DOORSTEP_REPORTS_PLANNED_H

#include "core/db.h"
#include "core/route.h"
#include "reports/folder.h"

/*
 * Tells of the routes whose query has a fault (no such column, two statements, what the program may not read or
 * change), and leaves them out.  When the database cannot be asked they all stay: a fault is then met at the first use.
 */
void planned_routes(struct db *db, struct arena *a, struct route *routes, folder_fault *fault);

#endif
