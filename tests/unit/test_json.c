#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "suites.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
	const char *text;
	size_t      length;
	const char *why; /* NULL: accepted */
} texts[] = {
	/* what RFC 8259 allows */
	{ BYTES("{}"), NULL },
	{ BYTES("[]"), NULL },
	{ BYTES("null"), NULL },
	{ BYTES("true"), NULL },
	{ BYTES("false"), NULL },
	{ BYTES("\"\""), NULL },
	{ BYTES("0"), NULL },
	{ BYTES("-0"), NULL },
	{ BYTES("12"), NULL },
	{ BYTES("-1.5e+10"), NULL },
	{ BYTES("1E5"), NULL },
	{ BYTES("0.1"), NULL },
	{ BYTES(" \t\r\n{ \"a\" : [ 1 , { } , [ ] , null ] , \"b\" : \"c\" } \n"), NULL },
	{ BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude00\""), NULL },
	{ BYTES("\"na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\""), NULL },
	{ BYTES("9223372036854775807"), NULL },
	{ BYTES("-9223372036854775808"), NULL },
	{ BYTES("1.7976931348623157e308"), NULL },
	{ BYTES("5e-324"), NULL },
	{ BYTES("0e999"), NULL },
	{ BYTES("0.000e-999"), NULL },
	{ BYTES("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"), NULL },
	{ BYTES("[{\"a\":1},{\"a\":1}]"), NULL },
	{ BYTES("{\"a\":1,\"A\":1,\"\":1,\" \":1}"), NULL },

	/* the table of reliability.md */
	{ BYTES("{\"place\":1,\"x\":2,\"place\":3}"), "byte 18: the key \"place\" appears twice" },
	{ BYTES("{\"a\":1,\"\\u0061\":2}"), "byte 8: the key \"a\" appears twice" },
	{ BYTES("{\"\\n\":1,\"\\u000A\":2}"), "byte 9: the key \"\n\" appears twice" },
	{ BYTES("{\"\":1,\"\":2}"), "byte 7: the key \"\" appears twice" },
	{ BYTES("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}"),
	  "byte 19: the key \"\xf0\x9f\x98\x80\" appears twice" },
	{ BYTES("[{\"b\":1,\"a\":{\"c\":1,\"c\":2},\"b\":2}]"),
	  "byte 20: the key \"c\" appears twice" },
	{ BYTES("{\"b\":1,\"a\":1,\"b\":2,\"a\":2}"), "byte 14: the key \"b\" appears twice" },
	{ BYTES("{\"a\\u0000b\":1}"), "byte 4: the character U+0000 is not accepted" },
	{ BYTES("\"x\\u0000y\""), "byte 3: the character U+0000 is not accepted" },
	{ BYTES("\"x\0y\""), "byte 3: NUL is not accepted" },
	{ BYTES("1\0"), "byte 2: NUL is not accepted" },
	{ BYTES("{'a':1}"), "byte 2: a key in double quotes is expected" },
	{ BYTES("['a']"), "byte 2: a value is expected" },
	{ BYTES("NaN"), "byte 1: a value is expected" },
	{ BYTES("[Infinity]"), "byte 2: a value is expected" },
	{ BYTES("-Infinity"), "byte 1: a value is expected" },
	{ BYTES("1e999"), "byte 1: the number is too large or too small" },
	{ BYTES("[-1e999]"), "byte 2: the number is too large or too small" },
	{ BYTES("1e-999"), "byte 1: the number is too large or too small" },
	{ BYTES("1e99999999999999999999"), "byte 1: the number is too large or too small" },
	{ BYTES("9223372036854775808"), "byte 1: the number is not from -2^63 to 2^63-1" },
	{ BYTES("-9223372036854775809"), "byte 1: the number is not from -2^63 to 2^63-1" },
	{ BYTES("18446744073709551616"), "byte 1: the number is not from -2^63 to 2^63-1" },
	{ BYTES("123456789012345678901234567890"),
	  "byte 1: the number is not from -2^63 to 2^63-1" },
	{ BYTES("\"\xc0\xaf\""), "byte 2: this is not UTF-8" },
	{ BYTES("\"\xed\xa0\x80\""), "byte 2: this is not UTF-8" },
	{ BYTES("\"ab\xff\""), "byte 4: this is not UTF-8" },
	{ BYTES("{\"\xe9\":1}"), "byte 3: this is not UTF-8" },
	{ BYTES("\"\\ud800\""), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"\\udc00\""), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"\\ud800x\""), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"\\ud800\\n\""), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"\\ud800\\ud800\""), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"\\ude00\\ud83d\""), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"\\ud83d\\u"), "byte 2: half of a surrogate pair stands alone" },
	{ BYTES("\"a\tb\""), "byte 3: a control character in a string must be escaped" },
	{ BYTES("\"a\nb\""), "byte 3: a control character in a string must be escaped" },
	{ BYTES("{\"a\x1f\":1}"), "byte 4: a control character in a string must be escaped" },
	{ BYTES("{} {}"), "byte 4: there is more after the value" },
	{ BYTES("1 2"), "byte 3: there is more after the value" },
	{ BYTES("{}//x"), "byte 3: there is more after the value" },
	{ BYTES("/*x*/{}"), "byte 1: a value is expected" },
	{ BYTES("[1,/**/2]"), "byte 4: a value is expected" },
	{ BYTES("0123"), "byte 2: there is more after the value" },
	{ BYTES("[0123]"), "byte 3: a comma or ] is expected" },
	{ BYTES("TRUE"), "byte 1: a value is expected" },
	{ BYTES("True"), "byte 1: a value is expected" },
	{ BYTES("truE"), "byte 1: a value is expected" },
	{ BYTES("tru"), "byte 1: a value is expected" },
	{ BYTES("truex"), "byte 5: there is more after the value" },
	{ BYTES("[1,]"), "byte 4: a value is expected" },
	{ BYTES("{\"a\":1,}"), "byte 8: a key in double quotes is expected" },
	{ BYTES("\xef\xbb\xbf{}"), "byte 1: a byte order mark is not accepted" },

	/* the rest of the grammar */
	{ BYTES(""), "byte 1: a value is expected" },
	{ BYTES("  "), "byte 3: a value is expected" },
	{ BYTES("+1"), "byte 1: a value is expected" },
	{ BYTES("-"), "byte 1: a value is expected" },
	{ BYTES(".5"), "byte 1: a value is expected" },
	{ BYTES("1."), "byte 3: a digit is expected" },
	{ BYTES("1.e5"), "byte 3: a digit is expected" },
	{ BYTES("1e"), "byte 3: a digit is expected" },
	{ BYTES("1e+"), "byte 4: a digit is expected" },
	{ BYTES("1e+-1"), "byte 4: a digit is expected" },
	{ BYTES("0x10"), "byte 2: there is more after the value" },
	{ BYTES("1_000"), "byte 2: there is more after the value" },
	{ BYTES("-01"), "byte 3: there is more after the value" },
	{ BYTES("\"abc"), "byte 1: the string is not closed" },
	{ BYTES("\"abc\\\""), "byte 1: the string is not closed" },
	{ BYTES("\"\\"), "byte 2: there is no such escape" },
	{ BYTES("\"\\x41\""), "byte 2: there is no such escape" },
	{ BYTES("\"\\'\""), "byte 2: there is no such escape" },
	{ BYTES("\"\\u12g4\""), "byte 2: \\u needs four hexadecimal digits" },
	{ BYTES("\"\\u+123\""), "byte 2: \\u needs four hexadecimal digits" },
	{ BYTES("\"\\u12"), "byte 2: \\u needs four hexadecimal digits" },
	{ BYTES("\"\\U0041\""), "byte 2: there is no such escape" },
	{ BYTES("["), "byte 2: a value is expected" },
	{ BYTES("[1"), "byte 3: a comma or ] is expected" },
	{ BYTES("[1 2]"), "byte 4: a comma or ] is expected" },
	{ BYTES("[1}"), "byte 3: a comma or ] is expected" },
	{ BYTES("[,1]"), "byte 2: a value is expected" },
	{ BYTES("{"), "byte 2: a key in double quotes is expected" },
	{ BYTES("{\"a\""), "byte 5: a colon is expected" },
	{ BYTES("{\"a\" 1}"), "byte 6: a colon is expected" },
	{ BYTES("{\"a\":"), "byte 6: a value is expected" },
	{ BYTES("{\"a\":1"), "byte 7: a comma or } is expected" },
	{ BYTES("{\"a\":1]"), "byte 7: a comma or } is expected" },
	{ BYTES("{a:1}"), "byte 2: a key in double quotes is expected" },
	{ BYTES("{1:1}"), "byte 2: a key in double quotes is expected" },
	{ BYTES("{,}"), "byte 2: a key in double quotes is expected" },
	{ BYTES("]"), "byte 1: a value is expected" },
	{ BYTES("\xc2\xa0" "1"), "byte 1: a value is expected" },
	{ BYTES("\f1"), "byte 1: a value is expected" },
};

