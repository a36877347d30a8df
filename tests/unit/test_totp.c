#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/totp.h"
#include "auth/totp_kept.h"
#include "core/file.h"
#include "suites.h"

static struct arena *arena;

static void set_up(void)
{
	arena = arena_new();
}

static void tear_down(void)
{
	arena_free(arena);
}

/* The key and the times of RFC 6238, appendix B, whose codes have eight digits: the last six. */
#define KEY "3132333435363738393031323334353637383930"

static const struct {
	time_t      at;
	const char *code, *step;
} codes[] = {
	{ 59, "287082", "1" },
	{ 1111111109, "081804", "37037036" },
	{ 1111111111, "050471", "37037037" },
	{ 1234567890, "005924", "41152263" },
	{ 2000000000, "279037", "66666666" },
	{ 59 + 30, "287082", "1" },
	{ 59 - 30, "287082", "1" },
	{ 59 + 60, "287082", NULL },
	{ 59, "287083", NULL },
	{ 59, "28708", NULL },
	{ 59, "94287082", NULL },
	{ 59, "28708x", NULL },
	{ 59, "", NULL },
};

START_TEST(a_code_is_that_of_a_step)
{
	ck_assert_pstr_eq(totp_step(arena, KEY, codes[_i].code, codes[_i].at), codes[_i].step);
}
END_TEST

START_TEST(of_no_key_there_is_no_code)
{
	ck_assert_ptr_null(totp_step(arena, "", "287082", 59));
	ck_assert_ptr_null(totp_step(arena, "no key", "287082", 59));
}
END_TEST

START_TEST(a_key_is_new_and_goes_into_an_authenticator)
{
	const char *key = totp_key(arena);

	ck_assert_uint_eq(strlen(key), 40);
	ck_assert_str_ne(key, totp_key(arena));
	ck_assert_str_eq(totp_base32(arena, KEY), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	ck_assert_str_eq(totp_uri(arena, KEY, "a+b&c@x.org"),
			 "otpauth://totp/Doorstep:a%2Bb%26c%40x.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Doorstep");
}
END_TEST

/* A file with this text, or none. */
static struct settings kept_with(const char *text, mode_t mode)
{
	char           *path = arena_strdup(arena, "/tmp/doorstep-totp.XXXXXX");
	const int       fd = mkstemp(path);
	struct settings settings = { .totp_key = path };

	ck_assert(file_write(fd, text, strlen(text)) && fchmod(fd, mode) == 0 && close(fd) == 0);
	return settings;
}

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHERS "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

START_TEST(a_key_is_kept_closed)
{
	const struct settings with = kept_with(DIGITS "\n", 0400), other = kept_with(OTHERS, 0600);
	const char           *kept = totp_close(arena, &with, KEY);
	char                 *changed = arena_strdup(arena, kept);

	ck_assert_ptr_null(strstr(kept, KEY));
	ck_assert_str_ne(kept, totp_close(arena, &with, KEY));
	ck_assert_str_eq(totp_open(arena, &with, kept), KEY);
	ck_assert_ptr_null(totp_open(arena, &other, kept));
	changed[100] = changed[100] == '0' ? '1' : '0';
	ck_assert_ptr_null(totp_open(arena, &with, changed));
	ck_assert_ptr_null(totp_open(arena, &with, KEY));
	ck_assert_ptr_null(totp_open(arena, &with, "no key"));
	unlink(with.totp_key);
	unlink(other.totp_key);
	ck_assert_ptr_null(totp_open(arena, &with, kept));
	ck_assert_ptr_null(totp_close(arena, &with, KEY));
}
END_TEST

static const struct {
	const char *text;
	mode_t      mode;
} useless[] = { { DIGITS, 0644 }, { DIGITS, 0440 }, { "0011", 0400 }, { DIGITS "00", 0400 }, { "zz", 0400 }, { "", 0400 } };

START_TEST(a_file_that_is_no_key_or_that_others_read_keeps_none)
{
	const struct settings with = kept_with(useless[_i].text, useless[_i].mode);

	ck_assert_ptr_null(totp_close(arena, &with, KEY));
	unlink(with.totp_key);
}
END_TEST

Suite *totp_suite(void)
{
	Suite *suite = suite_create("totp");
	TCase *tests = tcase_create("totp");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_code_is_that_of_a_step, 0, COUNT(codes));
	tcase_add_test(tests, of_no_key_there_is_no_code);
	tcase_add_test(tests, a_key_is_new_and_goes_into_an_authenticator);
	tcase_add_test(tests, a_key_is_kept_closed);
	tcase_add_loop_test(tests, a_file_that_is_no_key_or_that_others_read_keeps_none, 0, COUNT(useless));
	suite_add_tcase(suite, tests);
	return suite;
}
