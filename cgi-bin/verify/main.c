#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "verify/verify.h"

enum {
	WHOLE = 0,
	NOT_WHOLE = 1,
	UNUSABLE = 2, /* wrong use, or a file that cannot be read */
};

static const struct option known[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "checkpoints", required_argument, NULL, 'c' },
	{ "partial", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 }
};

static const char help[] =
	"Usage: doorstep-verify --key FILE --checkpoints FILE [option…] TRAIL…\n"
	"\n"
	"Checks the export of Doorstep's trail, /api/v1/audit/proof.ndjson, against signed\n"
	"checkpoints: finds an entry that was changed, removed, inserted or put elsewhere.\n"
	"Needs no Doorstep.\n"
	"\n"
	"  -k, --key FILE          public keys, one a line, that sign checkpoints; may be repeated\n"
	"  -c, --checkpoints FILE  checkpoints; may be repeated\n"
	"  -p, --partial           the export is of a client that may not read all: what is withheld\n"
	"                          from it, it could not tell of\n"
	"  -h, --help, --version\n"
	"\n"
	"TRAIL… are the export, or the pieces of it one after another; - is standard input.\n"
	"Exit status: 0 whole; 1 not whole; 2 wrong use, or a file that cannot be read.\n";

static int refuse(const char *name, const char *why)
{
	fprintf(stderr, "doorstep-verify: %s%s%s\n", name, *name ? ": " : "", why);
	return UNUSABLE;
}

static int add_keys(struct arena *a, struct signed_trees *c, const char *name)
{
	const char *why = key_read_file(a, name, c->keys, &c->key_count, NOTE_KEYS_MAX);

	return why ? refuse(name, why) : WHOLE;
}

static int add_checkpoints(struct signed_trees *c, const char *name)
{
	FILE *file = fopen(name, "re");

	if (!file)
		return refuse(name, strerror(errno));
	if (c->count == SIGNED_FILES_MAX)
		return refuse(name, "there are too many files of checkpoints");
	c->files[c->count++] = (struct signed_file){ .name = name, .notes.file = file };
	return WHOLE;
}

static int read_options(struct arena *a, int argc, char **argv, struct signed_trees *c, bool *ret_partial,
			bool *ret_told)
{
	int option, status = WHOLE;

	while (status == WHOLE && !*ret_told && (option = getopt_long(argc, argv, "k:c:ph", known, NULL)) >= 0) {
		switch (option) {
		case 'k':
			status = add_keys(a, c, optarg);
			break;
		case 'c':
			status = add_checkpoints(c, optarg);
			break;
		case 'p':
			*ret_partial = true;
			break;
		case 'h':
			fputs(help, stdout);
			*ret_told = true;
			break;
		case 'V':
			puts("doorstep-verify " PACKAGE_VERSION);
			*ret_told = true;
			break;
		default:
			return UNUSABLE;
		}
	}
	if (status != WHOLE || *ret_told)
		return status;
	if (c->key_count == 0 || c->count == 0 || optind == argc)
		return refuse("", "a key, checkpoints and the export are needed: see doorstep-verify --help");
	return WHOLE;
}

static int check_file(struct verify *v, const char *name)
{
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	int   status = WHOLE;

	if (!file)
		return refuse(name, strerror(errno));
	if (!verify_file(v, name, file))
		status = refuse(name, "cannot be read to its end");
	if (file != stdin)
		fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	struct arena       *a = arena_new();
	struct signed_trees checkpoints = { 0 };
	bool                partial = false, told = false;
	int                 status = read_options(a, argc, argv, &checkpoints, &partial, &told);

	if (status == WHOLE && !told) {
		struct verify     *v = verify_new(a, &checkpoints);
		const char *const *files = (const char *const *)argv + optind;

		while (status == WHOLE && optind < argc)
			status = check_file(v, argv[optind++]);
		if (status == WHOLE)
			status = verify_end(v, partial, files, (size_t)(argv + argc - (char **)files)) ? WHOLE : NOT_WHOLE;
	}
	if (fflush(stdout) != 0)
		status = UNUSABLE;
	arena_free(a);
	return status;
}
