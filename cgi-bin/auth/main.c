#include "auth/oauth.h"
#include "core/service.h"

static const struct route *const routes[] = { health_routes, oauth_routes, NULL };

int main(int argc, char **argv)
{
	return program_main(&(const struct program){ .name = "auth", .routes = routes }, argc, argv);
}
