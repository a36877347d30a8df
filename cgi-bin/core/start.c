#include "start.h"

#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arena.h"
#include "log.h"

enum { EXIT_CONFIG = 78, LIBRARIES_MAX = 256 }; /* EX_CONFIG of sysexits.h */

struct libraries {
	struct arena *arena;
	const char   *names[LIBRARIES_MAX];
	size_t        count;
};

/* The name of the file itself ends in the library's version; what is linked to is a link to it. */
static int add_library(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct libraries *l = ctx;
	char              file[PATH_MAX];

	(void)size;
	if (info->dlpi_name[0] == '/' && realpath(info->dlpi_name, file) && l->count < LIBRARIES_MAX)
		l->names[l->count++] = arena_strdup(l->arena, strrchr(file, '/') + 1);
	return 0;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* What a list of what is known to be faulty is held against. */
static void tell_versions(const char *name)
{
	struct libraries l = { .arena = arena_new() };

	printf("doorstep-%s %s\n", name, PACKAGE_VERSION);
	dl_iterate_phdr(add_library, &l);
	qsort(l.names, l.count, sizeof(l.names[0]), by_name);
	for (size_t i = 0; i < l.count; i++)
		printf("  %s\n", l.names[i]);
	arena_free(l.arena);
}

static void describe(const struct start *start)
{
	printf("Usage: doorstep-%s [%s--help|--version]\n\n%s  Settings come from the environment:\n\n",
	       start->name, start->options, start->usage);
	settings_describe(stdout);
}

/*
 * A program holds children's data: no core files, no new privileges, no memory
 * without end, and none of it shown to other processes of its user.
 */
static void confine(const struct settings *settings)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef WITH_SANITIZERS /* which read their own process, and map memory without end */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
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
		tell_versions(start->name);
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
