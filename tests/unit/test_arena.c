#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "suites.h"

static bool all_zero(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (p[i] != 0)
			return false;
	return true;
}

START_TEST(memory_is_zeroed_aligned_and_apart)
{
	static const size_t sizes[] = { 0, 1, 7, 16, 1000, 16384, 16385, 1000000 };
	struct arena       *a = arena_new();

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(sizes); i++) {
			unsigned char *p = arena_alloc(a, sizes[i]);

			ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
			ck_assert(all_zero(p, sizes[i]));
			memset(p, 0xff, sizes[i]); /* would show in another's zeros */
		}
	}
	arena_free(a);
}
END_TEST

START_TEST(copies_end_with_nul)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(arena_strndup(a, "visit", 3), "vis");
	ck_assert_str_eq(arena_strdup(a, ""), "");
	arena_free(a);
}
END_TEST

START_TEST(printf_takes_any_length)
{
	struct arena *a = arena_new();
	char         *text = arena_printf(a, "%0100000d|%s", 7, "end");

	ck_assert_uint_eq(strlen(text), 100004);
	ck_assert_str_eq(text + 99999, "7|end");
	arena_free(a);
}
END_TEST

struct trace {
	char  text[8];
	char *to;
};

struct step {
	struct trace *trace;
	char          name;
};

static void take_step(void *ptr)
{
	struct step *step = ptr;

	*step->trace->to++ = step->name;
}

START_TEST(deferred_last_runs_first)
{
	struct trace  trace = { .to = trace.text };
	struct step   steps[] = { { &trace, 'a' }, { &trace, 'b' }, { &trace, 'c' } };
	struct arena *a = arena_new();

	for (size_t i = 0; i < COUNT(steps); i++)
		arena_defer(a, take_step, &steps[i]);
	ck_assert_str_eq(trace.text, "");
	arena_free(a);
	ck_assert_str_eq(trace.text, "cba");
}
END_TEST

Suite *arena_suite(void)
{
	Suite *suite = suite_create("arena");
	TCase *tc = tcase_create("arena");

	tcase_add_test(tc, memory_is_zeroed_aligned_and_apart);
	tcase_add_test(tc, copies_end_with_nul);
	tcase_add_test(tc, printf_takes_any_length);
	tcase_add_test(tc, deferred_last_runs_first);
	suite_add_tcase(suite, tc);
	return suite;
}
