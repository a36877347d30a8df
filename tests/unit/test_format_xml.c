#include <libxml/parser.h>
#include <string.h>

#include "capture.h"
#include "suites.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define OPEN "<visits xmlns=\"" FORMAT_XML_NAMESPACE "\">"
#define CLOSE "</visits>\n"

static const struct field answer[] = {
	{ "id", .type = FIELD_INT },    { "note", .type = FIELD_TEXT },
	{ "at", .type = FIELD_TIME },   { "safe", .type = FIELD_BOOL },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED },
	{ 0 }
};

START_TEST(rows_are_elements_and_null_is_left_out)
{
	static const char *const rows[] = {
		"1", "tea & <biscuits>", "2027-01-12 09:30:00+00", "t",
		"2", NULL, NULL, "f",
		"3", "", NULL, NULL,
	};
	struct arena *a = arena_new();

	ck_assert_str_eq(capture(a, &format_xml, answer, rows, 3, (struct capture){ 0 }),
			 HEAD OPEN
			 "<visit><id>1</id><note>tea &amp; &lt;biscuits&gt;</note>"
			 "<at>2027-01-12T09:30:00Z</at><safe>true</safe></visit>"
			 "<visit><id>2</id><safe>false</safe></visit>"
			 "<visit><id>3</id><note></note></visit>" CLOSE);
	arena_free(a);
}
END_TEST

START_TEST(a_page_has_a_value_for_each_column_as_it_is_read)
{
	static const char *const rows[] = {
		"1", "tea & <biscuits>", "2027-01-12 09:30:59.5+00", "t",
		"2", NULL, NULL, "f",
		"3", "\x02", "infinity", NULL,
	};
	struct arena *a = arena_new();

	ck_assert_str_eq(capture(a, &format_html, answer, rows, 3, (struct capture){ 0 }),
			 HEAD OPEN
			 "<visit><id>1</id><note>tea &amp; &lt;biscuits&gt;</note><at>2027-01-12 09:30 UTC</at><safe>yes</safe></visit>"
			 "<visit><id>2</id><note></note><at></at><safe>no</safe></visit>"
			 "<visit><id>3</id><note>\xef\xbf\xbd</note><at>infinity</at><safe></safe></visit>" CLOSE);
	arena_free(a);
}
END_TEST

START_TEST(no_rows_are_an_empty_element)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(capture(a, &format_xml, answer, NULL, 0, (struct capture){ 0 }),
			 HEAD "<visits xmlns=\"" FORMAT_XML_NAMESPACE "\"/>\n");
	arena_free(a);
}
END_TEST

static const struct {
	const char *text, *read; /* NULL: as written */
} texts[] = {
	{ "plain", NULL },
	{ "<a href=\"x\">&amp;</a> ]]> '", NULL },
	{ "  blanks \t kept \n", NULL },
	{ "one\r\ntwo\rthree", NULL },
	{ "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x98\x80 \xc2\x85", NULL },
	{ "\xef\xbf\xbd \xef\xbf\xbc", NULL },
	{ "a\x01" "b", "a\xef\xbf\xbd" "b" },
	{ "\x02", "\xef\xbf\xbd" },
	{ "\v\f\x1b[0m\x1f", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd[0m\xef\xbf\xbd" },
	{ "\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\x7f", NULL },
};

START_TEST(text_is_read_back_as_it_was)
{
	static const struct field note[] = { { "note", .type = FIELD_TEXT }, { 0 } };
	struct arena             *a = arena_new();
	const char *const        *row = &texts[_i].text;
	const char *xml = capture(a, &format_xml, note, row, 1, (struct capture){ 0 });
	xmlDocPtr   doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NONET);
	xmlChar    *read;

	ck_assert_msg(doc, "%s", xml);
	read = xmlNodeGetContent(xmlDocGetRootElement(doc));
	ck_assert_str_eq((const char *)read, texts[_i].read ? texts[_i].read : texts[_i].text);
	xmlFree(read);
	xmlFreeDoc(doc);
	arena_free(a);
}
END_TEST

START_TEST(an_export_given_up_midway_frees_what_it_holds)
{
	struct arena *a = arena_new();
	struct writer w = { .format = &format_xml, .arena = a, .noun = "visit", .nouns = "visits",
			    .out = output_new(a, "/tmp") };

	w.count = format_columns(a, w.format, answer, &w.columns);
	format_begin(&w);
	arena_free(a); /* the sanitizer's leak check is what looks */
}
END_TEST

START_TEST(what_libxml2_cannot_write_fails_the_output)
{
	static const char *const values[] = { "1", "text", NULL, NULL };
	static const int         lengths[] = { 1, 4, 0, 0 };
	struct arena            *a = arena_new();
	struct writer            w = { .format = &format_xml, .arena = a, .noun = "visit",
				       .nouns = "visits", .out = output_new(a, "/nonexistent") };

	w.count = format_columns(a, w.format, answer, &w.columns);
	format_begin(&w);
	for (int i = 0; i < 10000; i++)
		format_row(&w, &(struct row){ .values = values, .lengths = lengths });
	format_end(&w);
	ck_assert(output_failed(w.out));
	arena_free(a);
}
END_TEST

Suite *format_xml_suite(void)
{
	Suite *suite = suite_create("format_xml");
	TCase *tc = tcase_create("format_xml");

	tcase_add_test(tc, rows_are_elements_and_null_is_left_out);
	tcase_add_test(tc, a_page_has_a_value_for_each_column_as_it_is_read);
	tcase_add_test(tc, no_rows_are_an_empty_element);
	tcase_add_loop_test(tc, text_is_read_back_as_it_was, 0, COUNT(texts));
	tcase_add_test(tc, an_export_given_up_midway_frees_what_it_holds);
	tcase_add_test(tc, what_libxml2_cannot_write_fails_the_output);
	suite_add_tcase(suite, tc);
	return suite;
}
