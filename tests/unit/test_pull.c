#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pull/address.h"
#include "pull/clock.h"
#include "pull/kind.h"
#include "pull/page.h"
#include "pull/retry.h"
#include "pull/source.h"
#include "pull/state.h"
#include "register/import_wonde.h"
#include "suites.h"

/* ---------------------------------------------------------------- addresses */

static const struct {
	const char *x, *y;
	bool        same;
} origins[] = {
	{ "https://api.wonde.com", "https://api.wonde.com/v1.0/x?page=2", true },
	{ "https://api.wonde.com", "https://api.wonde.com:443/", true },
	{ "https://api.wonde.com", "HTTPS://API.Wonde.COM/", true },
	{ "http://[::1]:8080", "http://[::1]:8080/x", true },
	{ "https://api.wonde.com", "http://api.wonde.com/", false },
	{ "https://api.wonde.com", "https://api.wonde.com:8443/", false },
	{ "https://api.wonde.com", "https://api.wonde.com.evil.example/", false },
	{ "https://api.wonde.com", "https://evil.example/api.wonde.com", false },
	{ "https://api.wonde.com", "https://api.wonde.com@evil.example/", false },
	{ "https://api.wonde.com", "https://me@api.wonde.com/", false },
	{ "https://api.wonde.com", "https://me:secret@api.wonde.com/", false },
	{ "https://api.wonde.com", "https://api.wonde.com./", false },
	{ "https://api.wonde.com", "https://evil.example\\@api.wonde.com/", false },
	{ "https://api.wonde.com", "https://evil.example#@api.wonde.com/", false },
	{ "https://api.wonde.com", "", false },
	{ "https://api.wonde.com", "/v1.0/x", false },
	{ "https://api.wonde.com", "ftp://api.wonde.com/", false },
	{ "http://127.0.0.1:80", "http://127.0.0.1/", true },
	{ "http://127.0.0.1:80", "http://127.0.0.2/", false },
};

START_TEST(an_origin_is_scheme_host_and_port)
{
	ck_assert_msg(address_same_origin(origins[_i].x, origins[_i].y) == origins[_i].same, "%s and %s", origins[_i].x,
		      origins[_i].y);
	ck_assert_int_eq(address_same_origin(origins[_i].y, origins[_i].x), origins[_i].same);
}
END_TEST

static const struct {
	const char *url;
	bool        good;
} addresses[] = {
	{ "https://api.wonde.com", true }, { "https://host/base/", true }, { "http://127.0.0.1:8080", true },
	{ "http://localhost", true }, { "http://[::1]/", true }, { "http://api.wonde.com", false },
	{ "http://127.0.0.1.evil.example", false }, { "ftp://localhost", false }, { "api.wonde.com", false }, { "", false },
	{ "https://", false }, { "https://me@host", false }, { "https://:secret@host", false }, { "https://host?a=b", false },
	{ "https://host#x", false }, { "https://a b", false }, { "file:///etc/passwd", false },
};

START_TEST(a_token_goes_over_tls_or_to_this_machine)
{
	ck_assert_msg((address_problem(addresses[_i].url) == NULL) == addresses[_i].good, "%s", addresses[_i].url);
}
END_TEST

START_TEST(an_address_is_shown_without_what_may_be_secret)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(address_shown(a, "https://me:secret@host/a/b?token=secret#x"), "https://host/a/b");
	ck_assert_str_eq(address_shown(a, "what? secret"), "a URL that cannot be read");
	arena_free(a);
}
END_TEST

START_TEST(the_first_page_is_asked_for_as_wonde_is)
{
	struct arena        *a = arena_new();
	const struct options o = { .source = "https://api.wonde.com/", .source_school = "A1", .per_page = 100 };

	ck_assert_str_eq(source_first(a, &o, &kinds[0], NULL),
			 "https://api.wonde.com/v1.0/schools/A1/students"
			 "?include=education_details%2ccontact_details%2cyear&per_page=100");
	ck_assert_ptr_nonnull(strstr(source_first(a, &o, &kinds[2], "2026-09-01 07:30:00"),
				     "/attendance/session?include="));
	ck_assert_ptr_nonnull(strstr(source_first(a, &o, &kinds[2], "2026-09-01 07:30:00"),
				     "&updated_after=2026-09-01+07%3a30%3a00"));
	arena_free(a);
}
END_TEST

static const struct {
	const char *list;
	bool        good, asked[KIND_COUNT];
} lists[] = {
	{ "pupils", true, { true, false, false } },  { "register,pupils", true, { true, false, true } },
	{ "contacts,contacts", true, { false, true, false } }, { "", false, { 0 } },
	{ "pupils,", false, { 0 } }, { ",pupils", false, { 0 } }, { "pupil", false, { 0 } }, { "pupils contacts", false, { 0 } },
};

