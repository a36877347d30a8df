#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/start.h"
#include "seal/sealer.h"
#include "trail/key.h"

static const struct start start = {
	.name = "seal",
	.options = "--once|--new-file|--make-key NAME|",
	.usage = "Seals the trail: gives each entry its leaf in a Merkle tree, signs the root of the\n"
		 "tree and appends that to a file elsewhere.  With --once it seals what there is, and\n"
		 "ends.  With --new-file it does the same, and begins a new file of checkpoints where\n"
		 "the old one is lost; otherwise it refuses to sign without it.  With --make-key it\n"
		 "makes the key that it signs with, under the name of the tree\n"
		 "(doorstep.example/trail), and prints the public key.\n",
};

static int make_key(const struct settings *settings, const char *name)
{
	struct arena     *a = arena_new();
	const char       *why = "the file of the key is there, or cannot be made";
	const struct key *key = key_make(a, name, &why);
	const char       *line = key ? key_private_line(a, key) : NULL;
	const int         fd = key ? open(settings->seal_key, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400) : -1;
	const bool        made = fd >= 0 && file_write(fd, line, strlen(line)) && fsync(fd) == 0 && close(fd) == 0;

	if (made)
		fputs(key_public_line(a, key), stdout);
	else
		fprintf(stderr, "doorstep-seal: %s: %s\n", settings->seal_key, why);
	arena_free(a);
	return made ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const bool      new_file = argc > 1 && strcmp(argv[1], "--new-file") == 0;
	const bool      once = new_file || (argc > 1 && strcmp(argv[1], "--once") == 0);
	const bool      makes_key = argc > 2 && strcmp(argv[1], "--make-key") == 0;
	struct settings settings;
	int             status;

	if (!program_start(&start, argc, argv, makes_key ? 2 : once, &settings, &status))
		return status;
	return makes_key ? make_key(&settings, argv[2]) : sealer_run(&settings, once, new_file);
}
