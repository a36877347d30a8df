#include "register/wonde_page.h"

#include <string.h>

#include "core/json.h"
#include "register/import_wonde.h"
#include "register/wonde_value.h"

enum { FIRST_ROOM = 64 * 1024 };

struct text {
	char  *bytes;
	size_t length, room;
};

static void make_room(struct arena *a, struct text *t)
{
	const size_t room = t->room == 0 ? FIRST_ROOM : 2 * t->room;
	char        *bytes = arena_alloc(a, room);

	if (t->length > 0)
		memcpy(bytes, t->bytes, t->length);
	t->bytes = bytes;
	t->room = room;
}

static enum err read_text(struct request *r, struct arena *a, struct import_body *body, struct text *t)
{
	ssize_t n;

	do {
		if (t->length == t->room)
			make_room(a, t);
		n = import_body_read(body, t->bytes + t->length, t->room - t->length);
		t->length += n > 0 ? (size_t)n : 0;
		if (t->length > WONDE_BYTES_MAX)
			return request_fail(r, ERR_TOO_LARGE, "A page has at most %d bytes: ask Wonde for fewer items "
					    "a page.", WONDE_BYTES_MAX);
	} while (n > 0);
	if (n < 0)
		return request_fail(r, ERR_MALFORMED, "The page broke off, or is longer than allowed; nothing was "
				    "stored.");
	return ERR_NONE;
}

static void put_codes(void *ptr)
{
	json_object_put(ptr);
}

/* Once for all items: a page may hold as many codes as items. */
static struct json_object *index_codes(struct arena *a, struct json_object *list)
{
	struct json_object *codes = json_object_new_object();
	const size_t        count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		const char         *id, *code;

		if (wonde_text(a, wonde_member(item, "id"), &id) && id &&
		    wonde_text(a, wonde_member(item, "code"), &code) && code)
			json_object_object_add(codes, id, json_object_new_string(code));
	}
	arena_defer(a, put_codes, codes);
	return codes;
}

enum err wonde_page_read(struct request *r, struct arena *a, struct import_body *body, struct wonde_page *ret)
{
	static const struct json_limits limits = { .values = WONDE_VALUES_MAX };
	struct text                     text = { 0 };
	const char                     *why;
	struct json_object             *root;
	enum err                        err = read_text(r, a, body, &text);

	if (err)
		return err;
	root = json_read_within(a, text.bytes, text.length, &limits, &why);
	if (why)
		return request_fail(r, ERR_JSON, "%s; nothing was stored.", why);
	ret->items = json_object_is_type(root, json_type_array) ? root : wonde_member(root, "data");
	if (!json_object_is_type(ret->items, json_type_array) && !json_object_is_type(ret->items, json_type_object))
		return request_fail(r, ERR_MALFORMED, "A page is {\"data\": [items]}, as Wonde gives it; nothing was "
				    "stored.");
	ret->codes = index_codes(a, wonde_member(root, "attendance_codes"));
	return ERR_NONE;
}
