#include "core/route.h"
#include "suites.h"

static const struct route visits[] = {
	{ .method = "GET", .path = "/v/visits" },
	{ .method = "POST", .path = "/v/visits" },
	{ .method = "GET", .path = "/v/visits/{visit}" },
	{ .method = "GET", .path = "/v/visits/{visit}/events" },
	{ 0 }
};
static const struct route *const tables[] = { visits, NULL };

static const struct {
	const char *method, *path;
	enum err    err;
	const char *pattern, *allow;
} cases[] = {
	{ "GET", "/v/visits", ERR_NONE, "/v/visits", NULL },
	{ "POST", "/v/visits", ERR_NONE, "/v/visits", NULL },
	{ "GET", "/v/visits/7", ERR_NONE, "/v/visits/{visit}", NULL },
	{ "GET", "/v/visits/7/events", ERR_NONE, "/v/visits/{visit}/events", NULL },
	{ "DELETE", "/v/visits", ERR_METHOD, NULL, "GET, HEAD, POST" },
	{ "POST", "/v/visits/7", ERR_METHOD, NULL, "GET, HEAD" },
	{ "GET", "/v/visits/", ERR_NOT_FOUND, NULL, NULL },
	{ "GET", "/v/visit", ERR_NOT_FOUND, NULL, NULL },
	{ "GET", "/v/visitsx", ERR_NOT_FOUND, NULL, NULL },
	{ "GET", "/v/visits/7/", ERR_NOT_FOUND, NULL, NULL },
	{ "GET", "/v/visits//events", ERR_NOT_FOUND, NULL, NULL },
	{ "GET", "/v/visits/7/events/8", ERR_NOT_FOUND, NULL, NULL },
	{ "GET", "/", ERR_NOT_FOUND, NULL, NULL },
};

START_TEST(method_and_path_lead_to_one_row)
{
	struct arena       *a = arena_new();
	const struct route *route = NULL;
	struct segment      segments[ROUTE_SEGMENTS_MAX];
	const char         *allow;

	ck_assert_int_eq(route_find(a, tables, cases[_i].method, cases[_i].path, &route, segments, &allow),
			 cases[_i].err);
	if (cases[_i].pattern)
		ck_assert_str_eq(route->path, cases[_i].pattern);
	if (cases[_i].allow)
		ck_assert_str_eq(allow, cases[_i].allow);
	arena_free(a);
}
END_TEST

START_TEST(a_segment_in_braces_is_handed_over)
{
	struct arena       *a = arena_new();
	const struct route *route;
	struct segment      segments[ROUTE_SEGMENTS_MAX];
	const char         *allow;

	ck_assert_int_eq(route_find(a, tables, "GET", "/v/visits/123/events", &route, segments, &allow), ERR_NONE);
	ck_assert_uint_eq(segments[0].length, 3);
	ck_assert_int_eq(segments[0].text[0], '1');
	arena_free(a);
}
END_TEST

Suite *route_suite(void)
{
	Suite *suite = suite_create("route");
	TCase *tests = tcase_create("route");

	tcase_add_loop_test(tests, method_and_path_lead_to_one_row, 0, COUNT(cases));
	tcase_add_test(tests, a_segment_in_braces_is_handed_over);
	suite_add_tcase(suite, tests);
	return suite;
}