START_TEST(kinds_are_named_with_commas_between)
{
	bool asked[KIND_COUNT];

	ck_assert_int_eq(kinds_read(lists[_i].list, asked), lists[_i].good);
	for (int i = 0; lists[_i].good && i < KIND_COUNT; i++)
		ck_assert_int_eq(asked[i], lists[_i].asked[i]);
}
END_TEST

/* -------------------------------------------------------------------- pages */

#define FROM "https://api.wonde.com/v1.0/schools/A1/students?page=1"
#define PAGE(pagination) "{\"data\": [1, 2], \"meta\": {\"pagination\": " pagination "}}"

static const struct {
	const char *body, *next, *why; /* why: a part of it; NULL: it is good */
} pages[] = {
	{ PAGE("{\"next\": \"https://api.wonde.com/x?page=2\", \"more\": true}"), "https://api.wonde.com/x?page=2", NULL },
	{ PAGE("{\"next\": \"?page=2\"}"), "https://api.wonde.com/v1.0/schools/A1/students?page=2", NULL },
	{ PAGE("{\"next\": \"/x#again\"}"), "https://api.wonde.com/x", NULL },
	{ PAGE("{\"next\": \"/x?t=2026-09-01 07:30:00&u=%3A\"}"), "https://api.wonde.com/x?t=2026-09-01+07:30:00&u=%3A", NULL },
	{ PAGE("{\"next\": null, \"more\": false}"), NULL, NULL },
	{ PAGE("{\"next\": \"\"}"), NULL, NULL },
	{ PAGE("{}"), NULL, NULL },
	{ PAGE("null"), NULL, NULL },
	{ "{\"data\": [1, 2]}", NULL, NULL },
	{ "{\"data\": [1, 2], \"meta\": null}", NULL, NULL },
	{ PAGE("{\"next\": null, \"more\": true}"), NULL, "not where" },
	{ PAGE("{\"next\": 2}"), NULL, "is no URL" },
	{ PAGE("{\"next\": \"https://\"}"), NULL, "is no URL" },
	{ PAGE("{\"next\": \"//evil.example/\"}"), NULL, "leads elsewhere" },
	{ PAGE("{\"next\": \"https://api.wonde.com:444/\"}"), NULL, "leads elsewhere" },
	{ PAGE("[]"), NULL, "not that of a page" },
	{ "{\"data\": [1, 2], \"meta\": 1}", NULL, "not that of a page" },
	{ "{\"data\": {}}", NULL, "no list \"data\"" },
	{ "{\"meta\": {}}", NULL, "no list \"data\"" },
	{ "[1, 2]", NULL, "it is no object" },
	{ "null", NULL, "it is no JSON" },
	{ "{\"data\": [1, 2", NULL, "it ends too soon" },
	{ "", NULL, "it ends too soon" },
	{ "{\"data\": [1, 2]} {}", NULL, "it is no JSON" },
	{ "{\"data\": [1, 2], }", NULL, "it is no JSON" },
	{ "<html>", NULL, "it is no JSON" },
};

START_TEST(a_page_says_which_is_the_next)
{
	struct arena *a = arena_new();
	struct page   page;
	const char   *why = page_read(a, FROM, pages[_i].body, strlen(pages[_i].body), &page);

	if (pages[_i].why) {
		ck_assert_msg(why && strstr(why, pages[_i].why), "%s: %s", pages[_i].body, why);
	} else {
		ck_assert_msg(!why, "%s: %s", pages[_i].body, why);
		ck_assert_uint_eq(page.rows, 2);
		ck_assert_pstr_eq(page.next, pages[_i].next);
	}
	arena_free(a);
}
END_TEST

START_TEST(a_next_that_is_longer_than_any_url_is_none)
{
	struct arena *a = arena_new();
	char          path[ADDRESS_MAX + 1] = "/";
	struct page   page;
	const char   *body;

	memset(path + 1, 'x', sizeof(path) - 2);
	body = arena_printf(a, "{\"data\": [], \"meta\": {\"pagination\": {\"next\": \"%s\"}}}", path);
	ck_assert_ptr_nonnull(page_read(a, FROM, body, strlen(body), &page));
	arena_free(a);
}
END_TEST

START_TEST(a_page_may_be_as_large_as_doorstep_takes_it)
{
	ck_assert_int_eq(SOURCE_PAGE_MAX, WONDE_BYTES_MAX);
}
END_TEST

