#include <stdio.h>
#include <string.h>

#include "core/caller.h"
#include "core/cookie.h"
#include "core/hash.h"
#include "core/route.h"
#include "fake_gateway.h"
#include "suites.h"

#define TOKEN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define COOKIE "HTTP_COOKIE=" CALLER_SESSION_COOKIE "=" TOKEN

static struct request     request;
static const struct route reads = { .method = "GET", .scope = "visits:read" };
static const struct route writes = { .method = "POST", .scope = "visits:write" };
static const struct route open_to_all = { .method = "POST" };

static void set_up(void)
{
	request = (struct request){ .arena = arena_new(), .route = &reads };
}

static void tear_down(void)
{
	arena_free(request.arena);
}

static enum err read_with(const struct route *route, const char *const *headers)
{
	request.route = route;
	request.token_hash = request.reason = NULL;
	fake_gateway_set((char *const *)headers, "", 0);
	return caller_read(&request);
}

#define READ(route, ...) read_with(route, (const char *const[]){ __VA_ARGS__, NULL })

static const struct {
	const char *header, *value;
	enum err    err;
} cookies[] = {
	{ "HTTP_COOKIE=name=a", "a", ERR_NONE },
	{ "HTTP_COOKIE=other=b; name=a;third=c", "a", ERR_NONE },
	{ "HTTP_COOKIE=name=a=b", "a=b", ERR_NONE },
	{ "HTTP_COOKIE=;; name=a;", "a", ERR_NONE },
	{ "HTTP_COOKIE=name=", NULL, ERR_NONE },
	{ "HTTP_COOKIE=name", NULL, ERR_NONE },
	{ "HTTP_COOKIE=xname=a; namex=b; NAME=c", NULL, ERR_NONE },
	{ "HTTP_COOKIE=", NULL, ERR_NONE },
	{ "OTHER=name=a", NULL, ERR_NONE },
	{ "HTTP_COOKIE=name=a; name=b", NULL, ERR_MALFORMED },
	{ "HTTP_COOKIE=name=; name=b", NULL, ERR_MALFORMED },
};

START_TEST(a_cookie_is_read_or_refused)
{
	const char *value;

	fake_gateway_set((char *const[]){ (char *)cookies[_i].header, NULL }, "", 0);
	ck_assert_int_eq(cookie_read(&request, "name", &value), cookies[_i].err);
	if (!cookies[_i].err)
		ck_assert_pstr_eq(value, cookies[_i].value);
}
END_TEST

START_TEST(a_session_is_told_by_its_cookie)
{
	ck_assert_int_eq(READ(&reads, COOKIE), ERR_NONE);
	ck_assert_str_eq(request.token_hash, hash_hex_of(request.arena, TOKEN));
	ck_assert_int_eq(READ(&reads, "HTTP_AUTHORIZATION=Bearer " TOKEN), ERR_NONE);
	ck_assert_str_eq(request.token_hash, hash_hex_of(request.arena, TOKEN));
	ck_assert_int_eq(READ(&reads, "HTTP_AUTHORIZATION=Basic eDp5"), ERR_NONE);
	ck_assert_ptr_null(request.token_hash);
}
END_TEST

START_TEST(token_and_cookie_do_not_go_together)
{
	ck_assert_int_eq(READ(&reads, COOKIE, "HTTP_AUTHORIZATION=Bearer x"), ERR_MALFORMED);
	ck_assert_int_eq(READ(&reads, COOKIE, "HTTP_AUTHORIZATION=Basic eDp5"), ERR_MALFORMED);
}
END_TEST

