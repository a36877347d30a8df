#include <stdio.h>
#include <string.h>

#include "core/cursor.h"
#include "core/request.h"
#include "fake_gateway.h"
#include "suites.h"

static struct request  request;
static struct settings settings;

static void set_up(void)
{
	settings.spool_dir = "/tmp";
	request = (struct request){ .arena = arena_new(), .settings = &settings };
}

static void tear_down(void)
{
	arena_free(request.arena);
}

static enum err read_with(const char *uri, const char *header, const char *again)
{
	static char target[1024];
	static char *params[8];
	size_t       n = 0;

	strcpy(stpcpy(target, "REQUEST_URI="), uri);
	params[n++] = (char *)"REQUEST_METHOD=GET";
	params[n++] = target;
	params[n++] = (char *)header;
	params[n++] = (char *)again;
	params[n] = NULL;
	fake_gateway_set(params, "", 0);
	return request_read(&request);
}

static const struct {
	const char *query, *name, *value;
	enum err    err;
} queries[] = {
	{ "/p?a=1", "a", "1", ERR_NONE },
	{ "/p?a=x+y", "a", "x y", ERR_NONE },
	{ "/p?a=%C3%A9", "a", "é", ERR_NONE },
	{ "/p?a=", "a", "", ERR_NONE },
	{ "/p?a", "a", "", ERR_NONE },
	{ "/p?a=b=c", "a", "b=c", ERR_NONE },
	{ "/p?&&a=1&", "a", "1", ERR_NONE },
	{ "/p?a=%00", NULL, NULL, ERR_MALFORMED },
	{ "/p?a=%C0%AF", NULL, NULL, ERR_MALFORMED },
	{ "/p?a=%", NULL, NULL, ERR_MALFORMED },
	{ "/p?a=%4", NULL, NULL, ERR_MALFORMED },
	{ "/p?a=%zz", NULL, NULL, ERR_MALFORMED },
	{ "nopath", NULL, NULL, ERR_MALFORMED },
};

START_TEST(a_query_is_read_or_refused)
{
	ck_assert_int_eq(read_with(queries[_i].query, NULL, NULL), queries[_i].err);
	if (queries[_i].err)
		return;
	ck_assert_uint_eq(request.param_count, 1);
	ck_assert_str_eq(request.params[0].name, queries[_i].name);
	ck_assert_str_eq(request.params[0].value, queries[_i].value);
	ck_assert_str_eq(request.path, "/p");
}
END_TEST

START_TEST(a_parameter_given_twice_is_a_problem)
{
	ck_assert_int_eq(read_with("/p?a=1&a=2", NULL, NULL), ERR_NONE);
	ck_assert_uint_eq(request.problems.count, 1);
	ck_assert_str_eq(request.problems.first->pointer, "/a");
}
END_TEST

START_TEST(a_deciding_header_counts_once)
{
	ck_assert_int_eq(read_with("/p", "HTTP_IDEMPOTENCY_KEY=a", "HTTP_IDEMPOTENCY_KEY=b"), ERR_MALFORMED);
	ck_assert_int_eq(read_with("/p", "HTTP_ACCEPT=a", "HTTP_ACCEPT=b"), ERR_NONE);
}
END_TEST

START_TEST(too_many_parameters_are_refused)
{
	char  uri[1024] = "/p?", *end = uri + 3;

	for (int i = 0; i <= REQUEST_PARAMS_MAX; i++)
		end += snprintf(end, sizeof(uri) - (size_t)(end - uri), "a%d=1&", i);
	ck_assert_int_eq(read_with(uri, NULL, NULL), ERR_MALFORMED);
}
END_TEST

