#include "register/import_object.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 15 }; /* of a number: fewer than overflow */

void import_object_begin(struct import_object *o, long line)
{
	*o = (struct import_object){ .arena = arena_new(), .row = { .line = line } };
	o->row.problems = json_object_new_array();
	o->members = json_object_new_object();
}

void import_object_text(struct import_object *o, const char *name, const char *text)
{
	if (text)
		json_object_object_add(o->members, name, *text ? json_object_new_string(text) : NULL);
}

void import_object_number(struct import_object *o, const char *name, const char *text)
{
	const size_t digits = text ? strspn(text, "0123456789") : 0;

	if (digits == 0 || digits > DIGITS_MAX || text[digits] != '\0')
		import_object_text(o, name, text);
	else
		json_object_object_add(o->members, name, json_object_new_int64(strtoll(text, NULL, 10)));
}

void import_object_bool(struct import_object *o, const char *name, bool value)
{
	json_object_object_add(o->members, name, json_object_new_boolean(value));
}

bool import_object_give(struct import_object *o, import_row_fn *take, void *ctx)
{
	bool on;

	o->row.text = arena_strdup(o->arena, json_object_to_json_string_ext(o->members, JSON_C_TO_STRING_PLAIN));
	on = take(ctx, &o->row);
	json_object_put(o->members);
	json_object_put(o->row.problems);
	arena_free(o->arena);
	return on;
}
