#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pull/address.h"
#include "pull/clock.h"
#include "pull/secret.h"

enum { ID_MAX = 64 };

enum option_id {
	OPTION_SOURCE = 1000, OPTION_SOURCE_SCHOOL, OPTION_SOURCE_TOKEN_FILE, OPTION_SCHOOL, OPTION_WHAT, OPTION_SINCE,
	OPTION_ANEW, OPTION_STATE, OPTION_DOORSTEP, OPTION_CLIENT, OPTION_CLIENT_SECRET_FILE, OPTION_CA_FILE,
	OPTION_PER_PAGE, OPTION_TRIES, OPTION_PAUSE, OPTION_TIMEOUT, OPTION_QUIET, OPTION_HELP, OPTION_VERSION, OPTION_END
};

static const struct option known[] = {
	{ "source", required_argument, NULL, OPTION_SOURCE },
	{ "source-school", required_argument, NULL, OPTION_SOURCE_SCHOOL },
	{ "source-token-file", required_argument, NULL, OPTION_SOURCE_TOKEN_FILE },
	{ "school", required_argument, NULL, OPTION_SCHOOL },
	{ "what", required_argument, NULL, OPTION_WHAT },
	{ "since", required_argument, NULL, OPTION_SINCE },
	{ "anew", no_argument, NULL, OPTION_ANEW },
	{ "state", required_argument, NULL, OPTION_STATE },
	{ "doorstep", required_argument, NULL, OPTION_DOORSTEP },
	{ "client", required_argument, NULL, OPTION_CLIENT },
	{ "client-secret-file", required_argument, NULL, OPTION_CLIENT_SECRET_FILE },
	{ "ca-file", required_argument, NULL, OPTION_CA_FILE },
	{ "per-page", required_argument, NULL, OPTION_PER_PAGE },
	{ "tries", required_argument, NULL, OPTION_TRIES },
	{ "pause", required_argument, NULL, OPTION_PAUSE },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 }
};

static const char help[] =
	"Usage: doorstep-pull --source URL --school URN --doorstep URL --client ID [option…]\n"
	"\n"
	"Brings the pupils, contacts and register of a school from a source that speaks as\n"
	"the broker Wonde does into Doorstep, page by page; the next run asks for what has\n"
	"changed since, or goes on where this one was broken off.\n"
	"\n"
	"  --source URL               of the source: https://api.wonde.com\n"
	"  --source-school ID         the school's id at the source (its URN)\n"
	"  --source-token-file FILE   holds the token of the source (or DOORSTEP_PULL_SOURCE_TOKEN)\n"
	"  --school URN               of the school in Doorstep, six digits\n"
	"  --what KIND,…              pupils, contacts, register (all of them)\n"
	"  --since TIME               what has changed since then, \"2026-09-01 07:30:00\" in UTC,\n"
	"                             instead of since the last complete pull\n"
	"  --anew                     begins anew what was broken off\n"
	"  --state FILE               what has been pulled (doorstep-pull-URN.json here,\n"
	"                             or in STATE_DIRECTORY)\n"
	"  --doorstep URL             of Doorstep: https://doorstep.example\n"
	"  --client ID                of the client at Doorstep, which may import\n"
	"  --client-secret-file FILE  holds its secret (or DOORSTEP_PULL_CLIENT_SECRET)\n"
	"  --ca-file FILE             certificates to trust (those of the system)\n"
	"  --per-page N               records of a page, 1 to 1000 (100)\n"
	"  --tries N                  of each request, 1 to 100 (5)\n"
	"  --pause SECONDS            before the second try, 0 to 60 (1); doubles with each\n"
	"  --timeout SECONDS          longest silence of either side, 1 to 3600 (150)\n"
	"  --quiet                    says nothing but errors and that rows were rejected\n"
	"  --help, --version\n"
	"\n"
	"Exit status: 0 all was pulled; 1 failed, and would again; 2 wrong use; 3 all was\n"
	"pulled, but for rows that Doorstep rejected, which come again with the next run;\n"
	"75 broken off: run it again and it goes on.\n";