/* ------------------------------------------------------------------ retries */

static const struct {
	CURLcode rc;
	long     status;
	bool     helps;
} ends[] = {
	{ CURLE_OK, 429, true }, { CURLE_OK, 500, true }, { CURLE_OK, 502, true }, { CURLE_OK, 503, true },
	{ CURLE_OK, 504, true }, { CURLE_OK, 408, true }, { CURLE_OK, 200, false }, { CURLE_OK, 302, false },
	{ CURLE_OK, 400, false }, { CURLE_OK, 401, false }, { CURLE_OK, 404, false }, { CURLE_OK, 422, false },
	{ CURLE_OK, 501, false }, { CURLE_COULDNT_CONNECT, 0, true }, { CURLE_COULDNT_RESOLVE_HOST, 0, true },
	{ CURLE_OPERATION_TIMEDOUT, 0, true }, { CURLE_PARTIAL_FILE, 200, true }, { CURLE_RECV_ERROR, 0, true },
	{ CURLE_GOT_NOTHING, 0, true }, { CURLE_SSL_CONNECT_ERROR, 0, true }, { CURLE_PEER_FAILED_VERIFICATION, 0, false },
	{ CURLE_SSL_CACERT_BADFILE, 0, false }, { CURLE_WRITE_ERROR, 200, false }, { CURLE_URL_MALFORMAT, 0, false },
};

START_TEST(what_may_go_well_another_time_is_tried_again)
{
	ck_assert_msg(retry_helps(ends[_i].rc, ends[_i].status, _i % 2) == ends[_i].helps, "%d, %ld", (int)ends[_i].rc,
		      ends[_i].status);
}
END_TEST

START_TEST(a_key_that_another_request_has_is_waited_for)
{
	ck_assert(retry_helps(CURLE_OK, 409, true));
	ck_assert(!retry_helps(CURLE_OK, 409, false));
}
END_TEST

START_TEST(waits_double_up_to_a_minute_and_heed_the_server)
{
	ck_assert_int_eq(retry_wait_ms(1, 1000, 0), 1000);
	ck_assert_int_eq(retry_wait_ms(2, 1000, 0), 2000);
	ck_assert_int_eq(retry_wait_ms(4, 1000, 0), 8000);
	ck_assert_int_eq(retry_wait_ms(100, 1000, 0), 60000);
	ck_assert_int_eq(retry_wait_ms(3, 60000, 0), 60000);
	ck_assert_int_eq(retry_wait_ms(100, 0, 0), 0);
	ck_assert_int_eq(retry_wait_ms(1, 0, 7), 7000);
	ck_assert_int_eq(retry_wait_ms(5, 1000, 7), 16000);
	ck_assert_int_eq(retry_wait_ms(1, 1000, 600), 600000);
	ck_assert_int_eq(retry_wait_ms(1, 1000, 601), -1);
}
END_TEST

/* -------------------------------------------------------------------- times */

static const struct {
	const char *text, *read; /* NULL: it is none */
} times[] = {
	{ "2026-09-01 07:30:00", "2026-09-01 07:30:00" }, { "2026-09-01T07:30:00Z", "2026-09-01 07:30:00" },
	{ "2026-09-01", "2026-09-01 00:00:00" }, { "2024-02-29", "2024-02-29 00:00:00" }, { "2026-02-29", NULL },
	{ "2026-13-01", NULL }, { "2026-09-01 24:00:00", NULL }, { "2026-09-01 07:30", NULL }, { "2026-9-1", NULL },
	{ "2026-09-01T07:30:00+01:00", NULL }, { " 2026-09-01", NULL }, { "2026-09-01 ", NULL }, { "yesterday", NULL },
	{ "", NULL },
};

START_TEST(times_are_read_exactly)
{
	struct arena *a = arena_new();
	time_t        time;
	const bool    good = clock_read(times[_i].text, &time);

	ck_assert_msg(good == (times[_i].read != NULL), "%s", times[_i].text);
	if (good)
		ck_assert_str_eq(clock_text(a, time), times[_i].read);
	arena_free(a);
}
END_TEST

START_TEST(the_next_pull_asks_from_before_the_first_request_by_the_sources_clock)
{
	ck_assert_int_eq(clock_before(10000, 99, 0), 10000 - CLOCK_OVERLAP_S);
	ck_assert_int_eq(clock_before(10000, 99, 1), 9999 - CLOCK_OVERLAP_S);
	ck_assert_int_eq(clock_before(10000, 99, 2500), 9997 - CLOCK_OVERLAP_S);
	ck_assert_int_eq(clock_before(0, 5000, 2500), 5000 - CLOCK_OVERLAP_S);
}
END_TEST

