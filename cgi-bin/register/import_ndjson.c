#include "register/import_ndjson.h"

#include <string.h>

#include "core/json.h"
#include "core/route.h"
#include "register/import_row.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

struct import_ndjson {
	struct request   *request;
	import_object_fn *fn;
	void             *ctx;
	char             *line; /* LINE_MAX_BYTES + 1 */
	size_t            used;
	long              number;
	bool              too_long;
	bool              any; /* byte at all */
	bool              stopped;
};

static struct json_object *check_line(struct arena *a, struct import_ndjson *i, struct import_row *row)
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
		import_row_problem(row, import_row_field(p->pointer), p->detail);
	return object;
}

static bool take_line(struct import_ndjson *i)
{
	struct import_row   row = { .line = ++i->number };
	struct json_object *object;
	struct arena       *a;

	i->line[i->used] = '\0';
	if (i->too_long || i->line[strspn(i->line, " \t\r")] != '\0' || strlen(i->line) != i->used) {
		a = arena_new();
		row.problems = json_object_new_array();
		object = check_line(a, i, &row);
		i->stopped = !i->fn(i->ctx, &row, object);
		json_object_put(row.problems);
		arena_free(a);
	}
	i->used = 0;
	i->too_long = false;
	return !i->stopped;
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

	i->any = true;
	while (from < end) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));

		keep_part(i, from, (size_t)((newline ? newline : end) - from));
		if (newline && !take_line(i))
			return false;
		from = newline ? newline + 1 : end;
	}
	return true;
}

enum err import_ndjson_objects(struct request *r, struct import_body *body, import_object_fn *fn, void *ctx)
{
	struct import_ndjson i = { .request = r, .fn = fn, .ctx = ctx };

	i.line = arena_alloc(r->arena, LINE_MAX_BYTES + 1);
	if (import_body_feed(body, feed, &i) && i.any)
		take_line(&i);
	if (!i.any)
		return request_fail(r, ERR_MALFORMED, "The file is empty: each line is a JSON object.");
	return ERR_NONE;
}

struct rows {
	struct output *out;
	long           bad;
};

static bool take_object(void *ctx, struct import_row *row, struct json_object *object)
{
	struct rows *rows = ctx;

	(void)object;
	import_row_write(row, rows->out, &rows->bad);
	return !output_failed(rows->out) && rows->bad <= IMPORT_BAD_ROWS_MAX;
}

enum err import_ndjson_read(struct request *r, struct import_body *body, struct output *out)
{
	struct rows rows = { .out = out };
	enum err    err = import_ndjson_objects(r, body, take_object, &rows);

	return rows.bad > IMPORT_BAD_ROWS_MAX ? import_row_too_many(r) : err;
}