START_TEST(a_change_by_cookie_comes_from_a_page_of_the_session)
{
	const char *right = arena_printf(request.arena, "HTTP_X_CSRF_TOKEN=%s", caller_csrf(request.arena, TOKEN));
	const char *wrong = arena_printf(request.arena, "HTTP_X_CSRF_TOKEN=%s", caller_csrf(request.arena, "another"));
	const char *host = "HTTP_HOST=doorstep.example";

	ck_assert_int_eq(READ(&writes, COOKIE), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, wrong), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, "HTTP_X_CSRF_TOKEN=x"), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, right), ERR_NONE);
	ck_assert_int_eq(READ(&writes, COOKIE, right, "HTTP_SEC_FETCH_SITE=same-origin"), ERR_NONE);
	ck_assert_int_eq(READ(&writes, COOKIE, right, "HTTP_SEC_FETCH_SITE=cross-site"), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, right, "HTTP_SEC_FETCH_SITE=same-site"), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, right, host, "HTTP_ORIGIN=https://doorstep.example"), ERR_NONE);
	ck_assert_int_eq(READ(&writes, COOKIE, right, host, "HTTP_ORIGIN=https://doorstep.example:444"), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, right, host, "HTTP_ORIGIN=https://evil.example"), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, right, host, "HTTP_ORIGIN=null"), ERR_CSRF);
	ck_assert_int_eq(READ(&writes, COOKIE, right, "HTTP_ORIGIN=https://doorstep.example"), ERR_CSRF);
}
END_TEST

START_TEST(no_page_is_asked_for_where_none_can_forge)
{
	ck_assert_int_eq(READ(&writes, "HTTP_AUTHORIZATION=Bearer x", "HTTP_ORIGIN=https://evil.example"), ERR_NONE);
	ck_assert_int_eq(READ(&reads, COOKIE, "HTTP_SEC_FETCH_SITE=cross-site"), ERR_NONE);
	ck_assert_int_eq(READ(&open_to_all, COOKIE), ERR_NONE);
}
END_TEST

START_TEST(what_the_page_sends_does_not_tell_the_token)
{
	const char *csrf = caller_csrf(request.arena, TOKEN);

	ck_assert_uint_eq(strlen(csrf), 64);
	ck_assert_str_ne(csrf, hash_hex_of(request.arena, TOKEN));
	ck_assert_str_eq(csrf, caller_csrf(request.arena, TOKEN));
}
END_TEST

START_TEST(a_reason_is_a_text_of_one_line)
{
	char longest[64 + 2 * CALLER_REASON_MAX + 4], *end;

	ck_assert_int_eq(READ(&reads, "HTTP_DOORSTEP_REASON=A complaint of a père"), ERR_NONE);
	ck_assert_str_eq(request.reason, "A complaint of a père");
	ck_assert_int_eq(READ(&reads, "HTTP_DOORSTEP_REASON=\xff"), ERR_MALFORMED);
	ck_assert_int_eq(READ(&reads, "HTTP_DOORSTEP_REASON=a\tb"), ERR_MALFORMED);
	ck_assert_int_eq(READ(&reads, "HTTP_DOORSTEP_REASON=a\xc2\x85z"), ERR_MALFORMED);
	end = stpcpy(longest, "HTTP_DOORSTEP_REASON=");
	for (int i = 0; i < CALLER_REASON_MAX; i++)
		end = stpcpy(end, "é");
	ck_assert_int_eq(READ(&reads, longest), ERR_NONE);
	stpcpy(end, "é");
	ck_assert_int_eq(READ(&reads, longest), ERR_MALFORMED);
}
END_TEST

Suite *caller_suite(void)
{
	Suite *suite = suite_create("caller");
	TCase *tests = tcase_create("caller");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_cookie_is_read_or_refused, 0, COUNT(cookies));
	tcase_add_test(tests, a_session_is_told_by_its_cookie);
	tcase_add_test(tests, token_and_cookie_do_not_go_together);
	tcase_add_test(tests, a_change_by_cookie_comes_from_a_page_of_the_session);
	tcase_add_test(tests, no_page_is_asked_for_where_none_can_forge);
	tcase_add_test(tests, what_the_page_sends_does_not_tell_the_token);
	tcase_add_test(tests, a_reason_is_a_text_of_one_line);
	suite_add_tcase(suite, tests);
	return suite;
}