static const struct {
	const char *type, *wanted;
	bool        is;
	const char *charset;
} types[] = {
	{ "CONTENT_TYPE=text/csv", "text/csv", true, NULL },
	{ "CONTENT_TYPE=Text/CSV; charset=windows-1252", "text/csv", true, "windows-1252" },
	{ "CONTENT_TYPE=text/csv;header=present; charset=\"utf-8\"", "text/csv", true, "utf-8" },
	{ "CONTENT_TYPE=text/csvx", "text/csv", false, NULL },
	{ "CONTENT_TYPE=", "text/csv", false, NULL },
};

START_TEST(a_media_type_is_told_from_its_parameters)
{
	ck_assert_int_eq(read_with("/p", types[_i].type, NULL), ERR_NONE);
	ck_assert(request_media_type_is(&request, types[_i].wanted) == types[_i].is);
	ck_assert_pstr_eq(request_media_parameter(&request, "charset"), types[_i].charset);
}
END_TEST

static enum err read_body(const char *length, const char *sent, uint64_t limit)
{
	char *params[] = { (char *)"REQUEST_METHOD=POST", (char *)"REQUEST_URI=/p", (char *)length, NULL };
	enum err err;

	fake_gateway_set(params, sent, strlen(sent));
	err = request_read(&request);
	return err ? err : request_body(&request, limit);
}

START_TEST(a_body_is_whole_or_refused)
{
	ck_assert_int_eq(read_body("CONTENT_LENGTH=3", "abc", 10), ERR_NONE);
	ck_assert_str_eq(request.body, "abc");
	ck_assert_int_eq(read_body("CONTENT_LENGTH=3", "ab", 10), ERR_MALFORMED);
	ck_assert_int_eq(read_body("CONTENT_LENGTH=11", "abc", 10), ERR_TOO_LARGE);
	ck_assert_int_eq(read_body("CONTENT_LENGTH=-1", "abc", 10), ERR_MALFORMED);
	ck_assert_int_eq(read_body("CONTENT_LENGTH=3x", "abc", 10), ERR_MALFORMED);
}
END_TEST

START_TEST(the_next_page_keeps_filters_and_limit)
{
	const char *next;

	ck_assert_int_eq(read_with("/p?state=a%26b&limit=2&after=7-x", NULL, NULL), ERR_NONE);
	next = cursor_next(&request, "41");
	ck_assert_ptr_nonnull(strstr(next, "/p?after=41-"));
	ck_assert_ptr_nonnull(strstr(next, "&state=a%26b&limit=2"));
	ck_assert_ptr_null(strstr(next, "7-x"));
}
END_TEST

START_TEST(a_cursor_from_elsewhere_is_refused)
{
	const char *cursor;

	ck_assert_int_eq(read_with("/p?state=a", NULL, NULL), ERR_NONE);
	cursor = strstr(cursor_next(&request, "41"), "after=") + 6;
	cursor = arena_strndup(request.arena, cursor, strcspn(cursor, "&"));
	ck_assert_str_eq(cursor_key(&request, cursor), "41");
	request.param_count = 0;
	ck_assert_int_eq(request_parse_pairs(&request, "state=b"), ERR_NONE);
	ck_assert_ptr_null(cursor_key(&request, cursor));
	ck_assert_ptr_null(cursor_key(&request, "41"));
	ck_assert_ptr_null(cursor_key(&request, ""));
	ck_assert_ptr_null(cursor_key(&request, "x-y"));
}
END_TEST

Suite *request_suite(void)
{
	Suite *suite = suite_create("request");
	TCase *tests = tcase_create("request");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_query_is_read_or_refused, 0, COUNT(queries));
	tcase_add_test(tests, a_parameter_given_twice_is_a_problem);
	tcase_add_test(tests, a_deciding_header_counts_once);
	tcase_add_test(tests, too_many_parameters_are_refused);
	tcase_add_loop_test(tests, a_media_type_is_told_from_its_parameters, 0, COUNT(types));
	tcase_add_test(tests, a_body_is_whole_or_refused);
	tcase_add_test(tests, the_next_page_keeps_filters_and_limit);
	tcase_add_test(tests, a_cursor_from_elsewhere_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
