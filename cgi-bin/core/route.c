#include "route.h"

#include <string.h>

#include "format.h"

static bool path_fits(const char *pattern, const char *path, struct segment segments[ROUTE_SEGMENTS_MAX])
{
	size_t n = 0;

	while (*pattern && *path) {
		size_t in_pattern = strcspn(pattern, "/"), in_path = strcspn(path, "/");

		if (*pattern == '{') {
			if (in_path == 0 || n == ROUTE_SEGMENTS_MAX)
				return false;
			segments[n++] = (struct segment){ path, in_path };
		} else if (in_pattern != in_path || strncmp(pattern, path, in_path) != 0) {
			return false;
		}
		pattern += in_pattern;
		path += in_path;
		if (*pattern != *path)
			return false;
		pattern += *pattern == '/';
		path += *path == '/';
	}
	return *pattern == *path;
}

/* A path with a GET offers HEAD, too. */
static const char *add_method(struct arena *a, const char *allow, const char *method)
{
	const char *with = strcmp(method, "GET") == 0 ? "GET, HEAD" : method;

	return allow ? arena_printf(a, "%s, %s", allow, with) : with;
}

enum err route_find(struct arena *a, const struct route *const *tables, const char *method, const char *path,
		    const struct route **ret_route, struct segment segments[ROUTE_SEGMENTS_MAX],
		    const char **ret_allow)
{
	*ret_allow = NULL;
	for (; *tables; tables++)
		for (const struct route *route = *tables; route->method; route++) {
			if (!path_fits(route->path, path, segments))
				continue;
			if (strcmp(route->method, method) == 0) {
				*ret_route = route;
				return ERR_NONE;
			}
			*ret_allow = add_method(a, *ret_allow, route->method);
		}
	return *ret_allow ? ERR_METHOD : ERR_NOT_FOUND;
}

static size_t table_count(const struct route *const *tables)
{
	size_t n = 0;

	while (tables[n])
		n++;
	return n;
}

const struct route *const *route_tables_join(struct arena *a, const struct route *const *first,
					     const struct route *const *second)
{
	const size_t         before = table_count(first), after = table_count(second);
	const struct route **joined = arena_alloc(a, (before + after + 1) * sizeof(*joined));

	memcpy(joined, first, before * sizeof(*joined));
	memcpy(joined + before, second, after * sizeof(*joined));
	return joined;
}

size_t route_field_count(const struct field *fields)
{
	size_t n = 0;

	while (fields && fields[n].name)
		n++;
	return n;
}

bool route_is_of_any_type(const struct route *route)
{
	return route->media_type && strcmp(route->media_type, ROUTE_ANY_TYPE) == 0;
}

bool route_is_of_session(const struct route *route)
{
	return route->scope && strcmp(route->scope, ROUTE_SESSION) == 0;
}

bool route_reads(const struct route *route)
{
	return strcmp(route->method, "GET") == 0;
}

const struct format *const *route_formats(const struct route *route)
{
	static const struct format *const record[] = { &format_json, NULL };
	static const struct format *const list[] = { &format_json, &format_ndjson, &format_csv, &format_xml, &format_xlsx,
						     NULL };
	static const struct format *const report[] = { &format_json, &format_ndjson, &format_csv, &format_xml, &format_xlsx,
						       &format_html, NULL };
	static const struct format *const document[] = { &format_xml, &format_html, NULL };

	if (route->shape == DOCUMENT)
		return document;
	if (route->shape != MANY_ROWS)
		return record;
	return route->page ? report : list;
}
