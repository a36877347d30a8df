#include <curl/curl.h>
#include <malloc.h>

#include "core/service.h"
#include "core/start.h"
#include "sso/jws.h"
#include "sso/sign_on.h"

static const struct route *const routes[] = { health_routes, sign_on_routes, NULL };

int main(int argc, char **argv)
{
	mallopt(M_ARENA_MAX, 1); /* every thread that resolves a name would reserve address space of its own */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !jws_start())
		return cannot_start("libcurl or librhonabwy could not be set up");
	return program_main(&(const struct program){ .name = "sso", .routes = routes }, argc, argv);
}
