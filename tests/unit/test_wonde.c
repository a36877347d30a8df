/* Pages of JSON as Wonde gives them. */
#include <string.h>

#include "reading.h"
#include "register/import_wonde.h"
#include "suites.h"

#define BYTES(literal) literal, sizeof(literal) - 1
#define META           ",\"meta\":{\"pagination\":{\"next\":null,\"previous\":null,\"more\":false,\"per_page\":50,\"current_page\":1}}"
#define PAGE(items)    "{\"data\":[" items "]" META "}"
#define STAMP(day)     "{\"date\":\"" day " 00:00:00.000000\",\"timezone_type\":3,\"timezone\":\"Europe/London\"}"

struct sample {
	const char *text, *said;
};

static const struct sample students[] = {
	{ PAGE("{\"id\":\"A329183376\",\"upi\":\"5fc1\",\"mis_id\":\"10\",\"forename\":\"Zo\\u00eb\",\"surname\":\"O'Brien\","
	       "\"legal_surname\":\"Smith\",\"gender\":null,\"date_of_birth\":" STAMP("2014-03-02") ",\"new\":{\"data\":[1]},"
	       "\"education_details\":{\"data\":{\"upn\":\"B801200005001\",\"admission_date\":" STAMP("2025-09-01")
	       ",\"leaving_date\":null,\"current_nc_year\":\"7\",\"part_time\":false}},"
	       "\"contact_details\":{\"data\":{\"phones\":{},\"addresses\":{\"home\":{\"house_number\":\"12\",\"house_name\":null,"
	       "\"apartment\":\"Flat 2\",\"street\":\"High Street\",\"district\":\"\",\"town\":\"Bristol\",\"county\":null,"
	       "\"country\":\"UK\",\"postcode\":\"BS1 1AA\"},\"work\":{}}}}}"),
	  "1 {\"mis_id\":\"A329183376\",\"upn\":\"B801200005001\",\"school_urn\":900001,\"given_name\":\"Zo\xc3\xab\","
	  "\"family_name\":\"O'Brien\",\"date_of_birth\":\"2014-03-02\",\"year_group\":\"7\",\"admitted_on\":\"2025-09-01\","
	  "\"left_on\":null,\"address\":\"Flat 2\\n12 High Street\\nBristol\",\"postcode\":\"BS1 1AA\"} []\n" },
	/* no wrappers, plain dates, numbers for text, legal names, a flat upn and year */
	{ "[{\"id\":7,\"legal_forename\":\"A\",\"forename\":null,\"legal_surname\":\"B\",\"upn\":\"X\",\"date_of_birth\":\"2014-03-02\","
	  "\"year\":{\"data\":{\"code\":0}}},{\"id\":\"8\",\"education_details\":{\"upn\":\"Y\",\"current_nc_year\":9,"
	  "\"leaving_date\":\"2026-01-05T00:00:00+00:00\"}}]",
	  "1 {\"mis_id\":\"7\",\"upn\":\"X\",\"school_urn\":900001,\"given_name\":\"A\",\"family_name\":\"B\","
	  "\"date_of_birth\":\"2014-03-02\",\"year_group\":\"R\"} []\n"
	  "2 {\"mis_id\":\"8\",\"upn\":\"Y\",\"school_urn\":900001,\"year_group\":\"9\",\"left_on\":\"2026-01-05\"} []\n" },
	/* one item; none */
	{ "{\"data\":{\"id\":\"8\",\"upn\":\"Y\"}}", "1 {\"mis_id\":\"8\",\"upn\":\"Y\",\"school_urn\":900001} []\n" },
	{ PAGE(""), "" },
	{ "[]", "" },
	/* a time of day may be another day here: left as it is, to be refused */
	{ "[{\"upn\":\"Y\",\"date_of_birth\":{\"date\":\"2014-06-02 23:00:00.000000\",\"timezone\":\"UTC\"}}]",
	  "1 {\"upn\":\"Y\",\"school_urn\":900001,\"date_of_birth\":\"2014-06-02 23:00:00.000000\"} []\n" },
	/* wrong shapes */
	{ "[{\"id\":\"8\",\"surname\":\"A\"}]",
	  "1 {\"mis_id\":\"8\",\"school_urn\":900001,\"family_name\":\"A\"} "
	  "[{\"detail\":\"has no education_details: ask Wonde to include them\"}]\n" },
	{ "[1,null,\"x\",[]]",
	  "1 {\"school_urn\":900001} [{\"detail\":\"is not a JSON object\"}]\n"
	  "2 {\"school_urn\":900001} [{\"detail\":\"is not a JSON object\"}]\n"
	  "3 {\"school_urn\":900001} [{\"detail\":\"is not a JSON object\"}]\n"
	  "4 {\"school_urn\":900001} [{\"detail\":\"is not a JSON object\"}]\n" },
	{ "[{\"id\":{\"x\":1},\"upn\":true,\"forename\":[],\"date_of_birth\":1.5,\"education_details\":\"none\","
	  "\"contact_details\":[]}]",
	  "1 {\"school_urn\":900001} "
	  "[{\"detail\":\"its education_details are no object\"},"
	  "{\"field\":\"mis_id\",\"detail\":\"is neither text nor a number\"},"
	  "{\"field\":\"upn\",\"detail\":\"is neither text nor a number\"},"
	  "{\"field\":\"given_name\",\"detail\":\"is neither text nor a number\"},"
	  "{\"field\":\"date_of_birth\",\"detail\":\"is neither text nor a number\"}]\n" },
};

