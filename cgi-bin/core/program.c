#include "service.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

enum { EXIT_CONFIG = 78 }; /* EX_CONFIG of sysexits.h */

static void describe(const struct program *program)
{
	printf("Usage: doorstep-%s [--help|--version]\n\n"
	       "Serves requests over FastCGI on descriptor 0 (a listening socket), or one\n"
	       "request as plain CGI.  Settings come from the environment:\n\n", program->name);
	settings_describe(stdout);
}

/* A worker holds children's data: no core files, no new privileges, no memory without end. */
static void confine(const struct settings *settings)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Without its supervisor nobody would restart it or tell it to stop. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
#ifndef WITH_SANITIZERS
	if (settings->memory_mib > 0) {
		const rlim_t most = (rlim_t)settings->memory_mib * 1024 * 1024;

		setrlimit(RLIMIT_AS, &(struct rlimit){ most, most });
	}
#else
	(void)settings;
#endif
}

/* The supervisor starts workers again at once: one that can't start waits, so that it does not spin. */
static int cannot_start(const char *why)
{
	log_event("error", "cannot start: %s", why);
	sleep(1);
	return EXIT_CONFIG;
}

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
	struct service s = { .program = program };
	const char    *why;

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("doorstep-%s %s\n", program->name, PACKAGE_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc > 1) {
		describe(program);
		return strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	log_start(program->name);
	why = settings_read(&s.settings);
	if (why)
		return cannot_start(why);
	confine(&s.settings);
	s.gateway = gateway_new();
	if (!s.gateway)
		return cannot_start("libfcgi could not be set up");
	s.db = db_new(s.settings.database, program->name);
	serve(&s);
	db_free(s.db);
	free(s.gateway);
	return EXIT_SUCCESS;
}
