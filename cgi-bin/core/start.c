#include "start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "log.h"

enum { EXIT_CONFIG = 78 }; /* EX_CONFIG of sysexits.h */

static void describe(const struct start *start)
{
	printf("Usage: doorstep-%s [%s--help|--version]\n\n%s  Settings come from the environment:\n\n",
	       start->name, start->options, start->usage);
	settings_describe(stdout);
}

/* A program holds children's data: no core files, no new privileges, no memory without end. */
static void confine(const struct settings *settings)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef WITH_SANITIZERS
	if (settings->memory_mib > 0) {
		const rlim_t most = (rlim_t)settings->memory_mib * 1024 * 1024;

		setrlimit(RLIMIT_AS, &(struct rlimit){ most, most });
	}
#else
	(void)settings;
#endif
}

int cannot_start(const char *why)
{
	log_event("error", "cannot start: %s", why);
	sleep(1);
	return EXIT_CONFIG;
}

bool program_start(const struct start *start, int argc, char **argv, int taken,
		   struct settings *ret_settings, int *ret_status)
{
	const char *why;

	*ret_status = EXIT_SUCCESS;
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("doorstep-%s %s\n", start->name, PACKAGE_VERSION);
		return false;
	}
	if (argc > 1 + taken) {
		describe(start);
		*ret_status = strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
		return false;
	}
	log_start(start->name);
	why = settings_read(ret_settings);
	if (why) {
		*ret_status = cannot_start(why);
		return false;
	}
	confine(ret_settings);
	return true;
}
