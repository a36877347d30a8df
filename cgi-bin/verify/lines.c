#include "verify/lines.h"

#include <string.h>

enum {
	ROOM_FIRST = 256 * 1024,
	ROOM_MOST = 512 * 1024 * 1024,
};

void lines_open(struct lines *lines, FILE *file)
{
	*lines = (struct lines){ .file = file, .arena = arena_new(), .room = ROOM_FIRST };
	lines->buffer = arena_alloc(lines->arena, ROOM_FIRST + 1);
}

void lines_close(struct lines *lines)
{
	arena_free(lines->arena);
}

/* What is not taken yet goes to the beginning of the buffer, or of a larger one. */
static bool make_room(struct lines *lines)
{
	const size_t  kept = lines->end - lines->start;
	struct arena *before = lines->arena;
	char         *buffer = lines->buffer;

	if (kept == lines->room) {
		lines->too_long = lines->room == ROOM_MOST;
		if (lines->too_long)
			return false;
		lines->room *= 2;
		lines->arena = arena_new();
		lines->buffer = arena_alloc(lines->arena, lines->room + 1);
	}
	memmove(lines->buffer, buffer + lines->start, kept);
	lines->start = 0;
	lines->end = kept;
	if (before != lines->arena)
		arena_free(before);
	return true;
}

/* The line that ends here, where a zero byte takes the place of its end. */
static const char *take(struct lines *lines, char *end, size_t *ret_length)
{
	const char *line = lines->buffer + lines->start;

	*end = '\0';
	*ret_length = (size_t)(end - line);
	lines->start += *ret_length + (end < lines->buffer + lines->end); /* the last has no end */
	return line;
}

const char *lines_next(struct lines *lines, size_t *ret_length)
{
	size_t seen = lines->start, n;
	char  *end;

	while (!(end = memchr(lines->buffer + seen, '\n', lines->end - seen))) {
		if (lines->end == lines->room && !make_room(lines))
			return NULL;
		seen = lines->end;
		n = fread(lines->buffer + lines->end, 1, lines->room - lines->end, lines->file);
		lines->end += n;
		if (n == 0)
			return lines->end == lines->start ? NULL : take(lines, lines->buffer + lines->end, ret_length);
	}
	return take(lines, end, ret_length);
}