struct given {
	const char *texts[OPTION_END - OPTION_SOURCE];
};

static const char *get(const struct given *g, enum option_id id)
{
	return g->texts[id - OPTION_SOURCE];
}

/* Always false. */
static bool refuse(int *ret_status, const char *name, const char *why)
{
	fprintf(stderr, "doorstep-pull: %s%s%s\nTry doorstep-pull --help.\n", name, *name ? " " : "", why);
	*ret_status = PULL_USAGE;
	return false;
}

/* What could be a secret after "=" is not repeated. */
static bool refuse_option(struct arena *a, int *ret_status, const char *option, const char *why)
{
	return refuse(ret_status, arena_strndup(a, option, strcspn(option, "=")), why);
}

/* As texts; of an option that is repeated the last counts. */
static bool collect(struct arena *a, int argc, char **argv, struct given *ret, int *ret_status)
{
	int id;

	optind = 0;
	while ((id = getopt_long(argc, argv, ":", known, NULL)) != -1) {
		if (id == ':')
			return refuse_option(a, ret_status, argv[optind - 1], "needs a value");
		if (id < OPTION_SOURCE)
			return refuse_option(a, ret_status, argv[optind - 1], "is no option, or a value too many");
		ret->texts[id - OPTION_SOURCE] = optarg ? optarg : "";
	}
	if (optind < argc)
		return refuse(ret_status, argv[optind], "is no option: every value follows an option such as --source");
	return true;
}

static bool read_number(const struct given *g, enum option_id id, long least, long most, long *ret)
{
	const char *text = get(g, id);
	char       *end;
	long        number;

	if (!text)
		return true;
	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || !isdigit((unsigned char)*text) || *end || number < least || number > most)
		return false;
	*ret = number;
	return true;
}

static bool read_numbers(const struct given *g, struct options *ret, int *ret_status)
{
	long pause_s = 1;

	ret->per_page = 100;
	ret->tries = 5;
	ret->timeout_s = 150; /* Doorstep takes up to 120 for an import */
	if (!read_number(g, OPTION_PER_PAGE, 1, 1000, &ret->per_page))
		return refuse(ret_status, "--per-page", "must be a whole number from 1 to 1000");
	if (!read_number(g, OPTION_TRIES, 1, 100, &ret->tries))
		return refuse(ret_status, "--tries", "must be a whole number from 1 to 100");
	if (!read_number(g, OPTION_PAUSE, 0, 60, &pause_s))
		return refuse(ret_status, "--pause", "must be a whole number of seconds from 0 to 60");
	if (!read_number(g, OPTION_TIMEOUT, 1, 3600, &ret->timeout_s))
		return refuse(ret_status, "--timeout", "must be a whole number of seconds from 1 to 3600");
	ret->pause_ms = pause_s * 1000;
	return true;
}

static bool read_addresses(struct arena *a, const struct given *g, struct options *ret, int *ret_status)
{
	ret->source = get(g, OPTION_SOURCE);
	ret->doorstep = get(g, OPTION_DOORSTEP);
	if (!ret->source)
		return refuse(ret_status, "--source", "is missing: the URL of the source, https://api.wonde.com");
	if (address_problem(ret->source))
		return refuse(ret_status, "--source", address_problem(ret->source));
	if (!ret->doorstep)
		return refuse(ret_status, "--doorstep", "is missing: the URL of Doorstep, https://doorstep.example");
	if (address_problem(ret->doorstep))
		return refuse(ret_status, "--doorstep", address_problem(ret->doorstep));
	ret->source = address_join(a, ret->source, ""); /* the state says the same with a slash and without */
	ret->doorstep = address_join(a, ret->doorstep, "");
	return true;
}

static bool is_id(const char *text)
{
	return *text && strlen(text) <= ID_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == strlen(text) &&
	       *text != '.';
}

