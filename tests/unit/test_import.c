#include <string.h>

#include "core/route.h"
#include "fake_gateway.h"
#include "register/import_row.h"
#include "register/import_rows.h"
#include "suites.h"

enum { MANY = 200000 }; /* rows: more than stays in memory */

static const struct field columns[] = {
	{ "code", .type = FIELD_TEXT, .required = true, .max = 5 },
	{ "note", .type = FIELD_TEXT },
	{ 0 }
};
static const struct route    route = { .method = "POST", .path = "/imports", .fields = columns, .body = BODY_ROWS };
static const struct settings settings = { .spool_dir = "/tmp" };

static struct request request;
static uint64_t       missing; /* bytes that the sender promised and did not send */
static bool           whole, packed;
static struct output *body, *rows; /* body: put together before it is sent */

static void set_up(void)
{
	request = (struct request){ .arena = arena_new(), .settings = &settings, .route = &route };
	request.problems.arena = request.arena;
	body = output_new(request.arena, "/tmp");
	missing = 0;
}

static void tear_down(void)
{
	arena_free(request.arena);
}

static enum err read_as(const char *content_type)
{
	char *const         params[] = { (char *)content_type, NULL };
	struct import_file  file;
	struct import_body *source;
	enum err            err;

	request.content_length = output_length(body) + missing;
	fake_gateway_set(params, output_contents(body), output_length(body));
	ck_assert_int_eq(import_body_open(&request, UINT64_MAX, &source), ERR_NONE);
	err = import_rows_read(&request, source, NULL, &file);
	rows = file.loads[0].rows;
	whole = import_body_end(source) != NULL;
	packed = import_body_is_packed(source);
	return err;
}

static void write_rows(const char *row, int count)
{
	for (int i = 0; i < count; i++)
		output_text(body, row);
}

START_TEST(a_row_becomes_its_line_its_json_and_its_problems)
{
	output_text(body, "code,note\nA,\"x\ty\"\nTOOLONG,\n");
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv"), ERR_NONE);
	ck_assert_str_eq(output_contents(rows),
		"2\t{\"code\":\"A\",\"note\":\"x\\\\ty\"}\t[{\"field\":\"note\",\"detail\":\"must not contain control characters\"}]\n"
		"3\t{\"code\":\"TOOLONG\",\"note\":null}\t[{\"field\":\"code\",\"detail\":\"must have at most 5 characters\"}]\n");
}
END_TEST

START_TEST(a_column_that_the_file_lacks_says_nothing)
{
	output_text(body, "code\nA\n");
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv"), ERR_NONE);
	ck_assert_str_eq(output_contents(rows), "2\t{\"code\":\"A\"}\t[]\n");
}
END_TEST

static const struct {
	const char *type, *head, *row, *bad_row;
} forms[] = {
	{ "CONTENT_TYPE=text/csv", "code\n", "A\n", "TOOLONG\n" },
	{ "CONTENT_TYPE=application/x-ndjson", "", "{\"code\":\"A\"}\n", "{}\n" },
};

START_TEST(a_file_larger_than_memory_is_read_whole)
{
	output_text(body, forms[_i].head);
	write_rows(forms[_i].row, MANY);
	ck_assert_int_eq(read_as(forms[_i].type), ERR_NONE);
	ck_assert_ptr_nonnull(strstr(output_contents(rows), forms[_i].head[0] ? "\n200001\t" : "\n200000\t"));
}
END_TEST

START_TEST(a_file_that_breaks_off_is_not_whole)
{
	output_text(body, forms[_i].head);
	write_rows(forms[_i].row, 2);
	missing = 1;
	read_as(forms[_i].type);
	ck_assert(!whole);
}
END_TEST

START_TEST(a_packed_file_is_known)
{
	output_write(body, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
	read_as(forms[_i].type);
	ck_assert(packed);
}
END_TEST

START_TEST(columns_of_a_file_of_rejected_rows_are_passed_over)
{
	output_text(body, "position,line,field,detail,code\n1,7,code,is wrong,A\n");
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv"), ERR_NONE);
	ck_assert_str_eq(output_contents(rows), "2\t{\"code\":\"A\"}\t[]\n");
	ck_assert(whole && !packed);
}
END_TEST

START_TEST(a_file_of_too_many_bad_rows_is_given_up)
{
	output_text(body, forms[_i].head);
	write_rows(forms[_i].bad_row, IMPORT_BAD_ROWS_MAX + 1);
	ck_assert_int_eq(read_as(forms[_i].type), ERR_MALFORMED);
}
END_TEST

Suite *import_suite(void)
{
	Suite *suite = suite_create("import");
	TCase *tests = tcase_create("import");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_row_becomes_its_line_its_json_and_its_problems);
	tcase_add_test(tests, a_column_that_the_file_lacks_says_nothing);
	tcase_add_loop_test(tests, a_file_larger_than_memory_is_read_whole, 0, COUNT(forms));
	tcase_add_loop_test(tests, a_file_that_breaks_off_is_not_whole, 0, COUNT(forms));
	tcase_add_loop_test(tests, a_packed_file_is_known, 0, COUNT(forms));
	tcase_add_test(tests, columns_of_a_file_of_rejected_rows_are_passed_over);
	tcase_add_loop_test(tests, a_file_of_too_many_bad_rows_is_given_up, 0, COUNT(forms));
	suite_add_tcase(suite, tests);
	return suite;
}
