#include "call.h"

#include <stdlib.h>
#include <string.h>

#include "etag.h"
#include "fields.h"

static const char *select_list(struct arena *a, const struct field *const *columns, size_t count)
{
	const char *list = "";

	for (size_t i = 0; i < count; i++)
		list = arena_printf(a, "%s%s\"%s\"", list, i ? ", " : "", columns[i]->name);
	return list;
}

static void add_value(struct call *c, const char *value)
{
	if (c->count == CALL_VALUES_MAX)
		abort();
	c->values[c->count++] = value;
}

/* "name => $n", and the value beside it. */
static const char *add_argument(struct request *r, struct call *c, const char *arguments, const char *name,
				const char *value)
{
	add_value(c, value);
	return arena_printf(r->arena, "%s%s\"%s\" => $%d", arguments, *arguments ? ", " : "", name, c->count);
}

static const char *add_fields(struct request *r, struct call *c)
{
	const char *arguments = "";

	for (size_t i = 0; r->route->fields && r->route->fields[i].name; i++) {
		const struct field *f = &r->route->fields[i];

		if (f->in != IN_BODY && f->type != FIELD_CURSOR && !f->internal && r->values[i])
			arguments = add_argument(r, c, arguments, f->name, r->values[i]);
	}
	return arguments;
}

/* Of a query every field has its place, given or not. */
static struct call call_of_query(struct request *r)
{
	struct call c = { .sql = r->route->query };

	for (size_t i = 0; r->route->fields[i].name; i++)
		if (!r->route->fields[i].internal)
			add_value(&c, r->values[i]);
	return c;
}

/* The moment as at which the request asks; NULL: as it is now. */
static const char *moment_of(const struct request *r)
{
	return r->route->past ? fields_value(r, "as_of") : NULL;
}

struct call call_build(struct request *r, const struct field *const *columns, size_t column_count,
		       const char *page_key, const char *page_rows)
{
	struct call c = { .moment = moment_of(r) };
	const char *function = c.moment ? r->route->past : r->route->function, *arguments;

	if (r->route->query)
		return call_of_query(r);
	arguments = add_fields(r, &c);
	c.filters = c.count;
	c.count_sql = arena_printf(r->arena, "select count(*) from %s(%s)", function, arguments);
	if (fields_any(r->route, IN_BODY))
		arguments = add_argument(r, &c, arguments, "body", r->body);
	if (r->route->body == BODY_PATCH)
		arguments = add_argument(r, &c, arguments, "if_match",
					 etag_array(r->arena, request_header(r, "HTTP_IF_MATCH")));
	if (r->route->page_function) {
		c.page_value = c.count;
		c.page_sql = arena_printf(r->arena, "select document, variant from %s(%s)", r->route->page_function, arguments);
		arguments = add_argument(r, &c, arguments, "page", NULL);
	}
	if (page_key)
		arguments = add_argument(r, &c, arguments, "after", page_key);
	if (page_rows)
		arguments = add_argument(r, &c, arguments, "max_rows", page_rows);
	c.sql = arena_printf(r->arena, "select %s from %s(%s)", select_list(r->arena, columns, column_count),
			     function, arguments);
	return c;
}
