#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "pull/pull.h"

/* It holds children's data and secrets. */
static void confine(void)
{
	umask(077);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef WITH_SANITIZERS
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int main(int argc, char **argv)
{
	struct arena  *a = arena_new();
	struct options options;
	int            status;

	confine();
	if (options_read(a, argc, argv, &options, &status))
		status = pull_run(a, &options);
	arena_free(a);
	return status;
}
