/* Common Transfer Files that are bad, and what would be done with them elsewhere. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fake_gateway.h"
#include "reading.h"
#include "register/import_ctf.h"
#include "register/import_prolog.h"
#include "register/import_xml.h"
#include "suites.h"

#define BYTES(literal) literal, sizeof(literal) - 1
#define WITHIN(inner)  BYTES("<CTfile><CTFpupilData><Pupil>" inner "</Pupil></CTFpupilData></CTfile>")
#define FILE_IS        "The file is not acceptable: "
#define NOTHING        "; nothing was stored."
#define NO_CHARACTER   "a character stands here that XML, or the encoding of the file, does not have"
#define NO_DOCTYPE     FILE_IS "a DOCTYPE is not accepted, whatever it says" NOTHING

static const struct {
	const char *text;
	size_t      length;
	const char *detail;
} files[] = {
	/* what asks the reader to do something */
	{ BYTES("<!DOCTYPE CTfile><CTfile><CTFpupilData/></CTfile>"), NO_DOCTYPE },
	{ BYTES("<?xml version=\"1.0\"?>\n<!-- a --><?b c?>\n<!DOCTYPE CTfile SYSTEM \"http://127.0.0.1:1/x\"><CTfile/>"),
	  NO_DOCTYPE },
	{ BYTES("<!DOCTYPE CTfile [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><CTfile>&x;</CTfile>"), NO_DOCTYPE },
	{ BYTES("<!DOCTYPE CTfile [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]><CTfile/>"), NO_DOCTYPE },
	{ BYTES("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">"
		"<!ENTITY d \"&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;\">]><CTfile>&e;</CTfile>"), NO_DOCTYPE },
	{ BYTES("<!doctype html><html/>"), NO_DOCTYPE },
	{ WITHIN("<UPN>&x;</UPN>"), "Line 1: an entity is named that XML does not have; none is ever expanded" NOTHING },
	{ WITHIN("<UPN a=\"&x;\"/>"), "Line 1: an entity is named that XML does not have; none is ever expanded" NOTHING },
	{ BYTES("<CTfile>\n<!DOCTYPE CTfile></CTfile>"), "Line 2: this is not well-formed XML" NOTHING },

	/* what is no CTF */
	{ BYTES(""), FILE_IS "the file is empty" NOTHING },
	{ BYTES(" \n"), FILE_IS "no element begins in its first 8192 bytes" NOTHING },
	{ BYTES("upn,surname\n"), FILE_IS "it does not begin as XML does" NOTHING },
	{ BYTES("{\"data\":[]}"), FILE_IS "it does not begin as XML does" NOTHING },
	{ BYTES("\n<ATfile><ATFpupilData/></ATfile>"),
	  "Line 2: the file is no CTF, whose first element is CTfile" NOTHING },
	{ BYTES("<ctfile/>"), "Line 1: the file is no CTF, whose first element is CTfile" NOTHING },
	{ BYTES("<CTfile><Header/></CTfile>"), "The file has no CTFpupilData" NOTHING },
	{ BYTES("<CTfile><Pupil><UPN>X</UPN></Pupil></CTfile>"), "The file has no CTFpupilData" NOTHING },

	/* what is not well-formed */
	{ BYTES("<CTfile>\n<CTFpupilData>\n</CTfile>"), "Line 3: an element ends here that did not begin" NOTHING },
	{ BYTES("<CTfile><CTFpupilData/></CTfile><CTfile/>"), "Line 1: something stands after the end of the document" NOTHING },
	{ WITHIN("<UPN a=\"1\" a=\"2\"/>"), "Line 1: an attribute is given twice" NOTHING },
	{ WITHIN("<UPN>\x01</UPN>"), "Line 1: " NO_CHARACTER NOTHING },
	{ WITHIN("<UPN>&#0;</UPN>"), "Line 1: " NO_CHARACTER NOTHING },
	{ WITHIN("<UPN>a < b</UPN>"), "Line 1: this is not well-formed XML" NOTHING },

	/* bytes and encodings */
	{ WITHIN("<UPN>X\0</UPN>"), FILE_IS "there is a NUL byte, or the encoding is none that is read: UTF-8, ISO-8859-1, "
	  "windows-1252" NOTHING },
	{ BYTES("\xff\xfe<\0C\0T\0"), FILE_IS "there is a NUL byte, or the encoding is none that is read: UTF-8, "
	  "ISO-8859-1, windows-1252" NOTHING },
	{ WITHIN("<Surname>Zo\xeb</Surname>"), "Line 1: " NO_CHARACTER NOTHING },
	{ BYTES("<?xml version=\"1.0\" encoding=\"UTF-16\"?><CTfile/>"),
	  FILE_IS "the encoding is UTF-8, ISO-8859-1 or windows-1252" NOTHING },
	{ BYTES("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-!DOCTYPE CTfile+AD4-<CTfile/>"),
	  FILE_IS "the encoding is UTF-8, ISO-8859-1 or windows-1252" NOTHING },
	{ BYTES("<?xml version=\"encoding='UTF-8'\" encoding=\"UTF-7\"?><CTfile/>"),
	  FILE_IS "the XML declaration is broken" NOTHING },
	{ BYTES("<?xml version=\"1.1\"?><CTfile/>"), FILE_IS "the XML declaration is broken" NOTHING },
	{ BYTES("<?xml encoding=\"UTF-8\"?><CTfile/>"), FILE_IS "the XML declaration is broken" NOTHING },
	{ BYTES("<?xml version=\"1.0\" encoding=UTF-8?><CTfile/>"), FILE_IS "the XML declaration is broken" NOTHING },

	/* what is there twice */
	{ BYTES("<CTfile><Header><SourceSchool><LEA/><LEA/></SourceSchool></Header></CTfile>"),
	  "Line 1: LEA is given twice" NOTHING },
};

