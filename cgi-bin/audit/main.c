/*
 * The trail: read, and held against what was signed of it.  In a process and with a
 * database role of its own, which sees nothing but the trail.
 */
#include "audit/resources.h"
#include "core/service.h"

static const struct route *const routes[] = { health_routes, AUDIT_ROUTES, NULL };

static const struct program program = { .name = "audit", .routes = routes };

int main(int argc, char **argv)
{
	return program_main(&program, argc, argv);
}
