#include <string.h>

#include "core/err.h"
#include "suites.h"

START_TEST(success_is_200)
{
	ck_assert_int_eq(err_status(ERR_NONE), 200);
}
END_TEST

START_TEST(every_error_has_its_row)
{
	enum err err = (enum err)_i;

	ck_assert_int_ge(err_status(err), 400);
	ck_assert_int_le(err_status(err), 599);
	ck_assert_uint_gt(strlen(err_title(err)), 0);
	ck_assert_uint_eq(strspn(err_code(err), "abcdefghijklmnopqrstuvwxyz-"),
			  strlen(err_code(err)));
}
END_TEST

START_TEST(no_two_errors_share_a_code)
{
	for (int i = 0; i < _i; i++)
		ck_assert_str_ne(err_code((enum err)i), err_code((enum err)_i));
}
END_TEST

Suite *err_suite(void)
{
	Suite *suite = suite_create("err");
	TCase *tc = tcase_create("err");

	tcase_add_test(tc, success_is_200);
	tcase_add_loop_test(tc, every_error_has_its_row, ERR_NONE + 1, ERR_COUNT);
	tcase_add_loop_test(tc, no_two_errors_share_a_code, 1, ERR_COUNT);
	suite_add_tcase(suite, tc);
	return suite;
}
