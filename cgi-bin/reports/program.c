/*
 * Reports, and exports: the same routes as in records and register, in a process and with a database
 * role of their own, so that a long export keeps no check-in waiting and can
 * change nothing.  Reports that are folders are found at start.
 */
#include "reports/program.h"

#include "core/log.h"
#include "records/resources.h"
#include "register/resources.h"
#include "reports/folder.h"
#include "reports/planned.h"
#include "reports/resources.h"

static const struct route *const routes[] = { health_routes, RESOURCE_ROUTES, REGISTER_ROUTES, REPORT_ROUTES, NULL };

static void tell(const char *name, const char *why)
{
	log_event("error", "the report %s is not served: %s", name, why);
}

static const struct route *const *find_routes(struct arena *a, const struct settings *settings, struct db *db)
{
	const struct route **tables = arena_alloc(a, 3 * sizeof(*tables));
	struct route        *found = folder_routes(a, settings, tell);

	if (db)
		planned_routes(db, a, found, tell);
	tables[0] = found;
	tables[1] = folder_schemas(a, tables[0]);
	return tables;
}

const struct program reports_program = { .name = "reports", .routes = routes, .find_routes = find_routes };
