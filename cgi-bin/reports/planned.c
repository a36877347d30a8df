#include "reports/planned.h"

#include <stddef.h>

#include "core/log.h"

enum { DEADLINE_MS = 2000 };

/* Its parameters are null; the last field of a report is the flavour, which is none of them. */
static bool is_planned(struct db *db, struct arena *a, const struct route *route, struct db_failure *ret_failure)
{
	const size_t    count = route_field_count(route->fields) - 1;
	struct db_query query = { .sql = arena_printf(a, "explain %s", route->query), .count = (int)count,
		.values = arena_alloc(a, (count + 1) * sizeof(const char *)) };

	*ret_failure = (struct db_failure){ .err = ERR_NONE };
	db_deadline(db, DEADLINE_MS, -1);
	return db_ready(db, a, ret_failure) && db_run(db, a, &query, 1, ret_failure);
}

void planned_routes(struct db *db, struct arena *a, struct route *routes, folder_fault *fault)
{
	struct db_failure failure = { .err = ERR_NONE };
	struct route     *kept = routes;

	for (struct route *route = routes; route->method; route++) {
		const bool asked = failure.err != ERR_UNAVAILABLE;

		if (!asked || is_planned(db, a, route, &failure) || failure.err == ERR_UNAVAILABLE)
			*kept++ = *route;
		else
			fault(route->page, arena_printf(a, "report.sql: %s", failure.log));
		if (asked && failure.err == ERR_UNAVAILABLE)
			log_event("warning", "the queries of the reports could not be tried: %s", failure.log);
	}
	*kept = (struct route){ 0 };
}
