#include <string.h>

#include "core/hash.h"
#include "suites.h"

START_TEST(sha256_is_that_of_fips_180)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(hash_hex_of(a, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	arena_free(a);
}
END_TEST

START_TEST(a_token_is_43_characters_and_never_the_same)
{
	struct arena *a = arena_new();
	const char   *one = hash_random_token(a), *other = hash_random_token(a);

	ck_assert_uint_eq(strlen(one), 43);
	ck_assert_uint_eq(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
	ck_assert_str_ne(one, other);
	arena_free(a);
}
END_TEST

static const struct {
	const char *text, *decoded;
} pairs[] = {
	{ "YTpi", "a:b" },   { "YWE6Yg==", "aa:b" }, { "YWE6YmI=", "aa:bb" },
	{ "", NULL },        { "YTpi!", NULL },      { "YTp", NULL },
	{ "YQBi", NULL },    { "====", NULL },
};

START_TEST(base64_is_decoded_or_refused)
{
	struct arena *a = arena_new();
	const char   *decoded = hash_base64_decode(a, pairs[_i].text);

	if (pairs[_i].decoded)
		ck_assert_pstr_eq(decoded, pairs[_i].decoded);
	else
		ck_assert(!decoded || !*decoded || strchr(decoded, ':') == NULL);
	arena_free(a);
}
END_TEST

Suite *hash_suite(void)
{
	Suite *suite = suite_create("hash");
	TCase *tests = tcase_create("hash");

	tcase_add_test(tests, sha256_is_that_of_fips_180);
	tcase_add_test(tests, a_token_is_43_characters_and_never_the_same);
	tcase_add_loop_test(tests, base64_is_decoded_or_refused, 0, COUNT(pairs));
	suite_add_tcase(suite, tests);
	return suite;
}