#define MOTHER                                                                                                  \
	"{\"id\":\"C1\",\"forename\":\"Ann\",\"surname\":\"Smith\",\"relationship\":{\"bill_payer\":null,"              \
	"\"relationship\":\"Mother\",\"parental_responsibility\":true},\"contact_details\":{\"data\":{"                 \
	"\"phones\":{\"phone\":\"1\",\"primary\":null,\"home\":null,\"work\":null,\"mobile\":\"07700 900123\"},"        \
	"\"emails\":{\"email\":\"a@example.org\",\"primary\":null}}}"

static const struct sample contacts[] = {
	/* students that include contacts */
	{ PAGE("{\"id\":\"A1\",\"education_details\":{\"data\":{\"upn\":\"X\"}},\"contacts\":{\"data\":[" MOTHER "},"
	       "{\"forename\":\"Bo\",\"relationship\":\"Uncle\",\"parental_responsibility\":\"0\"}]}},"
	       "{\"id\":\"A2\",\"contacts\":{\"data\":[]}}"),
	  "1 {\"mis_id\":\"A1\",\"upn\":\"X\",\"school_urn\":900001,\"given_name\":\"Ann\",\"family_name\":\"Smith\","
	  "\"relationship\":\"Mother\",\"parental_responsibility\":true,\"phone\":\"07700 900123\",\"email\":\"a@example.org\"} []\n"
	  "1 {\"mis_id\":\"A1\",\"upn\":\"X\",\"school_urn\":900001,\"given_name\":\"Bo\",\"relationship\":\"Uncle\","
	  "\"parental_responsibility\":false} []\n" },
	/* contacts that include students, and one that says by whom it is known otherwise */
	{ PAGE(MOTHER ",\"students\":{\"data\":[{\"id\":\"A1\"},{\"id\":\"A2\",\"relationship\":{\"data\":{\"relationship\":"
	       "\"Carer\",\"parental_responsibility\":null}}}]}},{\"student_id\":5,\"forename\":\"C\"},"
	       "{\"student\":{\"data\":{\"id\":\"A3\"}}}"),
	  "1 {\"mis_id\":\"A1\",\"school_urn\":900001,\"given_name\":\"Ann\",\"family_name\":\"Smith\","
	  "\"relationship\":\"Mother\",\"parental_responsibility\":true,\"phone\":\"07700 900123\",\"email\":\"a@example.org\"} []\n"
	  "1 {\"mis_id\":\"A2\",\"school_urn\":900001,\"given_name\":\"Ann\",\"family_name\":\"Smith\","
	  "\"relationship\":\"Carer\",\"phone\":\"07700 900123\",\"email\":\"a@example.org\"} []\n"
	  "2 {\"mis_id\":\"5\",\"school_urn\":900001,\"given_name\":\"C\"} []\n"
	  "3 {\"mis_id\":\"A3\",\"school_urn\":900001} []\n" },
	{ PAGE("{\"forename\":\"C\"},{\"forename\":\"D\",\"students\":{\"data\":[]}},{\"student_id\":true,\"relationship\":"
	       "{\"parental_responsibility\":\"maybe\"},\"contact_details\":{\"phones\":{\"home\":\"\"}}}"),
	  "1 {\"school_urn\":900001,\"given_name\":\"C\"} [{\"detail\":\"names no pupil: ask Wonde for contacts that "
	  "include students, or for students that include contacts\"}]\n"
	  "3 {\"school_urn\":900001,\"phone\":null} "
	  "[{\"field\":\"mis_id\",\"detail\":\"is neither text nor a number\"},"
	  "{\"field\":\"parental_responsibility\",\"detail\":\"is neither true nor false\"}]\n" },
};

