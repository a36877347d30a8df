#include <liboath/oath.h>
#include <sodium.h>

#include "auth/oauth.h"
#include "auth/own.h"
#include "auth/session.h"
#include "core/service.h"
#include "core/start.h"

static const struct route *const routes[] = {
	health_routes, oauth_routes, session_routes, own_password_routes, own_totp_routes, NULL
};

int main(int argc, char **argv)
{
	if (sodium_init() < 0 || oath_init() != OATH_OK)
		return cannot_start("libsodium or liboath could not be set up");
	return program_main(&(const struct program){ .name = "auth", .routes = routes }, argc, argv);
}
