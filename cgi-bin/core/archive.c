#include "archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

enum { EPOCH_OF_ZIP = 315532800 }; /* 1 January 1980 */

struct archive_writer {
	struct archive *archive;
	bool            failed;
};

static la_ssize_t write_output(struct archive *archive, void *ctx, const void *data, size_t size)
{
	(void)archive;
	output_write(ctx, data, size);
	return (la_ssize_t)size;
}

static void free_archive(void *ptr)
{
	archive_write_free(ptr);
}

struct archive_writer *archive_new(struct arena *a, struct output *out)
{
	struct archive_writer *w = arena_alloc(a, sizeof(*w));

	w->archive = archive_write_new();
	if (!w->archive || archive_write_set_format_zip(w->archive) != ARCHIVE_OK)
		abort();
	arena_defer(a, free_archive, w->archive);
	archive_write_set_bytes_in_last_block(w->archive, 1);
	w->failed = archive_write_open(w->archive, out, NULL, write_output, NULL) != ARCHIVE_OK;
	return w;
}

void archive_add(struct archive_writer *w, const char *name, const void *data, size_t size)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, EPOCH_OF_ZIP, 0);
	if (archive_write_header(w->archive, entry) != ARCHIVE_OK ||
	    (size > 0 && archive_write_data(w->archive, data, size) != (la_ssize_t)size))
		w->failed = true;
	archive_entry_free(entry);
}

bool archive_end(struct archive_writer *w)
{
	return archive_write_close(w->archive) == ARCHIVE_OK && !w->failed;
}
