#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct block {
	struct block *next;
	size_t        size, used;
	alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred *next;
	void           (*fn)(void *);
	void            *ptr;
};

struct arena {
	struct block    *blocks;
	struct deferred *deferred;
};

/* A worker without memory cannot even say so: end, and let the supervisor start afresh. */
static void *must_calloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

struct arena *arena_new(void)
{
	return must_calloc(sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	for (struct deferred *d = a->deferred; d; d = d->next)
		d->fn(d->ptr);
	for (struct block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

static struct block *block_push(struct arena *a, size_t size)
{
	struct block *b = must_calloc(sizeof(*b) + size);

	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t  align = alignof(max_align_t);
	struct block *b = a->blocks;
	void         *p;

	if (size > SIZE_MAX / 2)
		abort();
	size = (size + align - 1) / align * align;
#ifdef ARENA_ONE_MALLOC_EACH
	b = block_push(a, size); /* so that a sanitizer sees every overrun */
#else
	if (!b || b->size - b->used < size)
		b = block_push(a, size > BLOCK_SIZE ? size : BLOCK_SIZE);
#endif
	p = b->data + b->used;
	b->used += size;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
	va_list again;
	int     n;
	char   *text;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		abort();
	text = arena_alloc(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	char   *text;

	va_start(args, fmt);
	text = arena_vprintf(a, fmt, args);
	va_end(args);
	return text;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *ptr)
{
	struct deferred *d = arena_alloc(a, sizeof(*d));

	d->fn = fn;
	d->ptr = ptr;
	d->next = a->deferred;
	a->deferred = d;
}
