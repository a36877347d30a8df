#include <string.h>

#include "core/field.h"
#include "suites.h"

#define NOT_A_DATE "is not a date like 2026-12-31"
#define NOT_A_TIME "must be a time with an offset like 2027-01-12T09:30:00Z"
#define NOT_A_CURSOR "is not a cursor as given in \"next\""
#define CONTROL "must not contain control characters"

struct field_case {
	const char *value, *problem;
};

static void check(const struct field *f, const struct field_case *c)
{
	struct arena *a = arena_new();
	const char   *problem = field_check_text(a, f, c->value);

	ck_assert_msg((!problem && !c->problem) ||
			      (problem && c->problem && strcmp(problem, c->problem) == 0),
		      "<%s>: %s", c->value, problem ? problem : "accepted");
	arena_free(a);
}

static const struct field day = { "day", .type = FIELD_DATE };

static const struct field_case dates[] = {
	{ "2026-12-31", NULL },         { "1900-01-01", NULL },
	{ "2199-12-31", NULL },         { "2024-02-29", NULL },
	{ "2028-02-29", NULL },         { "2000-02-29", NULL },
	{ "2026-04-30", NULL },         { "2025-02-29", NOT_A_DATE },
	{ "2100-02-29", NOT_A_DATE },   { "1900-02-29", NOT_A_DATE },
	{ "2026-02-30", NOT_A_DATE },   { "2026-04-31", NOT_A_DATE },
	{ "2026-06-31", NOT_A_DATE },   { "2026-09-31", NOT_A_DATE },
	{ "2026-11-31", NOT_A_DATE },   { "2026-01-32", NOT_A_DATE },
	{ "2026-00-10", NOT_A_DATE },   { "2026-13-01", NOT_A_DATE },
	{ "2026-01-00", NOT_A_DATE },   { "0000-01-01", NOT_A_DATE },
	{ "1899-12-31", NOT_A_DATE },   { "2200-01-01", NOT_A_DATE },
	{ "2026-1-1", NOT_A_DATE },     { "26-01-01", NOT_A_DATE },
	{ "20260101", NOT_A_DATE },     { "2026/01/01", NOT_A_DATE },
	{ "31-12-2026", NOT_A_DATE },   { "31/12/2026", NOT_A_DATE },
	{ "2026-12-3", NOT_A_DATE },    { "2026-12-311", NOT_A_DATE },
	{ "2026-12-31 ", NOT_A_DATE },  { " 2026-12-31", NOT_A_DATE },
	{ "2026-12-31Z", NOT_A_DATE },  { "2026-12-31T00:00:00Z", NOT_A_DATE },
	{ "+2026-12-31", NOT_A_DATE },  { "-2026-12-31", NOT_A_DATE },
	{ "12026-12-31", NOT_A_DATE },  { "2026-W01-1", NOT_A_DATE },
	{ "2026-366", NOT_A_DATE },     { "2026", NOT_A_DATE },
	{ "2026-12", NOT_A_DATE },      { "2026-12-", NOT_A_DATE },
	{ "", NOT_A_DATE },             { "today", NOT_A_DATE },
	{ "infinity", NOT_A_DATE },     { "2026-12-3\xd9\xa1", NOT_A_DATE },
	{ "null", NOT_A_DATE },         { "2026-\xef\xbc\x91-01", NOT_A_DATE },
};

START_TEST(a_date_is_a_real_day)
{
	check(&day, &dates[_i]);
}
END_TEST

static const struct field at = { "at", .type = FIELD_TIME };

