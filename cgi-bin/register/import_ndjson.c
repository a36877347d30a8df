#include "register/import_ndjson.h"

#include <string.h>

#include "core/json.h"
#include "core/route.h"
#include "register/import_row.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

struct import_ndjson {
	struct request *request;
	struct output  *rows;
	char           *line; /* LINE_MAX_BYTES + 1 */
	size_t          used;
	long            number, bad;
	bool            too_long;
};

/* "/given_name" is the field given_name; a problem of the object itself has no field. */
static const char *field_of(const char *pointer)
{
	return *pointer == '/' ? pointer + 1 : NULL;
}

static void check_line(struct arena *a, struct import_ndjson *i, struct import_row *row)
{
	const char         *why = NULL;
	struct problems     problems = { .arena = a };
	struct json_object *object = i->too_long ? NULL : json_read(a, i->line, i->used, &why);

	row->text = "{}";
	if (i->too_long) {
		import_row_problem(row, NULL, arena_printf(a, "has more than %d bytes", LINE_MAX_BYTES));
	} else if (why) {
		import_row_problem(row, NULL, why);
	} else if (!json_object_is_type(object, json_type_object)) {
		import_row_problem(row, NULL, "is not a JSON object");
	} else {
		row->text = i->line;
		field_check_body(i->request->route->fields, object, false, &problems);
	}
	for (const struct problem *p = problems.first; p; p = p->next)
		import_row_problem(row, field_of(p->pointer), p->detail);
}

static bool take_line(struct import_ndjson *i)
{
	struct import_row row = { .line = ++i->number };
	struct arena     *a;

	i->line[i->used] = '\0';
	if (i->too_long || i->line[strspn(i->line, " \t\r")] != '\0' || strlen(i->line) != i->used) {
		a = arena_new();
		row.problems = json_object_new_array();
		check_line(a, i, &row);
		import_row_write(&row, i->rows, &i->bad);
		json_object_put(row.problems);
		arena_free(a);
	}
	i->used = 0;
	i->too_long = false;
	return !output_failed(i->rows) && i->bad <= IMPORT_BAD_ROWS_MAX;
}

static void keep_part(struct import_ndjson *i, const char *data, size_t size)
{
	if (i->too_long || size > LINE_MAX_BYTES - i->used) {
		i->too_long = true;
		return;
	}
	memcpy(i->line + i->used, data, size);
	i->used += size;
}

static bool feed(void *ctx, const void *data, size_t size)
{
	struct import_ndjson *i = ctx;
	const char           *from = data, *const end = from + size;

	while (from < end) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));

		keep_part(i, from, (size_t)((newline ? newline : end) - from));
		if (newline && !take_line(i))
			return false;
		from = newline ? newline + 1 : end;
	}
	return true;
}

enum err import_ndjson_read(struct request *r, struct output *body, struct output *rows)
{
	struct import_ndjson i = { .request = r, .rows = rows };
	bool                 whole;

	i.line = arena_alloc(r->arena, LINE_MAX_BYTES + 1);
	whole = output_replay(body, feed, &i) && take_line(&i);
	if (i.bad > IMPORT_BAD_ROWS_MAX)
		return import_row_too_many(r);
	if (!whole)
		return import_row_broken_off(r);
	if (output_length(body) == 0)
		return request_fail(r, ERR_MALFORMED, "The file is empty: each line is a JSON object.");
	return ERR_NONE;
}
