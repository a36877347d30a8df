#include "page.h"

#include <string.h>

#include "pull/address.h"
#include "pull/document.h"

/* A member that is an object, or absent or null: then NULL. False when it is something else. */
static bool get_object(struct json_object *object, const char *name, struct json_object **ret)
{
	*ret = NULL;
	if (object)
		json_object_object_get_ex(object, name, ret);
	return !*ret || json_object_is_type(*ret, json_type_object);
}

static const char *read_next(struct arena *a, const char *url, struct json_object *pagination, const char **ret_next)
{
	struct json_object *next = NULL, *more = NULL;
	const char         *text;

	json_object_object_get_ex(pagination, "next", &next);
	json_object_object_get_ex(pagination, "more", &more);
	if (next && !json_object_is_type(next, json_type_string))
		return "its \"next\" is no URL";
	text = next ? json_object_get_string(next) : "";
	if (!*text)
		return json_object_is_type(more, json_type_boolean) && json_object_get_boolean(more)
			       ? "it says that there is more, but not where" : NULL;
	*ret_next = address_resolve(a, url, text);
	if (!*ret_next)
		return "its \"next\" is no URL";
	if (!address_same_origin(url, *ret_next))
		return arena_printf(a, "its \"next\" leads elsewhere, where the token must not go: %s",
				    address_shown(a, *ret_next));
	return NULL;
}

const char *page_read(struct arena *a, const char *url, const char *body, size_t size, struct page *ret)
{
	struct json_object *page, *data = NULL, *meta, *pagination = NULL;
	const char         *why;

	*ret = (struct page){ .body = body, .size = size };
	page = document_read(a, body, size, &why);
	if (!page)
		return arena_printf(a, "it is no JSON: %s", why);
	json_object_object_get_ex(page, "data", &data);
	if (!json_object_is_type(data, json_type_array))
		return "it has no list \"data\"";
	if (!get_object(page, "meta", &meta) || !get_object(meta, "pagination", &pagination))
		return "its \"meta\" is not that of a page";
	ret->rows = json_object_array_length(data);
	return pagination ? read_next(a, url, pagination, &ret->next) : NULL;
}