static const struct sample attendance[] = {
	{ PAGE("{\"id\":\"S1\",\"date\":" STAMP("2026-03-02") ",\"session\":\"AM\",\"comment\":null,\"minutes_late\":null,"
	       "\"attendance_code\":{\"data\":{\"id\":\"K1\",\"code\":\"/\",\"name\":\"Present\"}},\"student\":{\"data\":{\"id\":\"A1\","
	       "\"education_details\":{\"data\":{\"upn\":\"X\"}}}}},"
	       "{\"date\":\"2026-03-02\",\"session\":\"PM\",\"comment\":\"bus\",\"minutes_late\":12,\"attendance_code\":"
	       "{\"code\":\"\\\\\"},\"student_id\":\"A1\"},"
	       "{\"date\":\"2026-03-03\",\"session\":\"AM\",\"code\":\"C1\",\"student\":\"A1\",\"comment\":\"\"}"),
	  "1 900001 X A1 2026-03-02 AM / \"\" \"\"\n2 900001 - A1 2026-03-02 PM \\ 12 bus\n3 900001 - A1 2026-03-03 AM C1 - \"\"\n" },
	/* codes by their id */
	{ "{\"data\":[{\"attendance_code_id\":\"K2\",\"student_id\":1},{\"attendance_code\":\"K1\"},{\"attendance_code\":\"L\"},"
	  "{\"attendance_code_id\":\"K9\"}],\"attendance_codes\":{\"data\":[{\"id\":\"K1\",\"code\":\"/\"},"
	  "{\"id\":\"K2\",\"code\":\"Y4\"},{\"id\":[]},7]}}",
	  "1 900001 - 1 - - Y4 - -\n2 900001 - - - - / - -\n3 900001 - - - - L - -\n4 900001 - - - - - - -\n" },
	/* not said, said to be empty, and neither text nor a number, which must not clear what is stored */
	{ "[{},{\"comment\":null},{\"minutes_late\":null,\"comment\":{\"data\":null}},{\"minutes_late\":0,\"comment\":"
	  "{\"data\":\"x\"}}]",
	  "1 900001 - - - - - - -\n2 900001 - - - - - - \"\"\n3 900001 - - - - - \"\" \"\"\n4 900001 - - - - - 0 x\n" },
	{ "[{\"comment\":{\"text\":\"x\"}},{\"comment\":[]},{\"comment\":true},{\"minutes_late\":{}},{\"minutes_late\":[5]},"
	  "{\"minutes_late\":1.5,\"comment\":{}},{}]",
	  "1 900001 - - - - - - - [comment is neither text nor a number]\n"
	  "2 900001 - - - - - - - [comment is neither text nor a number]\n"
	  "3 900001 - - - - - - - [comment is neither text nor a number]\n"
	  "4 900001 - - - - - - - [minutes_late is neither text nor a number]\n"
	  "5 900001 - - - - - - - [minutes_late is neither text nor a number]\n"
	  "6 900001 - - - - - - - [minutes_late is neither text nor a number]\n7 900001 - - - - - - -\n" },
	{ "[{},1,null,{\"date\":{},\"session\":[],\"student\":{\"data\":null},\"code\":\"\"}]",
	  "1 900001 - - - - - - -\n2 900001 - - - - - - -\n3 900001 - - - - - - -\n4 900001 - - - - \"\" - -\n" },
};

