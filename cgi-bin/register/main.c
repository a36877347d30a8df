#include "core/service.h"
#include "register/changes.h"
#include "register/imports.h"
#include "register/resources.h"

static const struct route *const routes[] = { health_routes, import_routes, REGISTER_ROUTES, change_routes, NULL };

int main(int argc, char **argv)
{
	return program_main(&(const struct program){ .name = "register", .routes = routes }, argc, argv);
}