START_TEST(exactly_rfc_8259_is_accepted)
{
	struct arena *a = arena_new();
	const char   *why = json_check(a, texts[_i].text, texts[_i].length);

	ck_assert_msg((!why && !texts[_i].why) ||
			      (why && texts[_i].why && strcmp(why, texts[_i].why) == 0),
		      "<%s>: %s", texts[_i].text, why ? why : "accepted");
	arena_free(a);
}
END_TEST

START_TEST(what_is_accepted_json_c_reads_too)
{
	struct arena       *a = arena_new();
	const char         *why;
	struct json_object *object = json_read(a, texts[_i].text, texts[_i].length, &why);

	ck_assert_msg((why != NULL) == (texts[_i].why != NULL), "<%s>: %s", texts[_i].text, why);
	ck_assert(object || why || strcmp(texts[_i].text, "null") == 0);
	ck_assert(!object || !why);
	arena_free(a);
}
END_TEST

START_TEST(bytes_after_the_length_are_not_looked_at)
{
	struct arena       *a = arena_new();
	const char         *why;
	struct json_object *object = json_read(a, "12345", 2, &why);

	ck_assert_ptr_null(why);
	ck_assert_int_eq(json_object_get_int64(object), 12);
	arena_free(a);
}
END_TEST

START_TEST(values_arrive_unchanged)
{
	static const char text[] = "{\"n\":-9223372036854775808,\"d\":1.5,\"t\":true,\"z\":null,"
				   "\"s\":\"\\u00e9\\ud83d\\ude00\\n\",\"\\u0061\\tb\":[1,2]}";
	struct arena       *a = arena_new();
	const char         *why;
	struct json_object *object = json_read(a, text, strlen(text), &why), *z;

	ck_assert_ptr_null(why);
	ck_assert_int_eq(json_object_object_length(object), 6);
	ck_assert_int_eq(json_object_get_int64(json_object_object_get(object, "n")), INT64_MIN);
	ck_assert(json_object_get_double(json_object_object_get(object, "d")) == 1.5);
	ck_assert(json_object_get_boolean(json_object_object_get(object, "t")));
	ck_assert(json_object_object_get_ex(object, "z", &z));
	ck_assert_ptr_null(z);
	ck_assert_str_eq(json_object_get_string(json_object_object_get(object, "s")),
			 "\xc3\xa9\xf0\x9f\x98\x80\n");
	ck_assert_uint_eq(json_object_array_length(json_object_object_get(object, "a\tb")), 2);
	arena_free(a);
}
END_TEST

