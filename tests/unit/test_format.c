#include <malloc.h>
#include <string.h>

#include "core/format.h"
#include "suites.h"

START_TEST(formats_are_found_by_suffix)
{
	static const char *const names[] = { "json", "ndjson", "csv", "xml", "xlsx", "html" };

	for (size_t i = 0; i < COUNT(names); i++) {
		ck_assert_ptr_eq(format_by_name(names[i]), formats[i]);
		ck_assert_str_eq(formats[i]->name, names[i]);
	}
	ck_assert_ptr_null(formats[COUNT(names)]);
	ck_assert_ptr_null(format_by_name("zip"));
	ck_assert_ptr_null(format_by_name("JSON"));
	ck_assert_ptr_null(format_by_name(""));
}
END_TEST

static const struct field answer[] = {
	{ "visit", .in = IN_PATH, .type = FIELD_INT },
	{ "id", .type = FIELD_INT },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED },
	{ "team_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT },
	{ "day", .type = FIELD_DATE },
	{ 0 }
};

static const struct {
	const struct format *format;
	const char          *columns;
} shown[] = {
	{ &format_json, "id team day " },
	{ &format_ndjson, "id team day " },
	{ &format_csv, "id team_names day " },
	{ &format_xml, "id team_names day " },
};

START_TEST(a_format_shows_the_columns_it_can_hold)
{
	struct arena              *a = arena_new();
	const struct field *const *columns;
	size_t                     count;
	const char                *text = "";

	count = format_columns(a, shown[_i].format, answer, &columns);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(a, "%s%s ", text, columns[i]->name);
	ck_assert_str_eq(text, shown[_i].columns);
	arena_free(a);
}
END_TEST

static const struct {
	const char *postgres, *rfc3339;
} times[] = {
	{ "2027-01-12 09:30:00+00", "2027-01-12T09:30:00Z" },
	{ "2027-01-12 09:30:00.5+00", "2027-01-12T09:30:00.5Z" },
	{ "2027-01-12 09:30:00.123456+00", "2027-01-12T09:30:00.123456Z" },
	{ "2027-01-12T09:30:00Z", "2027-01-12T09:30:00Z" },
	{ "2027-01-12 09:30:00+01", "2027-01-12T09:30:00+01" },
	{ "infinity", "infinity" },
	{ "", "" },
	{ "01234567890123456789012345678901234567890123456789",
	  "01234567890123456789012345678901234567890123456" },
};

START_TEST(times_become_rfc_3339)
{
	char   buffer[FORMAT_TIME_SIZE];
	size_t length = format_time(buffer, times[_i].postgres, strlen(times[_i].postgres));

	ck_assert_str_eq(buffer, times[_i].rfc3339);
	ck_assert_uint_eq(length, strlen(times[_i].rfc3339));
}
END_TEST

/* A long export must not take from the arena row by row. */
START_TEST(rows_cost_no_memory)
{
	static const char *const values[] = { "12", "=- a \"note\" \x01\r\n<&>", "2027-01-12" };
	static const int         lengths[] = { 2, 18, 10 };
	struct arena            *a = arena_new();
	struct writer            w = { .format = formats[_i], .arena = a, .noun = "visit",
				       .nouns = "visits", .out = output_new(a, "/tmp") };
	size_t                   before;

	hash_hex_of(a, ""); /* OpenSSL takes what it needs once */
	w.count = format_columns(a, w.format, answer, &w.columns);
	format_begin(&w);
	format_row(&w, &(struct row){ .values = values, .lengths = lengths });
	before = mallinfo2().uordblks;
	for (int i = 0; i < 20000; i++)
		format_row(&w, &(struct row){ .values = values, .lengths = lengths });
	ck_assert_uint_le(mallinfo2().uordblks, before + OUTPUT_MEMORY / 4);
	format_end(&w);
	ck_assert_uint_eq(w.rows, 20001);
	ck_assert(!output_failed(w.out));
	arena_free(a);
}
END_TEST

Suite *format_suite(void)
{
	Suite *suite = suite_create("format");
	TCase *tc = tcase_create("format");

	tcase_add_test(tc, formats_are_found_by_suffix);
	tcase_add_loop_test(tc, a_format_shows_the_columns_it_can_hold, 0, COUNT(shown));
	tcase_add_loop_test(tc, times_become_rfc_3339, 0, COUNT(times));
	tcase_add_loop_test(tc, rows_cost_no_memory, 0, 5);
	suite_add_tcase(suite, tc);
	return suite;
}
