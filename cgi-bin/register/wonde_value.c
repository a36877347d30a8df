#include "register/wonde_value.h"

#include <string.h>

static struct json_object *unwrapped(struct json_object *value)
{
	struct json_object *data;

	return json_object_is_type(value, json_type_object) && json_object_object_get_ex(value, "data", &data)
	       ? data : value;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	return json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, name, &value)
	       ? value : NULL;
}

struct json_object *wonde_member(struct json_object *object, const char *name)
{
	return unwrapped(member(object, name));
}

struct json_object *wonde_at(struct json_object *object, const char *const *path)
{
	for (; *path; path++)
		object = wonde_member(object, *path);
	return object;
}

bool wonde_has(struct json_object *object, const char *const *path)
{
	for (; path[0] && path[1]; path++)
		object = wonde_member(object, *path);
	return json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, *path, NULL);
}

bool wonde_text(struct arena *a, struct json_object *value, const char **ret)
{
	*ret = NULL;
	switch (json_object_get_type(value)) {
	case json_type_null:
		return true;
	case json_type_string:
	case json_type_int:
		*ret = arena_strdup(a, json_object_get_string(value));
		return true;
	default:
		return false;
	}
}

/* What follows the day says midnight, in whatever zone. */
static bool is_midnight(const char *rest)
{
	if (*rest != ' ' && *rest != 'T')
		return false;
	rest++;
	if (strncmp(rest, "00:00", 5) != 0)
		return false;
	rest += 5;
	if (*rest == ':')
		rest += strspn(rest, ":.0");
	return *rest == '\0' || *rest == 'Z' || *rest == '+' || *rest == '-';
}

bool wonde_day(struct arena *a, struct json_object *value, const char **ret)
{
	enum { DAY_LENGTH = 10 };
	struct json_object *date = member(value, "date");

	if (!wonde_text(a, date ? date : value, ret))
		return false;
	if (*ret && strlen(*ret) > DAY_LENGTH && is_midnight(*ret + DAY_LENGTH))
		*ret = arena_strndup(a, *ret, DAY_LENGTH);
	return true;
}

bool wonde_bool(struct json_object *value, bool *ret)
{
	const char *text;

	if (!value)
		return true;
	if (json_object_is_type(value, json_type_boolean)) {
		*ret = json_object_get_boolean(value);
		return true;
	}
	if (!json_object_is_type(value, json_type_string) && !json_object_is_type(value, json_type_int))
		return false;
	text = json_object_get_string(value);
	*ret = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
	return *ret || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

bool wonde_each(struct json_object *list, bool (*fn)(void *ctx, struct json_object *item), void *ctx)
{
	if (!json_object_is_type(list, json_type_array))
		return !list || fn(ctx, list);
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (!fn(ctx, json_object_array_get_idx(list, i)))
			return false;
	return true;
}