static const char *nested(struct arena *a, int depth, const char *open, const char *close)
{
	const char *text = "1";

	for (int i = 0; i < depth; i++)
		text = arena_printf(a, "%s%s%s", open, text, close);
	return text;
}

START_TEST(nesting_ends_at_the_limit)
{
	static const char *const pairs[][2] = { { "[", "]" }, { "{\"a\":", "}" } };
	const char *const       *pair = pairs[_i];
	struct arena            *a = arena_new();
	const char              *text = nested(a, JSON_DEPTH_MAX, pair[0], pair[1]), *why;

	ck_assert_ptr_nonnull(json_read(a, text, strlen(text), &why));
	ck_assert_ptr_null(why);
	text = nested(a, JSON_DEPTH_MAX + 1, pair[0], pair[1]);
	ck_assert_ptr_null(json_read(a, text, strlen(text), &why));
	ck_assert_ptr_nonnull(strstr(why, "nested too deep"));
	text = nested(a, 100, pair[0], pair[1]);
	ck_assert_ptr_nonnull(json_check(a, text, strlen(text)));
	arena_free(a);
}
END_TEST

/* An array of n zeros. */
static const char *zeros(struct arena *a, size_t n)
{
	char *text = arena_alloc(a, 2 * n + 2), *to = text;

	for (size_t i = 0; i < n; i++)
		to = stpcpy(to, i ? ",0" : "[0");
	stpcpy(to, "]");
	return text;
}

