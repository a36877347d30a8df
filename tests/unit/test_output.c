#include <stdlib.h>
#include <string.h>

#include "core/output.h"
#include "suites.h"

struct copy {
	char  *text;
	size_t length, pieces, pieces_max;
};

static bool take_piece(void *ctx, const void *data, size_t size)
{
	struct copy *copy = ctx;

	memcpy(copy->text + copy->length, data, size);
	copy->length += size;
	return ++copy->pieces < copy->pieces_max;
}

static char *pattern(struct arena *a, size_t size)
{
	char *text = arena_alloc(a, size + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = "abcdefghijklmnopqrstuvwxyz "[i * i % 27];
	return text;
}

static void fill(struct arena *a, struct output *o, size_t size)
{
	const char *text = pattern(a, size);

	for (size_t i = 0, n = 1; i < size; i += n, n = n % 1000 + 1)
		output_write(o, text + i, n < size - i ? n : size - i);
}

START_TEST(nothing_written_is_an_empty_text)
{
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/tmp");
	struct copy    copy = { .pieces_max = 1000 };

	ck_assert_str_eq(output_contents(o), "");
	ck_assert_uint_eq(output_length(o), 0);
	ck_assert(output_replay(o, take_piece, &copy));
	ck_assert_uint_eq(copy.pieces, 0);
	arena_free(a);
}
END_TEST

START_TEST(a_small_answer_stays_in_memory)
{
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/nonexistent");

	output_text(o, "one ");
	output_printf(o, "%s %d", "two", 3);
	ck_assert_str_eq(output_contents(o), "one two 3");
	ck_assert_uint_eq(output_length(o), 9);
	ck_assert(!output_failed(o));
	arena_free(a);
}
END_TEST

static const size_t spool_sizes[] = {
	OUTPUT_MEMORY - 1, OUTPUT_MEMORY, OUTPUT_MEMORY + 1, 2 * (size_t)OUTPUT_MEMORY,
	3 * (size_t)OUTPUT_MEMORY + 12345,
};

START_TEST(what_was_written_comes_back_in_order)
{
	const size_t   size = spool_sizes[_i];
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/tmp");
	struct copy    copy = { .text = arena_alloc(a, size), .pieces_max = 1000 };

	fill(a, o, size);
	ck_assert(!output_failed(o));
	ck_assert_uint_eq(output_length(o), size);
	ck_assert_uint_eq(strlen(output_contents(o)), size);
	for (int again = 0; again < 2; again++) {
		copy.length = 0;
		ck_assert(output_replay(o, take_piece, &copy));
		ck_assert_uint_eq(copy.length, size);
		ck_assert_mem_eq(copy.text, pattern(a, size), size);
	}
	arena_free(a);
}
END_TEST

START_TEST(one_large_write_is_kept_whole)
{
	const size_t   size = 5 * (size_t)OUTPUT_MEMORY + 1;
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/tmp");
	struct copy    copy = { .text = arena_alloc(a, size), .pieces_max = 1000 };
	char          *data = arena_alloc(a, size);

	memset(data, 'x', size);
	data[size - 1] = 'z';
	output_write(o, data, size);
	ck_assert(output_replay(o, take_piece, &copy));
	ck_assert_uint_eq(copy.length, size);
	ck_assert_mem_eq(copy.text, data, size);
	arena_free(a);
}
END_TEST

START_TEST(replay_stops_when_told)
{
	const size_t   size = 3 * (size_t)OUTPUT_MEMORY;
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/tmp");
	struct copy    copy = { .text = arena_alloc(a, size), .pieces_max = 2 };

	fill(a, o, size);
	ck_assert(!output_replay(o, take_piece, &copy));
	ck_assert_uint_eq(copy.pieces, 2);
	arena_free(a);
}
END_TEST

START_TEST(after_a_reset_writing_starts_anew)
{
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/tmp");

	fill(a, o, 2 * (size_t)OUTPUT_MEMORY + 100);
	output_reset(o);
	ck_assert_uint_eq(output_length(o), 0);
	ck_assert_str_eq(output_contents(o), "");
	output_text(o, "anew");
	ck_assert_str_eq(output_contents(o), "anew");
	fill(a, o, OUTPUT_MEMORY);
	ck_assert_uint_eq(strlen(output_contents(o)), OUTPUT_MEMORY + 4);
	ck_assert_mem_eq(output_contents(o), "anewabej", 8);
	arena_free(a);
}
END_TEST

START_TEST(a_reset_forgives_a_failure)
{
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/nonexistent");

	fill(a, o, OUTPUT_MEMORY);
	ck_assert(output_failed(o));
	output_reset(o);
	output_text(o, "small");
	ck_assert(!output_failed(o));
	ck_assert_str_eq(output_contents(o), "small");
	arena_free(a);
}
END_TEST

START_TEST(a_missing_spool_folder_is_a_failure_that_sticks)
{
	struct arena  *a = arena_new();
	struct output *o = output_new(a, "/nonexistent");
	struct copy    copy = { .pieces_max = 1000 };

	fill(a, o, OUTPUT_MEMORY - 1);
	ck_assert(!output_failed(o));
	fill(a, o, 1);
	ck_assert(output_failed(o));
	output_text(o, "more");
	ck_assert(output_failed(o));
	ck_assert_ptr_null(output_contents(o));
	ck_assert(!output_replay(o, take_piece, &copy));
	ck_assert_uint_eq(copy.pieces, 0);
	arena_free(a);
}
END_TEST

Suite *output_suite(void)
{
	Suite *suite = suite_create("output");
	TCase *tc = tcase_create("output");

	tcase_add_test(tc, nothing_written_is_an_empty_text);
	tcase_add_test(tc, a_small_answer_stays_in_memory);
	tcase_add_loop_test(tc, what_was_written_comes_back_in_order, 0, COUNT(spool_sizes));
	tcase_add_test(tc, one_large_write_is_kept_whole);
	tcase_add_test(tc, replay_stops_when_told);
	tcase_add_test(tc, after_a_reset_writing_starts_anew);
	tcase_add_test(tc, a_reset_forgives_a_failure);
	tcase_add_test(tc, a_missing_spool_folder_is_a_failure_that_sticks);
	suite_add_tcase(suite, tc);
	return suite;
}
