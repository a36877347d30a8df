#include <string.h>

#include "core/route.h"
#include "fake_gateway.h"
#include "register/mark_rows.h"
#include "register/marks.h"
#include "suites.h"

static const struct settings settings = { .spool_dir = "/tmp" };

/* As the import of marks declares them, as far as is needed here. */
static const struct field columns[] = {
	{ "school_urn", .type = FIELD_INT, .required = true },
	{ "upn", .type = FIELD_TEXT, .max = 13 },
	{ "mis_id", .type = FIELD_TEXT, .max = 50 },
	{ "date", .type = FIELD_DATE },
	{ "session", .type = FIELD_TEXT },
	{ "code", .type = FIELD_TEXT, .max = 3 },
	{ "minutes_late", .type = FIELD_INT, .max = 999 },
	{ "comment", .type = FIELD_TEXT, .lines = true },
	{ "week", .type = FIELD_DATE },
	{ "marks", .type = FIELD_TEXT, .max = 40 },
	{ "mon_am", .type = FIELD_TEXT, .max = 3 },
	{ "fri_pm", .type = FIELD_TEXT, .max = 3 },
	{ 0 }
};
static const struct route route = { .method = "POST", .path = "/imports", .fields = columns, .body = BODY_ROWS };

/* code, symbol, from, to, today */
static const char *const known[][5] = {
	{ "/", "/", NULL, NULL, "2026-06-30" },
	{ "\\", "\\", NULL, NULL, "2026-06-30" },
	{ "L", "L", NULL, NULL, "2026-06-30" },
	{ "H", "H", NULL, "2024-08-18", "2026-06-30" },
	{ "C1", "1", "2024-08-19", NULL, "2026-06-30" },
};

static struct request     request;
static struct mark_codes *codes;
static struct marks      *marks;
static struct import_file file;

static void set_up(void)
{
	request = (struct request){ .arena = arena_new(), .settings = &settings, .route = &route };
	request.problems.arena = request.arena;
	codes = mark_codes_new(request.arena);
	for (size_t i = 0; i < COUNT(known); i++)
		ck_assert(mark_codes_add(codes, &(struct row){ .values = (const char *const *)known[i] }));
	marks = marks_new(&request, codes);
}

static void tear_down(void)
{
	arena_free(request.arena);
}

static enum err read_as(const char *content_type, const char *text)
{
	char *const         params[] = { (char *)content_type, NULL };
	struct import_body *body;
	enum err            err;

	request.content_length = strlen(text);
	fake_gateway_set(params, text, strlen(text));
	ck_assert_int_eq(import_body_open(&request, UINT64_MAX, &body), ERR_NONE);
	err = strstr(content_type, "csv") ? mark_rows_read_csv(&request, body, marks)
	                                  : mark_rows_read_ndjson(&request, body, marks);
	return err ? err : marks_finish(marks, &file);
}

static const char *rejected(void) { return output_contents(file.loads[0].rows); }
static const char *weeks(void) { return output_contents(file.loads[1].rows); }
static const char *notes(void) { return output_contents(file.loads[2].rows); }

#define HEAD "school_urn,upn,date,session,code,minutes_late,comment\n"
#define ROW(date, session, code) "900001,A801200005001," date "," session "," code ",,\n"
#define WHO "900001\tA801200005001\t\t"

START_TEST(marks_of_a_week_that_stand_together_are_one_line)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", HEAD ROW("2026-01-05", "AM", "/") ROW("2026-01-05", "PM", "\\")
		ROW("2026-01-09", "PM", "C1") ROW("2026-01-12", "AM", "-")), ERR_NONE);
	ck_assert_str_eq(weeks(), "2\t1\t019\t" WHO "2026-01-05\t/\\\\       1\n5\t1\t0\t" WHO "2026-01-12\t-         \n");
	ck_assert_str_eq(rejected(), "");
	ck_assert_str_eq(notes(), "");
}
END_TEST

START_TEST(another_pupil_or_the_same_session_begins_a_line)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", HEAD ROW("2026-01-05", "AM", "/") ROW("2026-01-05", "AM", "L")
		"900001,B801200005001,2026-01-05,PM,\\,,\n"), ERR_NONE);
	ck_assert_str_eq(weeks(), "2\t1\t0\t" WHO "2026-01-05\t/         \n3\t1\t0\t" WHO "2026-01-05\tL         \n"
		"4\t1\t1\t900001\tB801200005001\t\t2026-01-05\t \\\\        \n");
}
END_TEST