START_TEST(values_end_at_the_limit)
{
	struct arena *a = arena_new();
	const char   *text = zeros(a, JSON_VALUES_MAX - 1);

	ck_assert_ptr_null(json_check(a, text, strlen(text)));
	text = zeros(a, JSON_VALUES_MAX);
	ck_assert_str_eq(json_check(a, text, strlen(text)),
			 "byte 20000: there are too many values");
	arena_free(a);
}
END_TEST

START_TEST(a_file_may_have_more_values_than_a_body)
{
	struct arena            *a = arena_new();
	const struct json_limits limits = { .values = 2 * JSON_VALUES_MAX };
	const char              *text = zeros(a, 2 * JSON_VALUES_MAX - 1), *why;

	ck_assert_ptr_nonnull(json_read_within(a, text, strlen(text), &limits, &why));
	ck_assert_ptr_null(why);
	text = zeros(a, 2 * JSON_VALUES_MAX);
	ck_assert_ptr_null(json_read_within(a, text, strlen(text), &limits, &why));
	ck_assert_str_eq(why, "byte 40000: there are too many values");
	arena_free(a);
}
END_TEST

/* An object of n keys, each a number of six digits, and one more: */
static const char *many_keys(struct arena *a, size_t n, const char *last)
{
	char *text = arena_alloc(a, 11 * n + 32), *to = text;

	for (size_t i = 0; i < n; i++)
		to += sprintf(to, "%c\"%06zu\":1", i ? ',' : '{', i * 7919 % 999983);
	sprintf(to, ",\"%s\":1}", last);
	return text;
}

START_TEST(a_duplicate_among_many_keys_is_found)
{
	struct arena *a = arena_new();
	const char   *text = many_keys(a, JSON_VALUES_MAX - 2, "none");

	ck_assert_ptr_null(json_check(a, text, strlen(text)));
	text = many_keys(a, JSON_VALUES_MAX - 2, "007919");
	ck_assert_ptr_nonnull(strstr(json_check(a, text, strlen(text)),
				     "the key \"007919\" appears twice"));
	arena_free(a);
}
END_TEST

START_TEST(a_long_duplicate_key_is_not_repeated_in_the_problem)
{
	struct arena *a = arena_new();
	const char   *key = arena_printf(a, "%0101d", 0);
	const char   *text = arena_printf(a, "{\"%s\":1,\"%s\":1}", key, key);

	ck_assert_str_eq(json_check(a, text, strlen(text)),
			 "byte 108: the key that begins here appears twice");
	arena_free(a);
}
END_TEST

START_TEST(a_number_of_many_digits_is_read_or_refused)
{
	struct arena *a = arena_new();
	const char   *text = arena_printf(a, "%d.%02000d", 3, 1);

	ck_assert_ptr_null(json_check(a, text, strlen(text)));
	text = arena_printf(a, "%d.%0100000d", 3, 1); /* which PostgreSQL cannot hold */
	ck_assert_ptr_nonnull(json_check(a, text, strlen(text)));
	text = arena_printf(a, "1%0100000d", 1);
	ck_assert_ptr_nonnull(json_check(a, text, strlen(text)));
	arena_free(a);
}
END_TEST

Suite *json_suite(void)
{
	Suite *suite = suite_create("json");
	TCase *tc = tcase_create("json");

	tcase_add_loop_test(tc, exactly_rfc_8259_is_accepted, 0, COUNT(texts));
	tcase_add_loop_test(tc, what_is_accepted_json_c_reads_too, 0, COUNT(texts));
	tcase_add_test(tc, bytes_after_the_length_are_not_looked_at);
	tcase_add_test(tc, values_arrive_unchanged);
	tcase_add_loop_test(tc, nesting_ends_at_the_limit, 0, 2);
	tcase_add_test(tc, values_end_at_the_limit);
	tcase_add_test(tc, a_file_may_have_more_values_than_a_body);
	tcase_add_test(tc, a_duplicate_among_many_keys_is_found);
	tcase_add_test(tc, a_long_duplicate_key_is_not_repeated_in_the_problem);
	tcase_add_test(tc, a_number_of_many_digits_is_read_or_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
