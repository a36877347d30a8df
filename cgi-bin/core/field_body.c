#include "field.h"

#include <string.h>

static const enum json_type json_types[] = {
	[FIELD_NONE] = json_type_null,     [FIELD_TEXT] = json_type_string,
	[FIELD_INT] = json_type_int,       [FIELD_DECIMAL] = json_type_double,
	[FIELD_BOOL] = json_type_boolean,
	[FIELD_DATE] = json_type_string,   [FIELD_TIME] = json_type_string,
	[FIELD_MOMENT] = json_type_string,
	[FIELD_CHOICE] = json_type_string, [FIELD_CURSOR] = json_type_string,
	[FIELD_OBJECT] = json_type_object, [FIELD_LIST] = json_type_array,
};

static void check_object(const struct field *fields, struct json_object *object,
			 const char *pointer, bool patch, struct problems *problems);

static const char *type_problem(struct arena *a, const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT:
		return "must be a string";
	case FIELD_OBJECT:
		return "must be an object";
	case FIELD_LIST:
		return "must be a list";
	default:
		return field_check_text(a, f, ""); /* never acceptable here, and says what is */
	}
}

static const char *check_string(struct arena *a, const struct field *f, struct json_object *value)
{
	const char *text = json_object_get_string(value);

	if (strlen(text) != (size_t)json_object_get_string_len(value))
		return "must not contain control characters"; /* NUL would hide the rest */
	return field_check_text(a, f, text);
}

static const char *check_scalar(struct arena *a, const struct field *f, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_string:
		return check_string(a, f, value);
	case json_type_double: /* as it was written */
		return field_check_text(a, f, json_object_to_json_string(value));
	case json_type_int:
		return field_check_text(
			a, f, arena_printf(a, "%lld", (long long)json_object_get_int64(value)));
	default:
		return NULL; /* a boolean is as it should be, and nested values come later */
	}
}

static const char *count_problem(struct arena *a, const char *most, long long limit)
{
	return arena_printf(a, "must have at %s %lld item%s", most, limit, limit == 1 ? "" : "s");
}

static const char *list_problem(struct arena *a, const struct field *f, size_t count)
{
	long long max = f->max ? f->max : FIELD_ITEMS_MAX;

	if ((long long)count > max)
		return count_problem(a, "most", max);
	if ((long long)count < f->min)
		return f->min == 1 ? "must not be empty" : count_problem(a, "least", f->min);
	return NULL;
}

static void check_value(const struct field *f, struct json_object *value, const char *pointer,
			bool patch, struct problems *problems);

static void check_list(const struct field *f, struct json_object *list, const char *pointer,
		       struct problems *problems)
{
	size_t      count = json_object_array_length(list);
	const char *why = list_problem(problems->arena, f, count);

	if (why) {
		problems_add(problems, pointer, "%s", why);
		return;
	}
	for (size_t i = 0; i < count; i++)
		check_value(f->item, json_object_array_get_idx(list, i),
			    pointer_item(problems->arena, pointer, i), false, problems);
}

static const char *value_problem(struct arena *a, const struct field *f, struct json_object *value)
{
	if (!value)
		return "must not be null";
	if (json_object_get_type(value) != json_types[f->type] &&
	    !(f->type == FIELD_DECIMAL && json_object_is_type(value, json_type_int)))
		return type_problem(a, f);
	return check_scalar(a, f, value);
}

static void check_value(const struct field *f, struct json_object *value, const char *pointer,
			bool patch, struct problems *problems)
{
	const char *why = value_problem(problems->arena, f, value);

	if (why)
		problems_add(problems, pointer, "%s", why);
	else if (f->type == FIELD_OBJECT)
		check_object(f->fields, value, pointer, patch, problems);
	else if (f->type == FIELD_LIST)
		check_list(f, value, pointer, problems);
}

static bool name_is_known(const struct field *fields, const char *name)
{
	for (const struct field *f = fields; f && f->name; f++)
		if (f->in == IN_BODY && strcmp(f->name, name) == 0)
			return true;
	return false;
}

static void check_member(const struct field *f, struct json_object *object, const char *pointer,
			 bool patch, struct problems *problems)
{
	const char         *member = pointer_member(problems->arena, pointer, f->name);
	struct json_object *value;

	if (!json_object_object_get_ex(object, f->name, &value)) {
		if (f->required && !patch)
			problems_add(problems, member, "is required");
	} else if (value || f->required) {
		check_value(f, value, member, patch, problems);
	}
}

static void check_object(const struct field *fields, struct json_object *object,
			 const char *pointer, bool patch, struct problems *problems)
{
	for (const struct field *f = fields; f && f->name; f++)
		if (f->in == IN_BODY)
			check_member(f, object, pointer, patch, problems);
	json_object_object_foreach(object, name, value) {
		(void)value;
		if (!name_is_known(fields, name))
			problems_add(problems, pointer_member(problems->arena, pointer, name),
				     "is not a known field");
	}
}

void field_check_body(const struct field *fields, struct json_object *body, bool patch,
		      struct problems *problems)
{
	if (json_object_is_type(body, json_type_object))
		check_object(fields, body, "", patch, problems);
	else
		problems_add(problems, "", "must be an object");
}