static const struct field_case times[] = {
	{ "2027-01-12T09:30:00Z", NULL },
	{ "2027-01-12t09:30:00z", NULL },
	{ "2027-01-12T00:00:00Z", NULL },
	{ "2027-01-12T23:59:59Z", NULL },
	{ "2027-01-12T09:30:00+00:00", NULL },
	{ "2027-01-12T09:30:00-00:00", NULL },
	{ "2027-07-12T09:30:00+01:00", NULL },
	{ "2027-07-12T09:30:00-12:30", NULL },
	{ "2027-07-12T09:30:00+15:59", NULL },
	{ "2027-01-12T09:30:00.5Z", NULL },
	{ "2027-01-12T09:30:00.123456Z", NULL },
	{ "2028-02-29T09:30:00Z", NULL },
	{ "2027-01-12T09:30:00.1234567Z", NOT_A_TIME },
	{ "2027-01-12T09:30:00.Z", NOT_A_TIME },
	{ "2027-01-12T09:30:00,5Z", NOT_A_TIME },
	{ "2027-01-12T09:30:00", NOT_A_TIME },
	{ "2027-01-12T09:30:00.5", NOT_A_TIME },
	{ "2027-01-12T09:30Z", NOT_A_TIME },
	{ "2027-01-12T09Z", NOT_A_TIME },
	{ "2027-01-12", NOT_A_TIME },
	{ "2027-01-12T", NOT_A_TIME },
	{ "2027-01-12T0", NOT_A_TIME },
	{ "2027-01-12T09:", NOT_A_TIME },
	{ "2027-01-12T09:3", NOT_A_TIME },
	{ "2027-01-12T09:30:", NOT_A_TIME },
	{ "2027-01-12T09:30:0", NOT_A_TIME },
	{ "2027-01-12 09:30:00Z", NOT_A_TIME },
	{ "2027-01-12T24:00:00Z", NOT_A_TIME },
	{ "2027-01-12T09:60:00Z", NOT_A_TIME },
	{ "2016-12-31T23:59:60Z", NOT_A_TIME },
	{ "2027-01-12T09:30:61Z", NOT_A_TIME },
	{ "2027-02-29T09:30:00Z", NOT_A_TIME },
	{ "2027-13-01T09:30:00Z", NOT_A_TIME },
	{ "1899-12-31T09:30:00Z", NOT_A_TIME },
	{ "2027-01-12T09:30:00+1:00", NOT_A_TIME },
	{ "2027-01-12T09:30:00+01", NOT_A_TIME },
	{ "2027-01-12T09:30:00+0100", NOT_A_TIME },
	{ "2027-01-12T09:30:00+01:60", NOT_A_TIME },
	{ "2027-01-12T09:30:00+16:00", NOT_A_TIME },
	{ "2027-01-12T09:30:00+01:00Z", NOT_A_TIME },
	{ "2027-01-12T09:30:00Z ", NOT_A_TIME },
	{ "2027-01-12T09:30:00ZZ", NOT_A_TIME },
	{ "2027-01-12T9:30:00Z", NOT_A_TIME },
	{ "2027-01-12T-9:30:00Z", NOT_A_TIME },
	{ "2027-01-12T09.30.00Z", NOT_A_TIME },
	{ "2027-01-12T09:30:00 Europe/London", NOT_A_TIME },
	{ "20270112T093000Z", NOT_A_TIME },
	{ "now", NOT_A_TIME },
	{ "", NOT_A_TIME },
};

START_TEST(a_time_has_seconds_and_an_offset)
{
	check(&at, &times[_i]);
}
END_TEST

static const struct field since = { "since", .type = FIELD_MOMENT };

#define NOT_A_MOMENT "must be a day like 2026-12-31 or a time with an offset like " \
	"2027-01-12T09:30:00Z"

static const struct field_case moments[] = {
	{ "2028-02-29", NULL },
	{ "2027-01-12T09:30:00+01:00", NULL },
	{ "2025-02-29", NOT_A_MOMENT },
	{ "2027-01-12T09:30:00", NOT_A_MOMENT },
	{ "2027-01-12T", NOT_A_MOMENT },
	{ "09:30:00Z", NOT_A_MOMENT },
	{ "", NOT_A_MOMENT },
};

START_TEST(a_moment_is_a_day_or_a_time)
{
	check(&since, &moments[_i]);
}
END_TEST

static const struct field limit = { "limit", .type = FIELD_INT, .min = 1, .max = 1000 };
static const struct field any_int = { "any", .type = FIELD_INT };
static const struct field below = { "below", .type = FIELD_INT, .min = -10, .max = -1 };

#define NOT_A_LIMIT "must be a whole number from 1 to 1000"
#define NOT_AN_INT "must be a whole number from 0 to 9007199254740991"
#define NOT_BELOW "must be a whole number from -10 to -1"