START_TEST(marks_on_lines_that_do_not_follow_are_told_apart)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", HEAD "900001,A801200005001,2026-01-05,AM,/,,\"two\nlines\"\n"
		ROW("2026-01-05", "PM", "\\")), ERR_NONE);
	ck_assert_str_eq(weeks(), "2\t1\t0\t" WHO "2026-01-05\t/         \n4\t1\t1\t" WHO "2026-01-05\t \\\\        \n");
	ck_assert_str_eq(notes(), "2\t" WHO "2026-01-05\tAM\t\\N\ttwo\\nlines\tf\tf\n");
	ck_assert_str_eq(file.values[0], "true");
}
END_TEST

static const struct {
	const char *row, *problem;
} bad[] = {
	{ ",A801200005001,2026-01-05,AM,/,,", "school_urn\",\"detail\":\"is required" },
	{ "90001,A801200005001,2026-01-05,AM,/,,", "is not a URN of six digits" },
	{ "900001,,2026-01-05,AM,/,,", "or mis_id is required" },
	{ "900001,A8012000050011,2026-01-05,AM,/,,", "has more than 13 characters" },
	{ "900001,A801200005001,,AM,/,,", "date\",\"detail\":\"is required" },
	{ "900001,A801200005001,2026-02-30,AM,/,,", "is not a date" },
	{ "900001,A801200005001,05/01/2026,AM,/,,", "is not a date" },
	{ "900001,A801200005001,2026-13-01,AM,/,,", "is not a date" },
	{ "900001,A801200005001,2026-01-03,AM,/,,", "is a Saturday" },
	{ "900001,A801200005001,2026-01-04,AM,/,,", "is a Sunday" },
	{ "900001,A801200005001,2026-07-01,AM,/,,", "is in the future" },
	{ "900001,A801200005001,2026-01-05,EV,/,,", "is not AM or PM" },
	{ "900001,A801200005001,2026-01-05,,/,,", "session\",\"detail\":\"is required" },
	{ "900001,A801200005001,2026-01-05,AM,,,", "- where no mark was taken" },
	{ "900001,A801200005001,2026-01-04,AM,F,,", "code\",\"detail\":\"is not an attendance code" },
	{ "900001,A801200005001,2026-01-05,AM,F,,", "is not an attendance code" },
	{ "900001,A801200005001,2026-01-05,AM,H,,", "is a code in use until 2024-08-18 only" },
	{ "900001,A801200005001,2024-08-16,AM,C1,,", "is a code in use since 2024-08-19 only" },
	{ "900001,A801200005001,2026-01-05,AM,L,1000,", "is not a whole number from 0 to 999" },
	{ "900001,A801200005001,2026-01-05,AM,L,-3,", "is not a whole number from 0 to 999" },
	{ "900001,A801200005001,2026-01-05,AM,/,", "has other than as many cells" },
	{ "900001,A801200005001,2026-01-05,AM,/,,\xff", "is not valid UTF-8" },
};

START_TEST(a_mark_that_is_none_is_rejected_with_its_line)
{
	const char *text = arena_printf(request.arena, HEAD ROW("2026-01-05", "AM", "/") "%s\n" ROW("2026-01-05", "PM", "\\"),
					bad[_i].row);

	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", text), ERR_NONE);
	ck_assert_msg(strncmp(rejected(), "3\t", 2) == 0 && strstr(rejected(), bad[_i].problem), "%s", rejected());
	ck_assert_ptr_null(strchr(strchr(rejected(), '\n') + 1, '\n'));
	ck_assert_str_eq(weeks(), "2\t1\t0\t" WHO "2026-01-05\t/         \n4\t1\t1\t" WHO "2026-01-05\t \\\\        \n");
}
END_TEST

START_TEST(codes_are_dated)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", HEAD ROW("2024-07-05", "AM", "H") ROW("2024-08-19", "PM", "C1")), ERR_NONE);
	ck_assert_str_eq(rejected(), "");
}
END_TEST

START_TEST(a_week_may_be_one_text)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", "school_urn,upn,week,marks\n900001,A801200005001,2026-01-05,\"/\\/\\--  L \"\n"
		"900001,A801200005001,2026-01-12,/;\\;C1;;;;;;;L\n"), ERR_NONE);
	ck_assert_str_eq(rejected(), "");
	ck_assert_str_eq(weeks(), "2\t0\t0123458\t" WHO "2026-01-05\t/\\\\/\\\\--  L \n"
		"3\t0\t0129\t" WHO "2026-01-12\t/\\\\1      L\n");
	ck_assert_str_eq(file.values[0], "false");
}
END_TEST

