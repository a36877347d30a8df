/*
 * Reports, and exports: the same routes as in records and register, in a process and with a database
 * role of their own, so that a long export keeps no check-in waiting and can
 * change nothing.
 */
#include "core/service.h"
#include "records/resources.h"
#include "register/resources.h"
#include "reports/resources.h"

static const struct route *const routes[] = { health_routes, RESOURCE_ROUTES, REGISTER_ROUTES, REPORT_ROUTES, NULL };

int main(int argc, char **argv)
{
	return program_main(&(const struct program){ .name = "reports", .routes = routes }, argc, argv);
}
