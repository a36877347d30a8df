#include <string.h>

#include "core/start.h"
#include "watch/mail.h"
#include "watch/watch.h"

static const struct start start = {
	.name = "watch",
	.options = "--once|",
	.usage = "Watches the clock: finds what falls due, climbs ladders, and sends notifications\n"
		 "by e-mail and to webhooks.  With --once it looks once, sends what is due, and ends.",
};

int main(int argc, char **argv)
{
	const bool      once = argc > 1 && strcmp(argv[1], "--once") == 0;
	struct settings settings;
	const char     *why;
	int             status;

	if (!program_start(&start, argc, argv, once, &settings, &status))
		return status;
	why = mail_settings_problem(&settings);
	if (why)
		return cannot_start(why);
	return once ? watch_once(&settings) : watch_run(&settings);
}