START_TEST(a_bad_file_is_refused_with_its_reason)
{
	for (size_t piece = 0; piece <= 5; piece++) {
		struct reading g = { .piece = piece };

		reading_rows(&g, import_ctf_pupils, files[_i].text, files[_i].length);
		ck_assert_int_eq(g.err, ERR_MALFORMED);
		ck_assert_str_eq(g.request.detail, files[_i].detail);
		reading_end(&g);
		reading_marks(&g, import_ctf_marks, files[_i].text, files[_i].length);
		ck_assert_int_eq(g.err, ERR_MALFORMED);
		reading_end(&g);
	}
}
END_TEST

static const char small[] =
	"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x --><CTfile a='b'><Header><SourceSchool><LEA>801</LEA>"
	"<Estab>4001</Estab></SourceSchool></Header><CTFpupilData><Pupil><UPN>B801200005001</UPN><Surname>O&apos;&#xeb;"
	"<![CDATA[x]]></Surname><Attendance><YearData><AttendSessions><AttendanceStartDate>2026-03-02</AttendanceStartDate>"
	"<AttendanceMarks>/\\</AttendanceMarks></AttendSessions></YearData></Attendance></Pupil></CTFpupilData></CTfile>";

START_TEST(a_file_cut_short_anywhere_is_refused)
{
	for (size_t length = 0; length < sizeof(small) - 1; length++) {
		struct reading g = { .piece = length % 3 };

		reading_rows(&g, import_ctf_pupils, small, length);
		ck_assert_msg(g.err == ERR_MALFORMED, "%zu bytes: %d", length, (int)g.err);
		reading_end(&g);
		reading_marks(&g, import_ctf_marks, small, length);
		ck_assert_int_eq(g.err, ERR_MALFORMED);
		reading_end(&g);
	}
}
END_TEST

static const char lines[] =
	"<CTfile>\n<Header>\n<SourceSchool>\n<LEA>801</LEA>\n</SourceSchool>\n</Header>\n<CTFpupilData>\n<Pupil a='b'>\n"
	"<UPN>B801200005001</UPN>\n<Surname>O&apos;&#xeb;<![CDATA[x]]></Surname>\n<!-- x --><?y z?>\n</Pupil>\n"
	"</CTFpupilData>\n</CTfile>";

START_TEST(a_file_cut_short_says_that_it_ends_too_soon)
{
	for (size_t length = 2; length < sizeof(lines) - 1; length++) {
		struct reading g = { .piece = length % 3 };

		reading_rows(&g, import_ctf_pupils, lines, length);
		ck_assert_int_eq(g.err, ERR_MALFORMED);
		ck_assert_msg(strstr(g.request.detail, "the file ends before it is whole"), "%zu bytes: %s", length,
			      g.request.detail);
		reading_end(&g);
	}
}
END_TEST

START_TEST(a_sender_that_breaks_off_is_no_file)
{
	for (size_t length = 0; length < sizeof(small); length++) {
		struct reading g = { .breaks_off = true };

		reading_rows(&g, import_ctf_pupils, small, length);
		ck_assert_int_eq(g.err, ERR_MALFORMED);
		ck_assert_ptr_nonnull(strstr(g.request.detail, "broke off"));
		reading_end(&g);
	}
}
END_TEST

#define HEAD "<CTfile><CTFpupilData><Pupil>"
#define TAIL "</Pupil></CTFpupilData></CTfile>"

