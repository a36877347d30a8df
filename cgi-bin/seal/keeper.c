#include "seal/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"

void keeper_open(struct keeper *keeper, struct arena *a, const char *folder)
{
	/* Whoever wrote there last may have been ended. */
	*keeper = (struct keeper){ .path = arena_printf(a, "%s/checkpoints", folder), .torn = true };
}

bool keeper_append(struct keeper *keeper, struct arena *a, const char *note)
{
	const int   fd = open(keeper->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	const char *text = arena_printf(a, "%s%s\n", keeper->torn && lseek(fd, 0, SEEK_END) > 0 ? "\n\n" : "", note);
	bool        kept = fd >= 0 && file_write(fd, text, strlen(text)) && fsync(fd) == 0;
	const int   why = errno;

	if (fd >= 0)
		kept &= close(fd) == 0;
	keeper->torn = !kept;
	errno = kept ? 0 : why;
	return kept;
}