static const struct {
	const struct field *field;
	struct field_case   c;
} ints[] = {
	{ &limit, { "1", NULL } },
	{ &limit, { "1000", NULL } },
	{ &limit, { "0", NOT_A_LIMIT } },
	{ &limit, { "1001", NOT_A_LIMIT } },
	{ &limit, { "-1", NOT_A_LIMIT } },
	{ &limit, { "", NOT_A_LIMIT } },
	{ &limit, { " 1", NOT_A_LIMIT } },
	{ &limit, { "1 ", NOT_A_LIMIT } },
	{ &limit, { "+1", NOT_A_LIMIT } },
	{ &limit, { "01", NOT_A_LIMIT } },
	{ &limit, { "1.0", NOT_A_LIMIT } },
	{ &limit, { "1e2", NOT_A_LIMIT } },
	{ &limit, { "0x10", NOT_A_LIMIT } },
	{ &limit, { "1,000", NOT_A_LIMIT } },
	{ &limit, { "-", NOT_A_LIMIT } },
	{ &limit, { "ten", NOT_A_LIMIT } },
	{ &limit, { "\xd9\xa1", NOT_A_LIMIT } },
	{ &limit, { "18446744073709551617", NOT_A_LIMIT } },
	{ &any_int, { "0", NULL } },
	{ &any_int, { "9007199254740991", NULL } },
	{ &any_int, { "9007199254740992", NOT_AN_INT } },
	{ &any_int, { "9223372036854775808", NOT_AN_INT } },
	{ &any_int, { "100000000000000000000000000000", NOT_AN_INT } },
	{ &any_int, { "-0", NOT_AN_INT } },
	{ &any_int, { "-1", NOT_AN_INT } },
	{ &below, { "-1", NULL } },
	{ &below, { "-10", NULL } },
	{ &below, { "-11", NOT_BELOW } },
	{ &below, { "0", NOT_BELOW } },
};

START_TEST(an_integer_is_in_range_and_plainly_written)
{
	check(ints[_i].field, &ints[_i].c);
}
END_TEST

static const struct field share = { "share", .type = FIELD_DECIMAL, .min = 0, .max = 100 };
static const struct field change = { "change", .type = FIELD_DECIMAL, .min = -1, .max = 1 };

#define NOT_A_SHARE "must be a number from 0 to 100 with at most one place of decimals"
#define NOT_A_CHANGE "must be a number from -1 to 1 with at most one place of decimals"

static const struct {
	const struct field *field;
	struct field_case   c;
} decimals[] = {
	{ &share, { "0", NULL } },
	{ &share, { "0.0", NULL } },
	{ &share, { "69.9", NULL } },
	{ &share, { "100", NULL } },
	{ &share, { "100.0", NULL } },
	{ &share, { "100.1", NOT_A_SHARE } },
	{ &share, { "-0.1", NOT_A_SHARE } },
	{ &share, { "69.98", NOT_A_SHARE } },
	{ &share, { "69.", NOT_A_SHARE } },
	{ &share, { ".5", NOT_A_SHARE } },
	{ &share, { "07.5", NOT_A_SHARE } },
	{ &share, { "7,5", NOT_A_SHARE } },
	{ &share, { "7.x", NOT_A_SHARE } },
	{ &share, { "7.5.1", NOT_A_SHARE } },
	{ &share, { "1e1", NOT_A_SHARE } },
	{ &share, { "+1.5", NOT_A_SHARE } },
	{ &share, { " 1.5", NOT_A_SHARE } },
	{ &share, { "nan", NOT_A_SHARE } },
	{ &share, { "", NOT_A_SHARE } },
	{ &change, { "-1", NULL } },
	{ &change, { "-1.0", NULL } },
	{ &change, { "-0.5", NULL } },
	{ &change, { "0.5", NULL } },
	{ &change, { "-1.1", NOT_A_CHANGE } },
	{ &change, { "1.1", NOT_A_CHANGE } },
	{ &change, { "--0.5", NOT_A_CHANGE } },
	{ &change, { "-", NOT_A_CHANGE } },
	{ &change, { "-.5", NOT_A_CHANGE } },
};

START_TEST(a_decimal_is_in_range_and_has_one_place)
{
	check(decimals[_i].field, &decimals[_i].c);
}
END_TEST

static const char *const purposes[] = { "attendance", "welfare", "other", NULL };

static const struct field optional = { "text", .type = FIELD_TEXT };
static const struct field needed = { "text", .type = FIELD_TEXT, .required = true };
static const struct field short_text = { "text", .type = FIELD_TEXT, .min = 2, .max = 5 };
static const struct field letter = { "text", .type = FIELD_TEXT, .min = 1, .max = 1 };
static const struct field lines = { "text", .type = FIELD_TEXT, .lines = true };
static const struct field flag = { "flag", .type = FIELD_BOOL };
static const struct field purpose = { "purpose", .type = FIELD_CHOICE, .choices = purposes };
static const struct field cursor = { "after", .type = FIELD_CURSOR };
static const struct field list = { "list", .type = FIELD_LIST, .item = &flag };
static const struct field object = { "object", .type = FIELD_OBJECT };
static const struct field needed_day = { "day", .type = FIELD_DATE, .required = true };

