#include "service.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "start.h"

static const char usage[] =
	"Serves requests over FastCGI on descriptor 0 (a listening socket), or one\n"
	"request as plain CGI.";

static void serve(struct service *s)
{
	for (;;) {
		switch (gateway_next(s->gateway)) {
		case GATEWAY_REQUEST:
			service_serve(s);
			break;
		case GATEWAY_AGAIN:
			break;
		case GATEWAY_STOP:
			return;
		}
	}
}

int program_main(const struct program *program, int argc, char **argv)
{
	const struct start start = { .name = program->name, .options = "", .usage = usage };
	struct arena      *lasting;
	struct program     with_found = *program;
	struct service     s = { .program = &with_found };
	int                status;

	if (!program_start(&start, argc, argv, 0, &s.settings, &status))
		return status;
	/* Without its supervisor nobody would restart it or tell it to stop. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	s.gateway = gateway_new();
	if (!s.gateway)
		return cannot_start("libfcgi could not be set up");
	s.db = db_new(s.settings.database, program->name);
	lasting = arena_new();
	if (program->find_routes)
		with_found.routes = route_tables_join(lasting, program->routes,
			program->find_routes(lasting, &s.settings, gateway_is_cgi(s.gateway) ? NULL : s.db));
	serve(&s);
	db_free(s.db);
	free(s.gateway);
	arena_free(lasting);
	return EXIT_SUCCESS;
}
