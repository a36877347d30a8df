#include "verify/erased.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "verify/lines.h"

enum { VALUES_MAX = 1000000 };

/* Entries as numbers: twice their own, and one more for those on what was read. */
struct erased {
	struct arena       *arena;
	unsigned long long *named;
	size_t              count, room;
	const char         *first;
};

typedef bool line_fn(struct erased *e, struct arena *a, struct json_object *line);

static const char *text_of(struct json_object *o, const char *name)
{
	struct json_object *value = json_object_object_get(o, name);

	return value ? json_object_get_string(value) : NULL;
}

static void add(struct erased *e, unsigned long long number)
{
	if (e->count == e->room) {
		unsigned long long *before = e->named;

		e->room = e->room ? 2 * e->room : 1024;
		e->named = arena_alloc(e->arena, e->room * sizeof(*e->named));
		if (before)
			memcpy(e->named, before, e->count * sizeof(*before));
	}
	e->named[e->count++] = number;
}

static void add_list(struct erased *e, struct json_object *list, bool of_access)
{
	for (size_t i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++)
		add(e, 2 * strtoull(json_object_get_string(json_object_array_get_idx(list, i)), NULL, 10) + of_access);
}

static bool add_named(struct erased *e, struct arena *a, struct json_object *line)
{
	const struct json_limits limits = { .values = VALUES_MAX };
	const char              *said = text_of(line, "is_now"), *why;
	struct json_object      *object = said ? json_read_within(a, said, strlen(said), &limits, &why) : NULL;

	add_list(e, json_object_object_get(object, "entries"), false);
	add_list(e, json_object_object_get(object, "accesses"), true);
	return true;
}

static int by_number(const void *one, const void *other)
{
	const unsigned long long a = *(const unsigned long long *)one, b = *(const unsigned long long *)other;

	return a < b ? -1 : a > b;
}

/* Stops at the first that is not named. */
static bool look_up(struct erased *e, struct arena *a, struct json_object *line)
{
	const char              *kind = text_of(line, "kind"), *id = text_of(line, "id"), *table = text_of(line, "table_name");
	const char              *state = text_of(line, "state");
	const unsigned long long number = id && kind ? 2 * strtoull(id, NULL, 10) + (strcmp(kind, "access") == 0) : 0;

	(void)a;
	if (!kind || !state || strcmp(state, "erased") != 0)
		return true;
	if (e->count > 0 && bsearch(&number, e->named, e->count, sizeof(number), by_number))
		return true;
	e->first = arena_printf(e->arena, "leaf %s (%s %s%s%s)", text_of(line, "leaf"), kind, id ? id : "?",
		table ? ", " : "", table ? table : "");
	return false;
}

/* Calls fn with the lines in which these words stand, until it says no. */
static bool each(struct erased *e, const char *name, const char *words, line_fn *fn)
{
	const struct json_limits limits = { .values = VALUES_MAX };
	FILE                    *file = fopen(name, "re");
	struct lines             lines;
	const char              *text, *why;
	size_t                   length;
	bool                     goes_on = file != NULL;

	if (!file)
		return false;
	lines_open(&lines, file);
	while (goes_on && (text = lines_next(&lines, &length))) {
		struct arena       *a;
		struct json_object *line;

		if (!strstr(text, words))
			continue;
		a = arena_new();
		line = json_read_within(a, text, length, &limits, &why);
		goes_on = !line || fn(e, a, line);
		arena_free(a);
	}
	lines_close(&lines);
	fclose(file);
	return goes_on;
}

const char *erased_first(struct arena *a, const char *const *files, size_t count)
{
	struct erased e = { .arena = a };

	for (size_t i = 0; i < count; i++)
		if (!each(&e, files[i], "\"audit.erasure\"", add_named))
			return NULL;
	if (e.count > 0)
		qsort(e.named, e.count, sizeof(*e.named), by_number);
	for (size_t i = 0; i < count && each(&e, files[i], "\"erased\"", look_up); i++)
		;
	return e.first;
}
