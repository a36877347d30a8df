#include <string.h>

#include "auth/password.h"
#include "suites.h"

static struct arena          *arena;
static const struct settings  cheap = { .password_mib = 8, .password_passes = 1 };
static const struct settings  dearer = { .password_mib = 8, .password_passes = 2 };

static void set_up(void)
{
	arena = arena_new();
}

static void tear_down(void)
{
	arena_free(arena);
}

static bool fits(const char *hash, const char *password)
{
	bool failed, fit = password_fits(arena, &cheap, hash, password, &failed);

	ck_assert(!failed);
	return fit;
}

START_TEST(a_hash_is_that_of_its_password_alone)
{
	const char *hash = password_hash(arena, &cheap, "quiet otter marmalade");

	ck_assert_int_eq(strncmp(hash, "$argon2id$v=19$m=8192,t=1,p=1$", 30), 0);
	ck_assert(fits(hash, "quiet otter marmalade"));
	ck_assert(!fits(hash, "quiet otter marmalade "));
	ck_assert(!fits(hash, ""));
	ck_assert_str_ne(hash, password_hash(arena, &cheap, "quiet otter marmalade"));
}
END_TEST

START_TEST(nobody_has_a_password)
{
	ck_assert(!fits(NULL, ""));
	ck_assert(!fits(NULL, "quiet otter marmalade"));
	ck_assert(!fits("", "quiet otter marmalade"));
	ck_assert(!fits("$argon2id$v=19$m=8192,t=1,p=1$", ""));
}
END_TEST

START_TEST(a_hash_of_other_settings_is_stale)
{
	const char *hash = password_hash(arena, &cheap, "quiet otter marmalade");

	ck_assert(!password_is_stale(&cheap, hash));
	ck_assert(password_is_stale(&dearer, hash));
}
END_TEST

static const struct {
	const char *password;
	bool        will_do;
} choices[] = {
	{ "quiet otter marmalade 7", true },
	{ "four zebras öffnen Türen", true },
	{ "kT9#vQ2!mZx4", true },
	{ "kT9#vQ2!mZx", false },        /* eleven */
	{ "密密密密密密密密密密密", false }, /* eleven, of 33 bytes */
	{ "aaaaaaaaaaaaaa", false },
	{ "abcdefghijklmnop", false },
	{ "password12345", false },
	{ "12345password", false },
	{ "1234567890123", false },
	{ "Sunflower-4821", false },
	{ "my jane.doe login", false },
	{ "MY JANE.DOE LOGIN", false },
	{ "xx Jane Doe xxyyz", false },
};

START_TEST(a_new_password_is_weighed)
{
	const char *why = password_problem(arena, choices[_i].password, "jane.doe@example.org", "Jane Doe");

	ck_assert_msg(!why == choices[_i].will_do, "%s: %s", choices[_i].password, why ? why : "will do");
}
END_TEST

START_TEST(the_longest_has_128_characters)
{
	char  password[2 * PASSWORD_MAX + 3], *end = password;
	char *digit;

	for (int i = 0; i < PASSWORD_MAX; i++) {
		digit = arena_printf(arena, "%c", "kTé9vQ2mZx4"[i % 11] & 0x7f);
		end = stpcpy(end, i % 2 ? "é" : digit);
	}
	ck_assert_ptr_null(password_problem(arena, password, "a@b.c", "J"));
	stpcpy(end, "x");
	ck_assert_ptr_nonnull(password_problem(arena, password, "a@b.c", "J"));
}
END_TEST

Suite *password_suite(void)
{
	Suite *suite = suite_create("password");
	TCase *tests = tcase_create("password");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_hash_is_that_of_its_password_alone);
	tcase_add_test(tests, nobody_has_a_password);
	tcase_add_test(tests, a_hash_of_other_settings_is_stale);
	tcase_add_loop_test(tests, a_new_password_is_weighed, 0, COUNT(choices));
	tcase_add_test(tests, the_longest_has_128_characters);
	suite_add_tcase(suite, tests);
	return suite;
}