static void check_rows(reading_rows_fn *read, const struct sample *sample)
{
	for (size_t piece = 0; piece <= 3; piece++) {
		struct reading g = { .school_urn = "900001", .piece = piece };

		reading_rows(&g, read, sample->text, strlen(sample->text));
		ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
		ck_assert_str_eq(g.said, sample->said);
		reading_end(&g);
	}
}

START_TEST(students_become_rows_of_pupils)
{
	check_rows(import_wonde_pupils, &students[_i]);
}
END_TEST

START_TEST(contacts_become_a_row_for_each_of_their_pupils)
{
	check_rows(import_wonde_contacts, &contacts[_i]);
}
END_TEST

START_TEST(session_attendance_becomes_marks)
{
	struct reading g = { .school_urn = "900001" };

	reading_marks(&g, import_wonde_marks, attendance[_i].text, strlen(attendance[_i].text));
	ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_str_eq(g.said, attendance[_i].said);
	reading_end(&g);
}
END_TEST

static const struct {
	const char *text;
	size_t      length;
	enum err    err;
	const char *detail;
} bad[] = {
	{ BYTES(""), ERR_JSON, "byte 1: a value is expected; nothing was stored." },
	{ BYTES("{}"), ERR_MALFORMED, "A page is {\"data\": [items]}, as Wonde gives it; nothing was stored." },
	{ BYTES("null"), ERR_MALFORMED, "A page is {\"data\": [items]}, as Wonde gives it; nothing was stored." },
	{ BYTES("7"), ERR_MALFORMED, "A page is {\"data\": [items]}, as Wonde gives it; nothing was stored." },
	{ BYTES("{\"data\":null}"), ERR_MALFORMED, "A page is {\"data\": [items]}, as Wonde gives it; nothing was stored." },
	{ BYTES("{\"error\":\"x\"}"), ERR_MALFORMED, "A page is {\"data\": [items]}, as Wonde gives it; nothing was stored." },
	{ BYTES("[{\"id\":\"a\",\"id\":\"b\"}]"), ERR_JSON, "byte 12: the key \"id\" appears twice; nothing was stored." },
	{ BYTES("[{\"id\":\"a\0\"}]"), ERR_JSON, "byte 10: NUL is not accepted; nothing was stored." },
	{ BYTES("[{\"id\":\"\\u0000\"}]"), ERR_JSON, "byte 9: the character U+0000 is not accepted; nothing was stored." },
	{ BYTES("[{\"id\":\"\xe9\"}]"), ERR_JSON, "byte 9: this is not UTF-8; nothing was stored." },
	{ BYTES("\xef\xbb\xbf[]"), ERR_JSON, "byte 1: a byte order mark is not accepted; nothing was stored." },
	{ BYTES("[] []"), ERR_JSON, "byte 4: there is more after the value; nothing was stored." },
	{ BYTES("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), ERR_JSON, "byte 17: this is nested too deep; nothing was stored." },
	{ BYTES("<CTfile/>"), ERR_JSON, "byte 1: a value is expected; nothing was stored." },
};

START_TEST(a_bad_page_is_refused_with_its_reason)
{
	struct reading g = { .school_urn = "900001" };

	reading_rows(&g, import_wonde_pupils, bad[_i].text, bad[_i].length);
	ck_assert_int_eq(g.err, bad[_i].err);
	ck_assert_str_eq(g.request.detail, bad[_i].detail);
	ck_assert_int_eq(g.count, 0);
	reading_end(&g);
}
END_TEST

START_TEST(a_page_cut_short_anywhere_is_refused)
{
	const char *text = students[0].text;

	for (size_t length = 0; length < strlen(text); length++) {
		struct reading g = { 0 };

		reading_rows(&g, import_wonde_contacts, text, length);
		ck_assert_int_eq(g.err, ERR_JSON);
		ck_assert_int_eq(g.count, 0);
		reading_end(&g);
	}
}
END_TEST

START_TEST(a_sender_that_breaks_off_gives_no_page)
{
	struct reading g = { .breaks_off = true };

	reading_rows(&g, import_wonde_pupils, "[]", 2);
	ck_assert_int_eq(g.err, ERR_MALFORMED);
	reading_end(&g);
}
END_TEST

/* "[" and the item so many times and "]", with blanks up to the size. */
static const char *page_of(struct arena *a, const char *item, size_t items, size_t size)
{
	char *text = arena_alloc(a, size + 1), *to = stpcpy(text, "[");

	for (size_t i = 0; i < items; i++) {
		to = stpcpy(to, i ? "," : "");
		to = stpcpy(to, item);
	}
	to = stpcpy(to, "]");
	memset(to, ' ', size - (size_t)(to - text));
	return text;
}

START_TEST(a_page_has_limits)
{
	struct arena  *a = arena_new();
	struct reading g = { 0 };

	reading_rows(&g, import_wonde_pupils, page_of(a, "{}", 1, WONDE_BYTES_MAX), WONDE_BYTES_MAX);
	ck_assert_int_eq(g.err, ERR_NONE);
	reading_end(&g);
	reading_rows(&g, import_wonde_pupils, page_of(a, "{}", 1, WONDE_BYTES_MAX + 1), WONDE_BYTES_MAX + 1);
	ck_assert_int_eq(g.err, ERR_TOO_LARGE);
	reading_end(&g);
	reading_rows(&g, import_wonde_pupils, page_of(a, "{}", WONDE_VALUES_MAX, 4 * WONDE_VALUES_MAX),
		     4 * WONDE_VALUES_MAX);
	ck_assert_int_eq(g.err, ERR_JSON);
	ck_assert_ptr_nonnull(strstr(g.request.detail, "too many values"));
	reading_end(&g);
	arena_free(a);
}
END_TEST

START_TEST(reading_ends_where_it_is_told_to)
{
	struct reading g = { .stop_at = 2 };

	reading_rows(&g, import_wonde_pupils, "[{},{},{}]", 10);
	ck_assert_int_eq(g.err, ERR_NONE);
	ck_assert_int_eq(g.count, 2);
	reading_end(&g);
	reading_marks(&g, import_wonde_marks, "[{},{},{}]", 10);
	ck_assert_int_eq(g.count, 2);
	reading_end(&g);
}
END_TEST

Suite *wonde_suite(void)
{
	Suite *suite = suite_create("wonde");
	TCase *tests = tcase_create("wonde");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, students_become_rows_of_pupils, 0, COUNT(students));
	tcase_add_loop_test(tests, contacts_become_a_row_for_each_of_their_pupils, 0, COUNT(contacts));
	tcase_add_loop_test(tests, session_attendance_becomes_marks, 0, COUNT(attendance));
	tcase_add_loop_test(tests, a_bad_page_is_refused_with_its_reason, 0, COUNT(bad));
	tcase_add_test(tests, a_page_cut_short_anywhere_is_refused);
	tcase_add_test(tests, a_sender_that_breaks_off_gives_no_page);
	tcase_add_test(tests, a_page_has_limits);
	tcase_add_test(tests, reading_ends_where_it_is_told_to);
	suite_add_tcase(suite, tests);
	return suite;
}
