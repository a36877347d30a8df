#include "document.h"

#include <limits.h>
#include <stdlib.h>

enum { DEPTH_MAX = 32 };

static void put_object(void *object)
{
	json_object_put(object);
}

struct json_object *document_read(struct arena *a, const char *text, size_t size, const char **ret_why)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object  *found;
	enum json_tokener_error error;

	if (!tokener)
		abort();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	found = size < INT_MAX ? json_tokener_parse_ex(tokener, text, (int)size) : NULL;
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (found)
		arena_defer(a, put_object, found);
	*ret_why = NULL;
	if (error == json_tokener_continue)
		*ret_why = "it ends too soon";
	else if (error != json_tokener_success)
		*ret_why = json_tokener_error_desc(error);
	else if (!json_object_is_type(found, json_type_object))
		*ret_why = "it is no object";
	return *ret_why ? NULL : found;
}

const char *document_text(struct json_object *object, const char *name)
{
	struct json_object *member = NULL;

	json_object_object_get_ex(object, name, &member);
	return json_object_is_type(member, json_type_string) ? json_object_get_string(member) : NULL;
}

long long document_count(struct json_object *object, const char *name)
{
	struct json_object *member = NULL;

	json_object_object_get_ex(object, name, &member);
	if (!json_object_is_type(member, json_type_int) || json_object_get_int64(member) < 0)
		return -1;
	return json_object_get_int64(member);
}