#define ONE_OF "must be one of: attendance, welfare, other"

static const struct {
	const struct field *field;
	struct field_case   c;
} others[] = {
	{ &optional, { NULL, NULL } },
	{ &needed, { NULL, "is required" } },
	{ &needed_day, { NULL, "is required" } },
	{ &optional, { "", NULL } },
	{ &optional, { "   ", NULL } },
	{ &needed, { "", "must not be empty" } },
	{ &needed, { "   ", "must not be empty" } },
	{ &needed, { "\xc2\xa0\xe2\x80\x8b\xef\xbb\xbf", "must not be empty" } },
	{ &needed, { "x", NULL } },
	{ &needed, { " x ", NULL } },
	{ &short_text, { "", "must not be empty" } },
	{ &short_text, { "a", "must have at least 2 characters" } },
	{ &short_text, { "ab", NULL } },
	{ &short_text, { "abcde", NULL } },
	{ &short_text, { "abcdef", "must have at most 5 characters" } },
	{ &short_text, { "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", NULL } },
	{ &letter, { "ab", "must have at most 1 character" } },
	{ &optional, { "Zo\xc3\xab O'Brien \xf0\x9f\x98\x80", NULL } },
	{ &optional, { "a\tb", CONTROL } },
	{ &optional, { "a\nb", CONTROL } },
	{ &optional, { "a\x1b[31m", CONTROL } },
	{ &optional, { "a\x7f", CONTROL } },
	{ &optional, { "a\xc2\x85", CONTROL } },
	{ &optional, { "a\xff", "must be valid UTF-8" } },
	{ &optional, { "\xed\xa0\x80", "must be valid UTF-8" } },
	{ &lines, { "a\tb\r\nc", NULL } },
	{ &lines, { "a\vb", CONTROL } },
	{ &lines, { "a\x01", CONTROL } },
	{ &flag, { "true", NULL } },
	{ &flag, { "false", NULL } },
	{ &flag, { "TRUE", "must be true or false" } },
	{ &flag, { "t", "must be true or false" } },
	{ &flag, { "1", "must be true or false" } },
	{ &flag, { "", "must be true or false" } },
	{ &purpose, { "attendance", NULL } },
	{ &purpose, { "other", NULL } },
	{ &purpose, { "Other", ONE_OF } },
	{ &purpose, { "oth", ONE_OF } },
	{ &purpose, { "other ", ONE_OF } },
	{ &purpose, { "", ONE_OF } },
	{ &cursor, { "MjAyNy0wMS0xMg", NULL } },
	{ &cursor, { "", NOT_A_CURSOR } },
	{ &cursor, { "a\nb", NOT_A_CURSOR } },
	{ &cursor, { "\xff", NOT_A_CURSOR } },
	{ &list, { "true", "cannot be given as text" } },
	{ &object, { "{}", "cannot be given as text" } },
};

START_TEST(each_type_accepts_its_values_and_says_what_it_wants)
{
	check(others[_i].field, &others[_i].c);
}
END_TEST

START_TEST(text_without_a_limit_has_at_most_1000_characters)
{
	char text[2 * 1001 + 1], *to = text;

	for (int i = 0; i < 1000; i++)
		to = stpcpy(to, "\xc3\xa9");
	check(&optional, &(struct field_case){ text, NULL });
	stpcpy(to, "\xc3\xa9");
	check(&optional, &(struct field_case){ text, "must have at most 1000 characters" });
	check(&cursor, &(struct field_case){ text, NOT_A_CURSOR });
}
END_TEST

Suite *field_suite(void)
{
	Suite *suite = suite_create("field");
	TCase *tc = tcase_create("field");

	tcase_add_loop_test(tc, a_date_is_a_real_day, 0, COUNT(dates));
	tcase_add_loop_test(tc, a_time_has_seconds_and_an_offset, 0, COUNT(times));
	tcase_add_loop_test(tc, a_moment_is_a_day_or_a_time, 0, COUNT(moments));
	tcase_add_loop_test(tc, an_integer_is_in_range_and_plainly_written, 0, COUNT(ints));
	tcase_add_loop_test(tc, a_decimal_is_in_range_and_has_one_place, 0, COUNT(decimals));
	tcase_add_loop_test(tc, each_type_accepts_its_values_and_says_what_it_wants, 0,
			    COUNT(others));
	tcase_add_test(tc, text_without_a_limit_has_at_most_1000_characters);
	suite_add_tcase(suite, tc);
	return suite;
}
