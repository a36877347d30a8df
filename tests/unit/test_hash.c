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

static const struct {
	int         key_byte; /* that the key repeats */
	size_t      key_size;
	const char *key, *data, *hex;
} rfc4231[] = {
	{ 0x0b, 20, NULL, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ 0, 4, "Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ 0xaa, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
};

START_TEST(hmac_is_that_of_rfc_4231)
{
	struct arena *a = arena_new();
	char          key[131];

	memset(key, rfc4231[_i].key_byte, sizeof(key));
	ck_assert_str_eq(hash_hmac_hex(a, rfc4231[_i].key ? rfc4231[_i].key : key, rfc4231[_i].key_size,
				       rfc4231[_i].data, strlen(rfc4231[_i].data)), rfc4231[_i].hex);
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

START_TEST(base64_comes_back)
{
	struct arena *a = arena_new();

	for (size_t n = 1; n <= 6; n++)
		ck_assert_str_eq(hash_base64_decode(a, hash_base64(a, "abcdef", n)), arena_strndup(a, "abcdef", n));
	ck_assert_str_eq(hash_base64(a, "", 0), "");
	arena_free(a);
}
END_TEST

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
	tcase_add_loop_test(tests, hmac_is_that_of_rfc_4231, 0, COUNT(rfc4231));
	tcase_add_test(tests, base64_comes_back);
	tcase_add_test(tests, a_token_is_43_characters_and_never_the_same);
	tcase_add_loop_test(tests, base64_is_decoded_or_refused, 0, COUNT(pairs));
	suite_add_tcase(suite, tests);
	return suite;
}
