#include "access.h"

#include <json-c/json.h>

#include "format.h"

/* The parameters of an export, as its access entry keeps them. */
static const char *filters_json(struct request *r)
{
	struct json_object *filters = json_object_new_object();
	const char         *text;

	for (size_t i = 0; i < r->param_count; i++)
		json_object_object_add(filters, r->params[i].name, json_object_new_string(r->params[i].value));
	text = arena_strdup(r->arena, json_object_to_json_string_ext(filters, JSON_C_TO_STRING_PLAIN));
	json_object_put(filters);
	return text;
}

struct noted {
	struct arena *arena;
	const char  **ret_day;
};

static bool on_noted(void *ctx, const struct row *row)
{
	struct noted *n = ctx;

	if (n->ret_day)
		*n->ret_day = arena_strdup(n->arena, row->values[0]);
	return true;
}

void access_add(struct transaction *t, size_t rows, const char **ret_day)
{
	struct request *r = t->request;
	const char    **values = arena_alloc(r->arena, 4 * sizeof(*values));
	struct noted   *noted = arena_alloc(r->arena, sizeof(*noted));

	*noted = (struct noted){ r->arena, ret_day };
	values[0] = r->path;
	values[1] = filters_json(r);
	values[2] = r->format->name;
	values[3] = arena_printf(r->arena, "%zu", rows);
	transaction_add(t, &(struct db_query){ .name = "audit.access_append",
		.sql = "select audit.access_append($1, $2, $3, $4)", .values = values, .count = 4,
		.on_row = on_noted, .ctx = noted });
}
