#include "sso/claims.h"

#include <stdbool.h>

static bool is_plain(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_string:
	case json_type_int:
	case json_type_double:
	case json_type_boolean:
		return true;
	default:
		return false;
	}
}

const char *claims_problem(struct arena *a, struct json_object *wanted)
{
	if (!json_object_is_type(wanted, json_type_object))
		return "claims is no object";
	json_object_object_foreach(wanted, name, value)
		if (!is_plain(value))
			return arena_printf(a, "claims: %s is no text, number or boolean", name);
	return NULL;
}

static bool is_made(struct json_object *claim, struct json_object *wanted)
{
	if (!json_object_is_type(claim, json_type_array))
		return json_object_equal(claim, wanted);
	for (size_t i = 0; i < json_object_array_length(claim); i++)
		if (json_object_equal(json_object_array_get_idx(claim, i), wanted))
			return true;
	return false;
}

const char *claims_unmet(struct json_object *wanted, struct json_object *made)
{
	if (!wanted)
		return NULL;
	json_object_object_foreach(wanted, name, value)
		if (!is_made(json_object_object_get(made, name), value))
			return name;
	return NULL;
}
