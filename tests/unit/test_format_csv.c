#include <string.h>

#include "capture.h"
#include "core/csv.h"
#include "suites.h"

static const struct field answer[] = {
	{ "id", .type = FIELD_INT },    { "note", .type = FIELD_TEXT },
	{ "day", .type = FIELD_DATE },  { "at", .type = FIELD_TIME },
	{ "safe", .type = FIELD_BOOL }, { "team", .type = FIELD_LIST, .shape = SHAPE_NESTED },
	{ "purpose", .type = FIELD_CHOICE }, { "change", .type = FIELD_DECIMAL },
	{ 0 }
};

START_TEST(rows_follow_a_header_and_end_in_crlf)
{
	static const char *const rows[] = {
		"-1", "tea, \"biscuits\"", "2027-01-12", "2027-01-12 09:30:00+00", "t", "welfare", "-0.5",
		"2", NULL, NULL, NULL, "f", NULL, NULL,
		"3", "", NULL, NULL, NULL, "-x", "100.0",
	};
	struct arena *a = arena_new();

	ck_assert_str_eq(capture(a, &format_csv, answer, rows, 3, (struct capture){ 0 }),
			 "id,note,day,at,safe,purpose,change\r\n"
			 "-1,\"tea, \"\"biscuits\"\"\",2027-01-12,2027-01-12T09:30:00Z,true,"
			 "welfare,-0.5\r\n"
			 "2,,,,false,,\r\n"
			 "3,,,,,'-x,100.0\r\n");
	arena_free(a);
}
END_TEST

static const struct field note[] = { { "note", .type = FIELD_TEXT }, { 0 } };

static const struct {
	const char *text, *machine, *guarded; /* guarded NULL: as machine */
} cells[] = {
	/* quoting */
	{ "plain text", "plain text", NULL },
	{ "a,b", "\"a,b\"", NULL },
	{ "a\"b", "\"a\"\"b\"", NULL },
	{ "a;b|c", "\"a;b|c\"", NULL },
	{ "a\tb", "\"a\tb\"", NULL },
	{ "one\ntwo", "\"one\ntwo\"", NULL },
	{ "one\rtwo", "\"one\rtwo\"", NULL },
	{ "one\r\ntwo", "\"one\r\ntwo\"", NULL },
	{ " a", "\" a\"", NULL },
	{ "a ", "\"a \"", NULL },
	{ "a\t", "\"a\t\"", NULL },
	{ "Zo\xc3\xab", "Zo\xc3\xab", NULL },
	{ "", "\"\"", NULL },
	{ NULL, "\"\"", NULL },

	/* what a spreadsheet would run */
	{ "=1+1", "=1+1", "'=1+1" },
	{ "+44 1632 960000", "+44 1632 960000", "'+44 1632 960000" },
	{ "-1", "-1", "'-1" },
	{ "@SUM(A1)", "@SUM(A1)", "'@SUM(A1)" },
	{ "|cmd", "|cmd", "'|cmd" },
	{ "%x", "%x", "'%x" },
	{ "=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0" },
	{ "=a,\"b\"", "\"=a,\"\"b\"\"\"", "\"'=a,\"\"b\"\"\"" },
	{ "\tx", "\"\tx\"", "\"'\tx\"" },
	{ "\rx", "\"\rx\"", "\"'\rx\"" },
	{ "  =1", "\"  =1\"", "'  =1" },
	{ "\n=1", "\"\n=1\"", "\"'\n'=1\"" },
	{ "\x01=1", "\x01=1", "'\x01=1" },
	{ "\xc2\xa0=1", "\xc2\xa0=1", "'\xc2\xa0=1" },
	{ "\xef\xbb\xbf=1", "\xef\xbb\xbf=1", "'\xef\xbb\xbf=1" },
	{ "\xe2\x80\x8b \xe3\x80\x80+1", "\xe2\x80\x8b \xe3\x80\x80+1",
	  "'\xe2\x80\x8b \xe3\x80\x80+1" },
	{ "\xef\xbc\x9d" "1", "\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1" },
	{ "\xef\xbc\x8b" "1", "\xef\xbc\x8b" "1", "'\xef\xbc\x8b" "1" },
	{ "\xef\xbc\x8d" "1", "\xef\xbc\x8d" "1", "'\xef\xbc\x8d" "1" },
	{ "\xef\xbc\xa0" "a", "\xef\xbc\xa0" "a", "'\xef\xbc\xa0" "a" },
	{ "ok\n=1+1", "\"ok\n=1+1\"", "\"ok\n'=1+1\"" },
	{ "ok\r\n  -1\r\nfine", "\"ok\r\n  -1\r\nfine\"", "\"ok\r\n'  -1\r\nfine\"" },
	{ "ok\r@a", "\"ok\r@a\"", "\"ok\r'@a\"" },

	/* what it would not */
	{ "a=1", "a=1", NULL },
	{ "1-1", "1-1", NULL },
	{ "'=1", "'=1", NULL },
	{ "a\n b\n\n", "\"a\n b\n\n\"", NULL },
	{ "(-1)", "(-1)", NULL },
	{ "   ", "\"   \"", NULL },
	{ "\xc2\xa3-5", "\xc2\xa3-5", NULL },
};

