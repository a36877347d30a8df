#include "core/service.h"
#include "records/resources.h"

static const struct route *const routes[] = { health_routes, RESOURCE_ROUTES, NULL };

int main(int argc, char **argv)
{
	return program_main(&(const struct program){ .name = "records", .routes = routes }, argc, argv);
}
