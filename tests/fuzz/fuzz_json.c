/*
 * JSON: whatever the strict check accepts must be accepted by json-c too, and
 * come back from it as JSON that is accepted again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(struct arena *a, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);

	if (json_check(a, text, strlen(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena       *a = arena_new();
	const char         *checked, *why;
	struct json_object *object;

	checked = json_check(a, (const char *)data, size);
	object = json_read(a, (const char *)data, size, &why);
	if (!checked != !why || (why && object))
		abort();
	if (!why)
		check_again(a, object);
	arena_free(a);
	return 0;
}