START_TEST(text_is_quoted_where_needed_and_guarded_unless_for_machines)
{
	struct arena      *a = arena_new();
	const char *const *row = &cells[_i].text;
	const char        *guarded = cells[_i].guarded ? cells[_i].guarded : cells[_i].machine;

	ck_assert_str_eq(capture(a, &format_csv, note, row, 1, (struct capture){ .machine = true }),
			 arena_printf(a, "note\r\n%s\r\n", cells[_i].machine));
	ck_assert_str_eq(capture(a, &format_csv, note, row, 1, (struct capture){ 0 }),
			 arena_printf(a, "note\r\n%s\r\n", guarded));
	arena_free(a);
}
END_TEST

struct back {
	size_t      records;
	const char *expected;
};

static bool compare(void *ctx, long line, const struct csv_cell *read, size_t count)
{
	struct back *back = ctx;

	(void)line;
	ck_assert_uint_eq(count, 1);
	if (back->records++ == 0)
		ck_assert_str_eq(read[0].text, "note");
	else
		ck_assert_str_eq(read[0].text ? read[0].text : "", back->expected);
	return true;
}

START_TEST(the_machine_flavour_is_read_back_exactly)
{
	struct arena      *a = arena_new();
	const char *const *row = &cells[_i].text;
	struct back        back = { .expected = cells[_i].text ? cells[_i].text : "" };
	struct csv_reader *r = csv_reader_new(a, CSV_UTF8, compare, &back);
	const char        *text = capture(a, &format_csv, note, row, 1,
					  (struct capture){ .machine = true });

	ck_assert(csv_reader_feed(r, text, strlen(text)) && csv_reader_finish(r));
	ck_assert_uint_eq(back.records, 2);
	arena_free(a);
}
END_TEST

/* All lines to guard and all quotes to double: the most that a cell can grow. */
START_TEST(a_long_cell_has_room_to_grow)
{
	const size_t  lines = 30000, more = strlen("note\r\n\"\"\r\n");
	struct arena *a = arena_new();
	char         *text = arena_alloc(a, 2 * lines + 1), *to = text;
	const char   *csv, *const *row = (const char *const[]){ text };

	for (size_t i = 0; i < lines; i++)
		to = stpcpy(to, "-\n");
	csv = capture(a, &format_csv, note, row, 1, (struct capture){ 0 });
	ck_assert_uint_eq(strlen(csv), 3 * lines + more);
	memset(text, '"', 2 * lines);
	csv = capture(a, &format_csv, note, row, 1, (struct capture){ 0 });
	ck_assert_uint_eq(strlen(csv), 4 * lines + more);
	arena_free(a);
}
END_TEST

Suite *format_csv_suite(void)
{
	Suite *suite = suite_create("format_csv");
	TCase *tc = tcase_create("format_csv");

	tcase_add_test(tc, rows_follow_a_header_and_end_in_crlf);
	tcase_add_loop_test(tc, text_is_quoted_where_needed_and_guarded_unless_for_machines, 0,
			    COUNT(cells));
	tcase_add_loop_test(tc, the_machine_flavour_is_read_back_exactly, 0, COUNT(cells));
	tcase_add_test(tc, a_long_cell_has_room_to_grow);
	suite_add_tcase(suite, tc);
	return suite;
}
