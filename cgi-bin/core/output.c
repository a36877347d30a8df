#include "output.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

struct output {
	struct arena *arena;
	const char   *spool_dir;
	char         *memory; /* OUTPUT_MEMORY + 1 bytes, made at the first write */
	size_t        used;
	uint64_t      spooled;
	struct hash  *hash; /* of what was spooled; made with the first of it */
	int           fd; /* -1 until something was spooled */
	bool          failed;
};

static void close_spool(void *ptr)
{
	struct output *o = ptr;

	if (o->fd >= 0)
		close(o->fd);
}

struct output *output_new(struct arena *a, const char *spool_dir)
{
	struct output *o = arena_alloc(a, sizeof(*o));

	o->arena = a;
	o->spool_dir = spool_dir;
	o->fd = -1;
	arena_defer(a, close_spool, o);
	return o;
}

static int open_unlinked(const char *folder)
{
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

static void spool(struct output *o)
{
	if (!o->hash)
		o->hash = hash_new(o->arena);
	hash_add(o->hash, o->memory, o->used);
	if (o->fd < 0)
		o->fd = open_unlinked(o->spool_dir);
	if (o->fd < 0 || !file_write(o->fd, o->memory, o->used))
		o->failed = true;
	o->spooled += o->used;
	o->used = 0;
}

void output_write(struct output *o, const void *data, size_t size)
{
	const char *from = data;

	if (!o->memory)
		o->memory = arena_alloc(o->arena, OUTPUT_MEMORY + 1);
	while (size > 0 && !o->failed) {
		size_t n = OUTPUT_MEMORY - o->used;

		if (n > size)
			n = size;
		memcpy(o->memory + o->used, from, n);
		o->used += n;
		from += n;
		size -= n;
		if (o->used == OUTPUT_MEMORY)
			spool(o);
	}
}

void output_text(struct output *o, const char *text)
{
	output_write(o, text, strlen(text));
}

void output_printf(struct output *o, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	output_text(o, arena_vprintf(o->arena, fmt, args));
	va_end(args);
}

const char *output_folder(const struct output *o)
{
	return o->spool_dir;
}

int output_file(struct output *o)
{
	return file_kept(o->arena, open_unlinked(o->spool_dir));
}

void output_fail(struct output *o)
{
	o->failed = true;
}

void output_reset(struct output *o)
{
	close_spool(o);
	o->fd = -1;
	o->hash = NULL;
	o->used = 0;
	o->spooled = 0;
	o->failed = false;
}

uint64_t output_length(const struct output *o)
{
	return o->spooled + o->used;
}

bool output_failed(const struct output *o)
{
	return o->failed;
}

struct digest output_digest(struct output *o)
{
	struct hash *hash = o->hash ? o->hash : hash_new(o->arena);

	hash_add(hash, o->memory, o->used);
	return hash_digest(hash);
}

bool output_replay(struct output *o, bool (*fn)(void *ctx, const void *data, size_t size), void *ctx)
{
	char    piece[64 * 1024];
	ssize_t n;

	if (o->failed)
		return false;
	if (o->fd >= 0 && lseek(o->fd, 0, SEEK_SET) != 0)
		return false;
	while (o->fd >= 0 && (n = read(o->fd, piece, sizeof(piece))) != 0)
		if (n < 0 || !fn(ctx, piece, (size_t)n))
			return false;
	return o->used == 0 || fn(ctx, o->memory, o->used);
}

static bool append(void *ctx, const void *data, size_t size)
{
	char **end = ctx;

	memcpy(*end, data, size);
	*end += size;
	return true;
}

const char *output_contents(struct output *o)
{
	char *text = arena_alloc(o->arena, output_length(o) + 1), *end = text;

	return output_replay(o, append, &end) ? text : NULL;
}