START_TEST(a_week_may_be_columns)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", "school_urn,upn,week,mon_am,fri_pm\n900001,A801200005001,2026-01-05,C1,\n"),
		ERR_NONE);
	ck_assert_str_eq(weeks(), "2\t1\t0\t" WHO "2026-01-05\t1         \n");
}
END_TEST

static const struct {
	const char *row, *problem;
} bad_weeks[] = {
	{ "2026-01-06,/", "is not a Monday" },
	{ "monday,/", "is not a date" },
	{ "2026-01-05,/\\/\\/\\/\\/\\/", "has more than ten marks" },
	{ "2026-01-05,/;C12;L", "is not an attendance code" },
	{ "2026-01-05,ABCD;", "has a mark of more than two characters" },
	{ "2026-01-05,/;F", "is not an attendance code" },
	{ "2026-01-05,  /\\", "has fewer than ten marks" },
	{ "2026-01-05,/\\/\\/\\", "has fewer than ten marks" },
	{ "2026-01-05,/\xc3\xa9", "has a character that no code has" },
};

START_TEST(a_week_that_is_none_is_rejected)
{
	const char *text = arena_printf(request.arena, "school_urn,upn,week,marks\n900001,A801200005001,%s\n", bad_weeks[_i].row);

	ck_assert_int_eq(read_as("CONTENT_TYPE=text/csv", text), ERR_NONE);
	ck_assert_msg(strncmp(rejected(), "2\t", 2) == 0 && strstr(rejected(), bad_weeks[_i].problem), "%s", rejected());
}
END_TEST

START_TEST(ndjson_says_the_same)
{
	ck_assert_int_eq(read_as("CONTENT_TYPE=application/x-ndjson",
		"{\"school_urn\":900001,\"mis_id\":\"W1\",\"date\":\"2026-01-05\",\"session\":\"AM\",\"code\":\"L\",\"minutes_late\":7}\n"
		"{\"school_urn\":900001,\"upn\":\"A801200005001\",\"week\":\"2026-01-05\",\"marks\":\"/\\\\        \"}\n{\"school_urn\":1}\n[]\n"), ERR_NONE);
	ck_assert_str_eq(weeks(), "1\t1\t0\t900001\t\tW1\t2026-01-05\tL         \n2\t0\t01\t" WHO "2026-01-05\t/\\\\        \n");
	ck_assert_str_eq(notes(), "1\t900001\t\tW1\t2026-01-05\tAM\t7\t\\N\tt\tf\n");
	ck_assert_ptr_nonnull(strstr(rejected(), "3\t"));
	ck_assert_ptr_nonnull(strstr(rejected(), "is not a JSON object"));
	ck_assert_str_eq(file.values[0], "false");
	ck_assert_str_eq(file.values[1], "false");
}
END_TEST

START_TEST(days_are_those_of_the_calendar)
{
	long day;

	ck_assert(mark_day("1970-01-01", &day) && day == 0);
	ck_assert(mark_day("2024-02-29", &day) && day == 19782);
	ck_assert(!mark_day("2023-02-29", &day));
	ck_assert(!mark_day("2024-00-10", &day));
	ck_assert(!mark_day("2024-01-00", &day));
	ck_assert(!mark_day("2024-1-01", &day));
	ck_assert(!mark_day("", &day));
}
END_TEST

Suite *marks_suite(void)
{
	Suite *suite = suite_create("marks");
	TCase *tests = tcase_create("marks");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, marks_of_a_week_that_stand_together_are_one_line);
	tcase_add_test(tests, another_pupil_or_the_same_session_begins_a_line);
	tcase_add_test(tests, marks_on_lines_that_do_not_follow_are_told_apart);
	tcase_add_loop_test(tests, a_mark_that_is_none_is_rejected_with_its_line, 0, COUNT(bad));
	tcase_add_test(tests, codes_are_dated);
	tcase_add_test(tests, a_week_may_be_one_text);
	tcase_add_test(tests, a_week_may_be_columns);
	tcase_add_loop_test(tests, a_week_that_is_none_is_rejected, 0, COUNT(bad_weeks));
	tcase_add_test(tests, ndjson_says_the_same);
	tcase_add_test(tests, days_are_those_of_the_calendar);
	suite_add_tcase(suite, tests);
	return suite;
}
