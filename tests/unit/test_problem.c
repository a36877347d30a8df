#include <string.h>

#include "core/problem.h"
#include "suites.h"

static const struct {
	const char *pointer, *name, *member;
} members[] = {
	{ "", "purpose", "/purpose" },
	{ "/team/0", "phone", "/team/0/phone" },
	{ "", "", "/" },
	{ "", "a/b", "/a~1b" },
	{ "", "a~b", "/a~0b" },
	{ "", "~1/~", "/~01~1~0" },
	{ "/x~1y", "z", "/x~1y/z" },
	{ "", "\xc3\xa9", "/\xc3\xa9" },
};

START_TEST(member_names_are_escaped_as_rfc_6901_says)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(pointer_member(a, members[_i].pointer, members[_i].name),
			 members[_i].member);
	arena_free(a);
}
END_TEST

START_TEST(items_are_counted_from_nought)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(pointer_item(a, "/team", 0), "/team/0");
	ck_assert_str_eq(pointer_item(a, "", 12), "/12");
	arena_free(a);
}
END_TEST

START_TEST(problems_keep_their_order_and_their_own_copies)
{
	struct arena   *a = arena_new();
	struct problems problems = { .arena = a };
	char            pointer[] = "/first", detail[] = "is wrong";

	problems_add(&problems, pointer, "%s", detail);
	memset(pointer, 'x', strlen(pointer));
	memset(detail, 'x', strlen(detail));
	problems_add(&problems, "/second", "must have at most %d items", 3);
	ck_assert_uint_eq(problems.count, 2);
	ck_assert_str_eq(problems.first->pointer, "/first");
	ck_assert_str_eq(problems.first->detail, "is wrong");
	ck_assert_str_eq(problems.first->next->pointer, "/second");
	ck_assert_str_eq(problems.first->next->detail, "must have at most 3 items");
	ck_assert_ptr_eq(problems.first->next, problems.last);
	ck_assert_ptr_null(problems.last->next);
	arena_free(a);
}
END_TEST

START_TEST(too_many_problems_are_counted_but_not_kept)
{
	struct arena   *a = arena_new();
	struct problems problems = { .arena = a };
	size_t          kept = 0;

	for (int i = 0; i < PROBLEMS_MAX + 50; i++)
		problems_add(&problems, "/x", "%d", i);
	for (const struct problem *p = problems.first; p; p = p->next)
		kept++;
	ck_assert_uint_eq(kept, PROBLEMS_MAX);
	ck_assert_uint_eq(problems.count, PROBLEMS_MAX + 50);
	ck_assert_str_eq(problems.last->detail, "99");
	arena_free(a);
}
END_TEST

Suite *problem_suite(void)
{
	Suite *suite = suite_create("problem");
	TCase *tc = tcase_create("problem");

	tcase_add_loop_test(tc, member_names_are_escaped_as_rfc_6901_says, 0, COUNT(members));
	tcase_add_test(tc, items_are_counted_from_nought);
	tcase_add_test(tc, problems_keep_their_order_and_their_own_copies);
	tcase_add_test(tc, too_many_problems_are_counted_but_not_kept);
	suite_add_tcase(suite, tc);
	return suite;
}
