/*
 * A path with its query: what is taken in is within limits and UTF-8, and the
 * path of the page after it names the same list, whose cursor is known there and
 * nowhere else.  Of a path that a route fits, the segments are those of the path.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/cursor.h"
#include "core/route.h"
#include "core/utf8.h"
#include "records/resources.h"
#include "unit/fake_gateway.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct route *const routes[] = { RESOURCE_ROUTES, NULL };
static const struct settings     settings = { .spool_dir = "/tmp" };

static enum err take_in(struct arena *a, struct request *ret, const char *uri)
{
	char *params[3] = { (char *)"REQUEST_METHOD=GET", (char *)arena_printf(a, "REQUEST_URI=%s", uri), NULL };

	*ret = (struct request){ .arena = a, .settings = &settings };
	fake_gateway_set(params, "", 0);
	return request_read(ret);
}

static void check_params(const struct request *r)
{
	if (r->param_count > REQUEST_PARAMS_MAX || strlen(r->path) > REQUEST_PATH_MAX || strchr(r->path, '?'))
		abort();
	for (size_t i = 0; i < r->param_count; i++)
		if (!utf8_valid(r->params[i].name, strlen(r->params[i].name)) ||
		    !utf8_valid(r->params[i].value, strlen(r->params[i].value)))
			abort();
}

static void check_cursor(struct arena *a, struct request *r)
{
	const char    *next = cursor_next(r, "123"), *key, *other;
	struct request again, elsewhere;
	enum err       err = take_in(a, &again, next);

	if (err == ERR_TOO_LARGE || r->param_count == REQUEST_PARAMS_MAX) /* escaped it is longer, and has one more */
		return;
	key = err || again.problems.count > 0 ? NULL : cursor_key(&again, request_param(&again, "after"));
	if (!key || strcmp(key, "123") != 0)
		abort();
	other = arena_printf(a, "%s&another=1", next);
	if (take_in(a, &elsewhere, other) == ERR_NONE && elsewhere.problems.count == 0 &&
	    cursor_key(&elsewhere, request_param(&elsewhere, "after")))
		abort();
}

/* The pattern with the segments in the places of its braces. */
static void check_segments(const struct route *route, const char *path, const struct segment *segments)
{
	const char *p = route->path;

	for (const char *at = path; *at;) {
		const size_t length = *p == '{' ? segments->length : 1;

		if (*p == '{' ? segments->text != at || length == 0 || memchr(at, '/', length) : *p != *at)
			abort();
		segments += *p == '{';
		p += *p == '{' ? strcspn(p, "}") + 1 : 1;
		at += length;
	}
	if (*p)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena       *a = arena_new();
	struct segment      segments[ROUTE_SEGMENTS_MAX];
	const struct route *route;
	struct request      r;
	const char         *allow, *given;

	if (take_in(a, &r, arena_strndup(a, (const char *)data, size)) == ERR_NONE) {
		check_params(&r);
		given = request_param(&r, "after");
		if (given && r.problems.count == 0)
			cursor_key(&r, given);
		if (r.problems.count == 0)
			check_cursor(a, &r);
		if (route_find(a, routes, "GET", r.path, &route, segments, &allow) == ERR_NONE)
			check_segments(route, r.path, segments);
	}
	arena_free(a);
	return 0;
}
