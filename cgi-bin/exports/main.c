#include <string.h>

#include "core/start.h"
#include "exports/maker.h"

static const struct start start = {
	.name = "exports",
	.options = "--once|",
	.usage = "Makes the exports that were asked for to be made later, and those of schedules, one\n"
		 "after another.  With --once it makes those that wait, and ends.",
};

int main(int argc, char **argv)
{
	const bool      once = argc > 1 && strcmp(argv[1], "--once") == 0;
	struct settings settings;
	int             status;

	if (!program_start(&start, argc, argv, once, &settings, &status))
		return status;
	return maker_run(&settings, once);
}