static bool read_ids(const struct given *g, struct options *ret, int *ret_status)
{
	ret->school = get(g, OPTION_SCHOOL);
	ret->source_school = get(g, OPTION_SOURCE_SCHOOL) ? get(g, OPTION_SOURCE_SCHOOL) : ret->school;
	ret->client = get(g, OPTION_CLIENT);
	if (!ret->school)
		return refuse(ret_status, "--school", "is missing: the URN of the school, six digits");
	if (strlen(ret->school) != 6 || strspn(ret->school, "0123456789") != 6)
		return refuse(ret_status, "--school", "must be a URN, six digits");
	if (!is_id(ret->source_school))
		return refuse(ret_status, "--source-school", "must be an id of letters and digits, such as A1930499544");
	if (!ret->client)
		return refuse(ret_status, "--client", "is missing: the id of the client at Doorstep");
	if (!is_id(ret->client))
		return refuse(ret_status, "--client", "must be the id of a client: letters, digits, \"-\", \"_\"");
	return true;
}

static bool read_what(struct arena *a, const struct given *g, struct options *ret, int *ret_status)
{
	time_t since;

	if (!kinds_read(get(g, OPTION_WHAT) ? get(g, OPTION_WHAT) : "pupils,contacts,register", ret->what))
		return refuse(ret_status, "--what", "must be of pupils, contacts and register, with commas between");
	if (get(g, OPTION_SINCE) && !clock_read(get(g, OPTION_SINCE), &since))
		return refuse(ret_status, "--since", "must be a time in UTC such as \"2026-09-01 07:30:00\"");
	ret->since = get(g, OPTION_SINCE) ? clock_text(a, since) : NULL;
	return true;
}

static const char *state_file(struct arena *a, const struct given *g, const char *school)
{
	const char *folder = getenv("STATE_DIRECTORY");

	if (get(g, OPTION_STATE))
		return get(g, OPTION_STATE);
	return arena_printf(a, "%s%sdoorstep-pull-%s.json", folder ? folder : "", folder ? "/" : "", school);
}

static bool read_secrets(struct arena *a, const struct given *g, struct options *ret, int *ret_status)
{
	static const struct secret token = { "the token of the source", "--source-token-file",
		"DOORSTEP_PULL_SOURCE_TOKEN", "source-token" };
	static const struct secret secret = { "the secret of the client", "--client-secret-file",
		"DOORSTEP_PULL_CLIENT_SECRET", "client-secret" };
	const char *why;

	ret->source_token = secret_read(a, &token, get(g, OPTION_SOURCE_TOKEN_FILE), &why);
	if (!ret->source_token)
		return refuse(ret_status, "", why);
	ret->client_secret = secret_read(a, &secret, get(g, OPTION_CLIENT_SECRET_FILE), &why);
	return ret->client_secret || refuse(ret_status, "", why);
}

const char *options_fewer(struct arena *a, const struct options *o)
{
	return o->per_page > 1 ? arena_printf(a, "run this again with a --per-page smaller than %ld", o->per_page)
			       : "one record alone is too much";
}

bool options_read(struct arena *a, int argc, char **argv, struct options *ret, int *ret_status)
{
	struct given g = { 0 };

	*ret = (struct options){ 0 };
	*ret_status = PULL_DONE;
	if (!collect(a, argc, argv, &g, ret_status))
		return false;
	if (get(&g, OPTION_HELP) || get(&g, OPTION_VERSION)) {
		fputs(get(&g, OPTION_HELP) ? help : "doorstep-pull " PACKAGE_VERSION "\n", stdout);
		return false;
	}
	ret->anew = get(&g, OPTION_ANEW) != NULL;
	ret->quiet = get(&g, OPTION_QUIET) != NULL;
	ret->ca_file = get(&g, OPTION_CA_FILE);
	if (!read_addresses(a, &g, ret, ret_status) || !read_ids(&g, ret, ret_status) ||
	    !read_what(a, &g, ret, ret_status) || !read_numbers(&g, ret, ret_status) ||
	    !read_secrets(a, &g, ret, ret_status))
		return false;
	ret->state = state_file(a, &g, ret->school);
	if (!*ret->state)
		return refuse(ret_status, "--state", "must name a file");
	return true;
}
