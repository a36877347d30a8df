/*
 * Memory that lives exactly as long as one request.
 *
 * Nothing taken from an arena is freed by hand.  Things that other libraries
 * own (PGresult, json_object, xmlTextWriter) are tied to it with
 * arena_defer().  Allocation never returns NULL: when memory is exhausted the
 * worker process ends and its supervisor starts another.
 */
#ifndef DOORSTEP_ARENA_H
#define DOORSTEP_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Runs what was deferred, last first, then gives all memory back. */
void arena_free(struct arena *a);

void *arena_alloc(struct arena *a, size_t size); /* zeroed */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s); /* NULL of NULL */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Calls fn(ptr) when the arena goes; what was deferred last runs first. */
void arena_defer(struct arena *a, void (*fn)(void *), void *ptr);

#endif