static const struct {
	const char *head, *thing;
	size_t      times;
	const char *tail, *why;
} sizes[] = {
	{ HEAD "<Surname>", "x", IMPORT_XML_TEXT_MAX, "</Surname>" TAIL, NULL },
	{ HEAD "<Surname>", "x", IMPORT_XML_TEXT_MAX + 1, "</Surname>" TAIL, "the text of an element is too long" },
	{ HEAD "<Unknown>", "x", IMPORT_XML_TEXT_MAX + 1, "</Unknown>" TAIL, "the text of an element is too long" },
	{ HEAD "<Surname>", "x", 5000000, "</Surname>" TAIL, "is too long" },
	{ HEAD "<Surname>", "&amp;", IMPORT_XML_TEXT_MAX + 1, "</Surname>" TAIL, "is too long" },
	{ HEAD "<Surname>", "x<a/>", IMPORT_XML_TEXT_MAX + 1, "</Surname>" TAIL, "the text of an element is too long" },
	{ HEAD "<Surname a=\"", "x", 2 * IMPORT_XML_TOKEN_MAX, "\"/>" TAIL, "a tag, text or comment is too long here" },
	{ HEAD "<Surname", " a='1'", IMPORT_XML_TOKEN_MAX, "/>" TAIL, "a tag, text or comment is too long here" },
	{ HEAD "<!--", "x", 2 * IMPORT_XML_TOKEN_MAX, "-->" TAIL, "a tag, text or comment is too long here" },
	{ HEAD "<?x ", "x", 2 * IMPORT_XML_TOKEN_MAX, "?>" TAIL, "a tag, text or comment is too long here" },
	{ HEAD "<", "x", IMPORT_XML_NAME_MAX, "/>" TAIL, NULL },
	{ HEAD "<", "x", IMPORT_XML_NAME_MAX + 1, "/>" TAIL, "an element's name is too long" },
	{ HEAD, "<a>", 100000, TAIL, "elements are nested too deep" },
	{ "<!--", "x", IMPORT_PROLOG_MAX, "--><CTfile/>", "no element begins in its first 8192 bytes" },
	{ HEAD "<Address>", "<AddressLine1>x</AddressLine1>", 20000, "</Address>" TAIL, NULL },
	{ "<CTfile><CTFpupilData>", "<Pupil/>", 20000, "</CTFpupilData></CTfile>", NULL },
};

START_TEST(sizes_have_limits)
{
	struct arena  *a = arena_new();
	const char    *text = reading_repeated(a, sizes[_i].head, sizes[_i].thing, sizes[_i].times, sizes[_i].tail);
	struct reading g = { 0 };

	reading_rows(&g, import_ctf_pupils, text, strlen(text));
	ck_assert_msg(sizes[_i].why ? g.err == ERR_MALFORMED : g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_msg(!sizes[_i].why || strstr(g.request.detail, sizes[_i].why), "%s", g.request.detail);
	reading_end(&g);
	arena_free(a);
}
END_TEST

static size_t used[2]; /* bytes of memory early and late */

static bool measure(void *ctx, struct import_row *row)
{
	long *count = ctx;

	(void)row;
	if (++*count == 1000 || *count == 40000)
		used[*count == 40000] = mallinfo2().uordblks;
	return true;
}

START_TEST(memory_stays_flat_over_many_pupils)
{
	struct arena  *a = arena_new();
	const char    *text = reading_repeated(a, "<CTfile><CTFpupilData>", "<Pupil><UPN>B801200005001</UPN><Surname>Sm"
					       "&#xEF;th</Surname><!-- x --></Pupil>\n", 40000, "</CTFpupilData></CTfile>");
	struct request r = { .arena = arena_new(), .content_length = strlen(text) };
	long           count = 0;

	fake_gateway_set(NULL, text, strlen(text));
	ck_assert_msg(import_ctf_pupils(&r, reading_body(&r), NULL, measure, &count) == ERR_NONE,
		      "%s", r.detail);
	ck_assert_int_eq(count, 40000);
	ck_assert_uint_le(used[1], used[0] + 16 * 1024);
	arena_free(r.arena);
	arena_free(a);
}
END_TEST

/* libxml2 is made to tell us, and nobody else. */
START_TEST(nothing_is_written_to_standard_error)
{
	FILE     *caught = tmpfile();
	const int before = dup(STDERR_FILENO);
	long      length;

	ck_assert_ptr_nonnull(caught);
	dup2(fileno(caught), STDERR_FILENO);
	for (size_t i = 0; i < COUNT(files); i++) {
		struct reading g = { 0 };

		reading_rows(&g, import_ctf_pupils, files[i].text, files[i].length);
		reading_end(&g);
	}
	dup2(before, STDERR_FILENO);
	close(before);
	fseek(caught, 0, SEEK_END);
	length = ftell(caught);
	fclose(caught);
	ck_assert_int_eq(length, 0);
}
END_TEST

Suite *ctf_bad_suite(void)
{
	Suite *suite = suite_create("ctf_bad");
	TCase *tests = tcase_create("ctf_bad");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_bad_file_is_refused_with_its_reason, 0, COUNT(files));
	tcase_add_test(tests, a_file_cut_short_anywhere_is_refused);
	tcase_add_test(tests, a_file_cut_short_says_that_it_ends_too_soon);
	tcase_add_test(tests, a_sender_that_breaks_off_is_no_file);
	tcase_add_loop_test(tests, sizes_have_limits, 0, COUNT(sizes));
	tcase_add_test(tests, memory_stays_flat_over_many_pupils);
	tcase_add_test(tests, nothing_is_written_to_standard_error);
	suite_add_tcase(suite, tests);
	return suite;
}
