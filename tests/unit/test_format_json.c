#include <string.h>

#include "capture.h"
#include "core/json.h"
#include "suites.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct field answer[] = {
	{ "id", .type = FIELD_INT },       { "place", .type = FIELD_TEXT },
	{ "day", .type = FIELD_DATE },     { "at", .type = FIELD_TIME },
	{ "safe", .type = FIELD_BOOL },    { "purpose", .type = FIELD_CHOICE },
	{ "share", .type = FIELD_DECIMAL },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED },
	{ "flat", .type = FIELD_TEXT, .shape = SHAPE_FLAT },
	{ 0 }
};

static const char *const rows[] = {
	"1", "1 \"High\" Road", "2027-01-12", "2027-01-12 09:30:00+00", "t", "welfare", "70.0",
	"[{\"name\": \"A\"}, \n {\"name\": \"B\"}]",
	"-2", NULL, NULL, NULL, "f", NULL, NULL, NULL,
};

#define FIRST "{\"id\":1,\"place\":\"1 \\\"High\\\" Road\",\"day\":\"2027-01-12\"," \
	"\"at\":\"2027-01-12T09:30:00Z\",\"safe\":true,\"purpose\":\"welfare\"," \
	"\"share\":70.0,\"team\":[{\"name\": \"A\"},   {\"name\": \"B\"}]}"
#define SECOND "{\"id\":-2,\"place\":null,\"day\":null,\"at\":null,\"safe\":false," \
	"\"purpose\":null,\"share\":null,\"team\":null}"

static const struct {
	const struct format *format;
	size_t               rows;
	struct capture       how;
	const char          *text;
} answers[] = {
	{ &format_json, 0, { 0 }, "{\"data\":[],\"next\":null}\n" },
	{ &format_json, 1, { 0 }, "{\"data\":[" FIRST "],\"next\":null}\n" },
	{ &format_json, 2, { .next = "/api/v1/visits?after=a\"&limit=2" },
	  "{\"data\":[" FIRST "," SECOND "],\"next\":\"/api/v1/visits?after=a\\\"&limit=2\"}\n" },
	{ &format_json, 1, { .total = "12" },
	  "{\"data\":[" FIRST "],\"next\":null,\"count\":12}\n" },
	{ &format_json, 1, { .single = true }, FIRST "\n" },
	{ &format_ndjson, 0, { 0 }, "" },
	{ &format_ndjson, 2, { 0 }, FIRST "\n" SECOND "\n" },
};

START_TEST(lists_records_and_lines_are_written)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(capture(a, answers[_i].format, answer, rows, answers[_i].rows,
				 answers[_i].how),
			 answers[_i].text);
	arena_free(a);
}
END_TEST

START_TEST(a_list_is_acceptable_json)
{
	struct arena *a = arena_new();
	const char   *text = capture(a, &format_json, answer, rows, 2,
				     (struct capture){ .total = "2" });

	ck_assert_ptr_null(json_check(a, text, strlen(text)));
	arena_free(a);
}
END_TEST

static const struct {
	const char *text;
	size_t      length;
	const char *json;
} strings[] = {
	{ BYTES(""), "\"\"" },
	{ BYTES("plain"), "\"plain\"" },
	{ BYTES("\"\\/"), "\"\\\"\\\\/\"" },
	{ BYTES("\"\""), "\"\\\"\\\"\"" },
	{ BYTES("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
	{ BYTES("a\x01" "b\x1f\x7f"), "\"a\\u0001b\\u001f\x7f\"" },
	{ BYTES("a\0b"), "\"a\\u0000b\"" },
	{ BYTES("Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80"),
	  "\"Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80\"" },
	{ BYTES("</script>"), "\"</script>\"" },
};

START_TEST(strings_are_escaped)
{
	struct arena  *a = arena_new();
	struct output *out = output_new(a, "/tmp");

	format_json_string(out, strings[_i].text, strings[_i].length);
	ck_assert_str_eq(output_contents(out), strings[_i].json);
	arena_free(a);
}
END_TEST

START_TEST(every_control_character_survives_json)
{
	struct arena       *a = arena_new();
	struct output      *out = output_new(a, "/tmp");
	char                text[128] = "";
	const char         *why;
	struct json_object *object;

	for (int c = 1; c < 128; c++)
		text[c - 1] = (char)c;
	format_json_string(out, text, 127);
	object = json_read(a, output_contents(out), output_length(out), &why);
	ck_assert_ptr_null(why);
	ck_assert_str_eq(json_object_get_string(object), text);
	arena_free(a);
}
END_TEST

START_TEST(a_record_without_columns_is_an_empty_object)
{
	static const struct field none[] = { { 0 } };
	struct arena             *a = arena_new();

	ck_assert_str_eq(capture(a, &format_json, none, rows, 1, (struct capture){ 0 }),
			 "{\"data\":[{}],\"next\":null}\n");
	arena_free(a);
}
END_TEST

Suite *format_json_suite(void)
{
	Suite *suite = suite_create("format_json");
	TCase *tc = tcase_create("format_json");

	tcase_add_loop_test(tc, lists_records_and_lines_are_written, 0, COUNT(answers));
	tcase_add_test(tc, a_list_is_acceptable_json);
	tcase_add_loop_test(tc, strings_are_escaped, 0, COUNT(strings));
	tcase_add_test(tc, every_control_character_survives_json);
	tcase_add_test(tc, a_record_without_columns_is_an_empty_object);
	suite_add_tcase(suite, tc);
	return suite;
}