/* -------------------------------------------------------------------- state */

static char folder[] = "/tmp/doorstep-pull-XXXXXX";

static struct options options_in(struct arena *a)
{
	return (struct options){
		.source = "https://api.wonde.com", .source_school = "A1", .school = "900001",
		.doorstep = "https://doorstep.example", .state = arena_printf(a, "%s/state.json", folder),
	};
}

static void folder_make(void)
{
	stpcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void folder_remove(void)
{
	static const char *const names[] = { "state.json", "state.json.new", "state.json.lock" };
	char                     path[100];

	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static const struct state full = { .kinds = {
	{ .updated_after = "2026-09-01 07:30:00" },
	{ .updated_after = NULL, .under_way = true, .pull = "p1", .per_page = 100, .since = NULL, .began = NULL, .next = "https://x/?page=1" },
	{ .updated_after = "2026-09-02 07:30:00", .under_way = true, .pull = "p2", .per_page = 7, .since = "2026-09-02 07:30:00",
	  .began = "2026-09-03 07:30:00", .next = "https://x/?page=\"2\"", .counts = { 7, 1400, 1390, 10 } },
} };

START_TEST(a_state_comes_back_as_it_was)
{
	struct arena        *a = arena_new();
	const struct options o = options_in(a);
	struct state         state;
	struct stat          is;
	const char          *why;

	ck_assert_int_eq(state_read(a, &o, &state, &why), STATE_FOUND);
	ck_assert(!state.kinds[0].updated_after && !state.kinds[0].under_way);
	ck_assert_pstr_eq(state_write(a, &o, &full), NULL);
	ck_assert_int_eq(stat(o.state, &is), 0);
	ck_assert_int_eq(is.st_mode & 07777, 0600);
	ck_assert_int_eq(state_read(a, &o, &state, &why), STATE_FOUND);
	for (int i = 0; i < KIND_COUNT; i++) {
		const struct state_kind *was = &full.kinds[i], *now = &state.kinds[i];

		ck_assert_pstr_eq(now->updated_after, was->updated_after);
		ck_assert_int_eq(now->under_way, was->under_way);
		ck_assert_pstr_eq(now->pull, was->pull);
		ck_assert_int_eq(now->per_page, was->per_page);
		ck_assert_pstr_eq(now->since, was->since);
		ck_assert_pstr_eq(now->began, was->began);
		ck_assert_pstr_eq(now->next, was->next);
		ck_assert_int_eq(memcmp(&now->counts, &was->counts, sizeof(now->counts)), 0);
	}
	arena_free(a);
}
END_TEST

static char *contents(struct arena *a, const char *path)
{
	char *text = arena_alloc(a, 10000);
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(text, 1, 9999, file), 0);
	fclose(file);
	return text;
}

static void write_text(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_state_that_was_cut_off_anywhere_is_refused)
{
	struct arena        *a = arena_new();
	const struct options o = options_in(a);
	struct state         state;
	const char          *why, *text;

	ck_assert_pstr_eq(state_write(a, &o, &full), NULL);
	text = contents(a, o.state);
	for (size_t length = 0; length < strlen(text) - 1; length++) {
		struct arena *short_lived = arena_new();

		write_text(o.state, text, length);
		ck_assert_int_eq(state_read(short_lived, &o, &state, &why), STATE_DAMAGED);
		arena_free(short_lived);
	}
	arena_free(a);
}
END_TEST

/* What stands in a good state, and what in its place makes it a bad one. */
static const struct {
	const char *was, *is;
	int         found;
} changes[] = {
	{ "900001", "900002", STATE_OTHERS }, { "api.wonde", "api.wander", STATE_OTHERS }, { "\"A1\"", "\"A2\"", STATE_OTHERS },
	{ "\"A1\"", "null", STATE_OTHERS }, { "doorstep.example", "doorstep.elsewhere", STATE_OTHERS },
	{ "\"doorstep_pull\":1", "\"doorstep_pull\":2", STATE_DAMAGED }, { "doorstep_pull", "other", STATE_DAMAGED },
	{ "\"kinds\"", "\"kin\"", STATE_DAMAGED }, { "2026-09-01 07:30:00", "2026-09-31 07:30:00", STATE_DAMAGED },
	{ "2026-09-01 07:30:00", "2026-09-01", STATE_DAMAGED }, { "\"2026-09-01 07:30:00\"", "7", STATE_DAMAGED },
	{ "\"p1\"", "null", STATE_DAMAGED }, { "\"https://x/?page=1\"", "null", STATE_DAMAGED }, { "1400", "-1", STATE_DAMAGED },
	{ "1400", "\"1400\"", STATE_DAMAGED }, { "1400", "1400.5", STATE_DAMAGED }, { "1400", "1401", STATE_FOUND },
};

START_TEST(a_state_of_others_or_one_that_was_changed_is_refused)
{
	struct arena        *a = arena_new();
	const struct options o = options_in(a);
	struct state         state;
	const char          *why, *text, *at;

	ck_assert_pstr_eq(state_write(a, &o, &full), NULL);
	text = contents(a, o.state);
	at = strstr(text, changes[_i].was);
	ck_assert_msg(at != NULL, "%s is not in %s", changes[_i].was, text);
	text = arena_printf(a, "%.*s%s%s", (int)(at - text), text, changes[_i].is, at + strlen(changes[_i].was));
	write_text(o.state, text, strlen(text));
	ck_assert_msg((int)state_read(a, &o, &state, &why) == changes[_i].found, "%s for %s: %s", changes[_i].is,
		      changes[_i].was, why);
	ck_assert(changes[_i].found == STATE_FOUND || strstr(why, "state.json"));
	arena_free(a);
}
END_TEST

START_TEST(a_state_that_cannot_be_written_leaves_the_one_before)
{
	struct arena        *a = arena_new();
	const struct options o = options_in(a);
	const char          *blocked = arena_printf(a, "%s.new", o.state);
	struct state         state;
	const char          *why;

	ck_assert_pstr_eq(state_write(a, &o, &full), NULL);
	ck_assert_int_eq(mkdir(blocked, 0700), 0);
	ck_assert_ptr_nonnull(state_write(a, &o, &(struct state){ 0 }));
	ck_assert_int_eq(state_read(a, &o, &state, &why), STATE_FOUND);
	ck_assert_pstr_eq(state.kinds[0].updated_after, "2026-09-01 07:30:00");
	ck_assert_int_eq(rmdir(blocked), 0);
	write_text(blocked, "half", 4); /* of a run that was killed */
	ck_assert_pstr_eq(state_write(a, &o, &full), NULL);
	arena_free(a);
}
END_TEST

START_TEST(a_state_is_had_by_one_run_only)
{
	struct arena        *a = arena_new();
	const struct options o = options_in(a);
	bool                 busy;

	ck_assert_pstr_eq(state_lock(a, &o, &busy), NULL);
	ck_assert_ptr_nonnull(state_lock(a, &o, &busy));
	ck_assert(busy);
	arena_free(a);
}
END_TEST

Suite *pull_suite(void)
{
	Suite *suite = suite_create("pull");
	TCase *tests = tcase_create("pull"), *states = tcase_create("state");

	tcase_add_loop_test(tests, an_origin_is_scheme_host_and_port, 0, COUNT(origins));
	tcase_add_loop_test(tests, a_token_goes_over_tls_or_to_this_machine, 0, COUNT(addresses));
	tcase_add_test(tests, an_address_is_shown_without_what_may_be_secret);
	tcase_add_test(tests, the_first_page_is_asked_for_as_wonde_is);
	tcase_add_loop_test(tests, kinds_are_named_with_commas_between, 0, COUNT(lists));
	tcase_add_loop_test(tests, a_page_says_which_is_the_next, 0, COUNT(pages));
	tcase_add_test(tests, a_next_that_is_longer_than_any_url_is_none);
	tcase_add_test(tests, a_page_may_be_as_large_as_doorstep_takes_it);
	tcase_add_loop_test(tests, what_may_go_well_another_time_is_tried_again, 0, COUNT(ends));
	tcase_add_test(tests, a_key_that_another_request_has_is_waited_for);
	tcase_add_test(tests, waits_double_up_to_a_minute_and_heed_the_server);
	tcase_add_loop_test(tests, times_are_read_exactly, 0, COUNT(times));
	tcase_add_test(tests, the_next_pull_asks_from_before_the_first_request_by_the_sources_clock);
	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(states, folder_make, folder_remove);
	tcase_add_test(states, a_state_comes_back_as_it_was);
	tcase_add_test(states, a_state_that_was_cut_off_anywhere_is_refused);
	tcase_add_loop_test(states, a_state_of_others_or_one_that_was_changed_is_refused, 0, COUNT(changes));
	tcase_add_test(states, a_state_that_cannot_be_written_leaves_the_one_before);
	tcase_add_test(states, a_state_is_had_by_one_run_only);
	suite_add_tcase(suite, states);
	return suite;
}
