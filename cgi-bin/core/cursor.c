#include "cursor.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { MARK_SIZE = 16 };

/* How far and how much doesn't change which list it is. */
static bool is_filter(const char *name)
{
	return strcmp(name, "after") != 0 && strcmp(name, "limit") != 0 && strcmp(name, "count") != 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct param *)a)->name, ((const struct param *)b)->name);
}

static const char *mark_of(struct request *r)
{
	struct param sorted[REQUEST_PARAMS_MAX];
	struct hash *h = hash_new(r->arena);

	memcpy(sorted, r->params, sizeof(sorted));
	qsort(sorted, r->param_count, sizeof(*sorted), by_name);
	hash_add_text(h, r->path);
	for (size_t i = 0; i < r->param_count; i++)
		if (is_filter(sorted[i].name)) {
			hash_add_text(h, sorted[i].name);
			hash_add_text(h, sorted[i].value);
		}
	return arena_strndup(r->arena, hash_hex(h), MARK_SIZE);
}

static const char *escape(struct arena *a, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char             *out = arena_alloc(a, 3 * strlen(text) + 1), *end = out;

	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (isalnum(c) || strchr("-._~", c)) {
			*end++ = (char)c;
		} else {
			*end++ = '%';
			*end++ = digits[c >> 4];
			*end++ = digits[c & 15];
		}
	}
	return out;
}

const char *cursor_next(struct request *r, const char *key)
{
	const char *path = arena_printf(r->arena, "%s?after=%s-%s", r->path, key, mark_of(r));

	for (size_t i = 0; i < r->param_count; i++)
		if (strcmp(r->params[i].name, "after") != 0)
			path = arena_printf(r->arena, "%s&%s=%s", path, escape(r->arena, r->params[i].name),
					    escape(r->arena, r->params[i].value));
	return path;
}

const char *cursor_key(struct request *r, const char *cursor)
{
	size_t digits = strspn(cursor, "0123456789");

	if (digits == 0 || digits > 18 || cursor[digits] != '-' || strcmp(cursor + digits + 1, mark_of(r)) != 0)
		return NULL;
	return arena_strndup(r->arena, cursor, digits);
}
