#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *read_whole(struct arena *a, FILE *file, size_t size, const char **ret_why)
{
	char *text = arena_alloc(a, size + 1);

	if (fread(text, 1, size, file) == size && strlen(text) == size)
		return text;
	*ret_why = "is no text";
	return NULL;
}

const char *file_text(struct arena *a, const char *path, size_t max, const char **ret_why)
{
	FILE       *file = fopen(path, "r");
	struct stat its = { 0 };
	const char *text = NULL;

	if (!file) {
		*ret_why = "there is none";
		return NULL;
	}
	if (fstat(fileno(file), &its) != 0 || its.st_size == 0 || (size_t)its.st_size > max)
		*ret_why = "is empty or too large";
	else
		text = read_whole(a, file, (size_t)its.st_size, ret_why);
	fclose(file);
	return text;
}

bool file_is_private(const char *path)
{
	struct stat its;

	return stat(path, &its) == 0 && !(its.st_mode & 077);
}

static void close_kept(void *ptr)
{
	close(*(int *)ptr);
}

int file_kept(struct arena *a, int fd)
{
	int *own = arena_alloc(a, sizeof(*own));

	*own = fd;
	if (fd >= 0)
		arena_defer(a, close_kept, own);
	return fd;
}

bool file_write(int fd, const void *data, size_t size)
{
	const char *from = data;

	while (size > 0) {
		const ssize_t n = write(fd, from, size);

		if (n < 0 && errno != EINTR)
			return false;
		from += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return true;
}
