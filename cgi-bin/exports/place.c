#include "exports/place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* Its group may look in: those who fetch the files. */
enum { FOLDER_MODE = 0750, FILE_MODE = 0640 };

static int enter(struct arena *a, int parent, const char *name)
{
	if (parent < 0 || (mkdirat(parent, name, FOLDER_MODE) != 0 && errno != EEXIST))
		return -1;
	return file_kept(a, openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

static bool write_piece(void *ctx, const void *data, size_t size)
{
	return file_write(*(int *)ctx, data, size);
}

/* Nobody sees it under its name before it is whole and on the disk. */
static bool put(struct arena *a, int folder, const char *name, const char *hidden, struct output *file)
{
	int fd = file_kept(a, openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, FILE_MODE));

	if (fd < 0 || !output_replay(file, write_piece, &fd) || fsync(fd) != 0)
		return false;
	unlinkat(folder, hidden, 0);
	return linkat(AT_FDCWD, arena_printf(a, "/proc/self/fd/%d", fd), folder, hidden, AT_SYMLINK_FOLLOW) == 0 &&
	       renameat(folder, hidden, folder, name) == 0 && fsync(folder) == 0;
}

const char *place_put(struct arena *a, const struct settings *settings, const struct job *job, const char *name,
		      struct output *file)
{
	int folder = file_kept(a, open(settings->export_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	folder = enter(a, enter(a, folder, job->client), job->folder);
	if (folder >= 0 && put(a, folder, name, arena_printf(a, ".export-%s", job->id), file))
		return NULL;
	return arena_printf(a, "It could not be put into the folder %s: %s.", job->folder, strerror(errno));
}
