#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 4096 };

/* What could end a header is no part of a secret. */
static const char *checked(struct arena *a, const char *from, const char *text, const char **ret_why)
{
	const size_t length = strcspn(text, "\r\n");

	if (length == 0 || text[length + strspn(text + length, "\r\n")]) {
		*ret_why = arena_printf(a, "%s must hold one line, the secret", from);
		return NULL;
	}
	for (size_t i = 0; i < length; i++)
		if (text[i] < '!' || text[i] > '~') {
			*ret_why = arena_printf(a, "%s holds a character that no secret has (at %zu)", from, i + 1);
			return NULL;
		}
	return arena_strndup(a, text, length);
}

/* All that is there, up to one more than a secret can have; -1: it cannot be read. */
static ssize_t read_all(int fd, char text[SECRET_MAX + 2])
{
	ssize_t size = 0, n;

	while ((n = read(fd, text + size, (size_t)(SECRET_MAX + 1 - size))) > 0)
		size += n;
	text[size] = '\0';
	return n < 0 ? -1 : size;
}

static const char *from_file(struct arena *a, const char *path, const char **ret_why)
{
	char        text[SECRET_MAX + 2];
	struct stat is;
	ssize_t     size = -1;
	const int   fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || fstat(fd, &is) != 0 || (size = read_all(fd, text)) < 0)
		*ret_why = arena_printf(a, "%s cannot be read: %s", path, strerror(errno));
	else if (S_ISREG(is.st_mode) && (is.st_mode & S_IRWXO))
		*ret_why = arena_printf(a, "%s can be read by anybody: chmod 600 %s", path, path);
	else if (size > SECRET_MAX || strlen(text) != (size_t)size)
		*ret_why = arena_printf(a, "%s must hold one line, the secret", path);
	if (fd >= 0)
		close(fd);
	return *ret_why ? NULL : checked(a, path, text, ret_why);
}

const char *secret_read(struct arena *a, const struct secret *secret, const char *file, const char **ret_why)
{
	const char *value = getenv(secret->variable), *folder = getenv("CREDENTIALS_DIRECTORY");
	const char *given = folder ? arena_printf(a, "%s/%s", folder, secret->credential) : NULL;

	*ret_why = NULL;
	if (file)
		return from_file(a, file, ret_why);
	if (value && *value)
		return checked(a, secret->variable, value, ret_why);
	if (given && access(given, F_OK) == 0)
		return from_file(a, given, ret_why);
	*ret_why = arena_printf(a, "%s is missing: name its file with %s, or set %s", secret->what, secret->option,
				secret->variable);
	return NULL;
}
