/* Pupils of a Common Transfer File who are rejected while the others of it are taken. */
#include <malloc.h>
#include <string.h>

#include "fake_gateway.h"
#include "reading.h"
#include "register/import_ctf.h"
#include "suites.h"

#define FILE_OF(pupils) "<CTfile><CTFpupilData>\n" pupils "</CTFpupilData></CTfile>"
#define GOOD(name)      "<Pupil><UPN>" name "</UPN>" MARKS("/") "</Pupil>\n"
#define MARKS(marks)    "<Attendance><YearData>" SESSIONS("<AttendanceMarks>" marks "</AttendanceMarks>") \
			"</YearData></Attendance>"
#define SESSIONS(inner) "<AttendSessions><AttendanceStartDate>2026-03-02</AttendanceStartDate>" inner "</AttendSessions>"
#define YEAR(inner)     "<Attendance><YearData>" inner "</YearData></Attendance>"

/* What stands in the pupil between two good ones; "": this is nothing wrong. */
static const struct {
	const char *pupil, *problems, *mark;
} pupils[] = {
	{ "<UPN>X</UPN>\n<UPN>Y</UPN>" MARKS("/"),
	  "[{\"field\":\"upn\",\"detail\":\"is given twice\"}]", "4 - X - - - - - - [upn is given twice]\n" },
	{ "<Surname>X</Surname><Surname>X</Surname><Forename/><DOB/><Forename/><DOB/>",
	  "[{\"field\":\"family_name\",\"detail\":\"is given twice\"},{\"field\":\"given_name\",\"detail\":\"is given twice\"},"
	  "{\"field\":\"date_of_birth\",\"detail\":\"is given twice\"}]", "" },
	{ "<SchoolHistory><School><LEA>1</LEA><LEA>2</LEA></School><School><EntryDate/><EntryDate/></School></SchoolHistory>",
	  "[{\"detail\":\"the LEA of a School is given twice\"},{\"field\":\"admitted_on\",\"detail\":\"is given twice\"}]", "" },
	{ "<Address><PostCode>A</PostCode><Postcode>B</Postcode></Address>",
	  "[{\"field\":\"postcode\",\"detail\":\"is given twice\"}]", "" },
	{ YEAR("<LEA/><LEA/>" SESSIONS("<AttendanceMarks/>")), "[]", "3 - - - - - - - - [school_urn is given twice]\n" },
	{ YEAR(SESSIONS("<AttendanceStartDate/>") SESSIONS("<AttendanceMarks/>\n<AttendanceMarks>/</AttendanceMarks>")), "[]",
	  "3 - - - - - - - - [date is given twice]\n" },
	{ YEAR(SESSIONS("<AttendanceMarks/>\n<AttendanceMarks>/</AttendanceMarks>")), "[]",
	  "4 - - - - - - - - [marks is given twice]\n" },
	/* one year in both of its places, or another in each: the first counts */
	{ "<NCyearActual>1</NCyearActual><BasicDetails><NCyearActual>1</NCyearActual></BasicDetails>", "[]", "" },
	{ "<BasicDetails><NCyearActual>2</NCyearActual></BasicDetails><NCyearActual>1</NCyearActual>", "[]", "" },
};

#define GOOD_MARK(line, name) line " - " name " - 2026-03-02 AM / - -\n"

START_TEST(a_pupil_with_a_problem_is_rejected_alone)
{
	struct arena  *a = arena_new();
	const char    *text = arena_printf(a, FILE_OF(GOOD("A") "<Pupil>%s</Pupil>\n" GOOD("C")), pupils[_i].pupil);
	const int      lines = strchr(pupils[_i].pupil, '\n') ? 1 : 0;
	struct reading g = { 0 };

	reading_rows(&g, import_ctf_pupils, text, strlen(text));
	ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_int_eq(g.count, 3);
	ck_assert_int_eq(strncmp(g.said, "2 {\"upn\":\"A\"} []\n3 {", 20), 0);
	ck_assert_msg(strstr(g.said, arena_printf(a, "} %s\n", pupils[_i].problems)) != NULL, "%s", g.said);
	ck_assert_ptr_nonnull(strstr(g.said, " {\"upn\":\"C\"} []\n"));
	reading_end(&g);
	reading_marks(&g, import_ctf_marks, text, strlen(text));
	ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_str_eq(g.said, arena_printf(a, GOOD_MARK("2", "A") "%s" GOOD_MARK("%d", "C"), pupils[_i].mark, 4 + lines));
	reading_end(&g);
	arena_free(a);
}
END_TEST

START_TEST(the_first_year_that_a_file_gives_counts)
{
	static const char text[] = FILE_OF("<Pupil><BasicDetails><NCyearActual>2</NCyearActual></BasicDetails>"
					   "<NCyearActual>1</NCyearActual></Pupil>");
	struct reading    g = { 0 };

	reading_rows(&g, import_ctf_pupils, text, strlen(text));
	ck_assert_str_eq(g.said, "2 {\"year_group\":\"2\"} []\n");
	reading_end(&g);
}
END_TEST

#define SESSION_HEAD "<AttendSessions><AttendanceStartDate>2025-09-01</AttendanceStartDate><AttendanceMarks>"
#define SESSION_TAIL "</AttendanceMarks></AttendSessions>"

#define SESSION "<AttendSessions><AttendanceMarks>/</AttendanceMarks></AttendSessions>"

/* What a pupil may have this often, and no oftener. */
static const struct {
	const char *head, *thing;
	size_t      times;
	const char *tail, *rows, *marks; /* how the problem ends of who has more; "": nobody minds */
} sizes[] = {
	{ "", "<a/>", 50000, "", " [{\"detail\":\"has too many elements\"}]\n", " [- has too many elements]\n" },
	{ "<Attendance><YearData>", SESSION, 200, "</YearData></Attendance>", "", " [- has too many AttendSessions]\n" },
};

static void check_said(struct reading *g, const char *problem, bool is_problem)
{
	ck_assert_msg(g->err == ERR_NONE, "%s", g->request.detail);
	ck_assert_int_eq(strstr(g->said, "has too many") != NULL, is_problem && *problem);
	ck_assert(!is_problem || strstr(g->said, problem));
	reading_end(g);
}

START_TEST(a_pupil_of_too_much_is_rejected)
{
	for (size_t more = 0; more <= 1; more++) {
		struct arena  *a = arena_new();
		const char    *head = arena_printf(a, "<CTfile><CTFpupilData><Pupil>%s", sizes[_i].head);
		const char    *tail = arena_printf(a, "%s</Pupil></CTFpupilData></CTfile>", sizes[_i].tail);
		const char    *text = reading_repeated(a, head, sizes[_i].thing, sizes[_i].times + more, tail);
		struct reading g = { 0 };

		reading_rows(&g, import_ctf_pupils, text, strlen(text));
		check_said(&g, sizes[_i].rows, more);
		reading_marks(&g, import_ctf_marks, text, strlen(text));
		check_said(&g, sizes[_i].marks, more);
		arena_free(a);
	}
}
END_TEST

#define X100  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X500  X100 X100 X100 X100 X100
#define X513  X500 "xxxxxxxxxxxxx"
#define X2000 X500 X500 X500 X500
#define LONG(field, before) "[{" field "\"detail\":\"" before "is too long\"}]\n"
#define FIELD(name) "\"field\":\"" name "\","

static const struct {
	const char *pupil, *row, *mark;
} too_long[] = {
	{ "<Surname>\n " X500 "xxxxxxxxxxxx \n</Surname>", "[]\n", "" },
	{ "<Surname>" X513 "</Surname>", LONG(FIELD("family_name"), ""), "" },
	{ "<Address><AddressLine1>" X2000 "</AddressLine1><County>xxxxx</County></Address>", "[]\n", "" },
	{ "<Address><AddressLine1>" X2000 "</AddressLine1><County>" X100 "</County></Address>", LONG(FIELD("address"), ""), "" },
	{ "<Address/><Address><AddressLine1>" X2000 X2000 "</AddressLine1></Address>", "[]\n", "" },
	{ "<SchoolHistory><School><LEA>" X513 "</LEA></School></SchoolHistory>", LONG("", "the LEA of a School "), "" },
	{ YEAR("<AttendSessions><AttendanceStartDate>" X513 "</AttendanceStartDate></AttendSessions>"), "[]\n",
	  "1 - - - - - - - - [date is too long]\n" },
	{ YEAR("<Estab>" X513 "</Estab>"), "[]\n", "1 - - - - - - - - [school_urn is too long]\n" },
};

START_TEST(a_text_that_no_row_may_have_is_a_problem_of_its_pupil)
{
	struct arena  *a = arena_new();
	const char    *text = arena_printf(a, "<CTfile><CTFpupilData><Pupil>%s</Pupil></CTFpupilData></CTfile>",
					   too_long[_i].pupil);
	struct reading g = { 0 };

	reading_rows(&g, import_ctf_pupils, text, strlen(text));
	ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_ptr_nonnull(strstr(g.said, too_long[_i].row));
	reading_end(&g);
	reading_marks(&g, import_ctf_marks, text, strlen(text));
	ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_str_eq(g.said, too_long[_i].mark);
	reading_end(&g);
	arena_free(a);
}
END_TEST

START_TEST(a_school_of_a_header_that_is_too_long_is_a_bad_file)
{
	static const char text[] = "<CTfile><Header><SourceSchool>\n<LEA>" X513 "</LEA></SourceSchool></Header></CTfile>";
	struct reading    g = { 0 };

	reading_rows(&g, import_ctf_pupils, text, strlen(text));
	ck_assert_int_eq(g.err, ERR_MALFORMED);
	ck_assert_str_eq(g.request.detail, "Line 2: LEA is too long; nothing was stored.");
	reading_end(&g);
}
END_TEST

/* A pupil of some 16 MB, of whom little may be kept: 1,000 long texts, or, where they have one of their own, many short. */
static const struct {
	const char *head, *before, *after, *tail, *text;
} huge[] = {
	{ "<Address>", "<AddressLine1>", "</AddressLine1>", "</Address>", NULL },
	{ "<Address>", "<AddressLine1> <x>", "</x> </AddressLine1>", "</Address>", NULL },
	{ "<Address/>", "<Address><AddressLine1>", "</AddressLine1></Address>", "", NULL },
	{ "", "<Surname>", "</Surname>", "", NULL },
	{ "", "<Unknown>", "</Unknown>", "", NULL },
	{ "<SchoolHistory>", "<School><EntryDate>", "</EntryDate></School>", "</SchoolHistory>", NULL },
	{ "<Attendance>", "<YearData><Estab>", "</Estab></YearData>", "</Attendance>", NULL },
	{ "<Attendance><YearData>", "<AttendSessions><AttendanceStartDate>", "</AttendanceStartDate></AttendSessions>",
	  "</YearData></Attendance>", NULL },
	{ "<Attendance><YearData>", "<AttendSessions><AttendanceMarks>", "</AttendanceMarks></AttendSessions>",
	  "</YearData></Attendance>", NULL },
	{ "<Attendance><YearData><AttendSessions>", "<AttendanceMarks>", "</AttendanceMarks>",
	  "</AttendSessions></YearData></Attendance>", NULL },
	{ "<Attendance><YearData>", "<AttendSessions><AttendanceMarks>", "</AttendanceMarks></AttendSessions>",
	  "</YearData></Attendance>", "/" },
	{ "<Attendance>", "<YearData><LEA>8</LEA><Estab>4</Estab><AttendSessions><AttendanceMarks>",
	  "</AttendanceMarks></AttendSessions></YearData>", "</Attendance>", "" },
	{ "<Address>", "<AddressLine1>", "</AddressLine1>", "</Address>", "x" },
	{ "", "<Surname>", "</Surname>", "", "x" },
};

struct held {
	size_t before, at; /* bytes of memory; at: most of them while the pupil is handed over */
};

static size_t bytes_of_memory(void)
{
	const struct mallinfo2 now = mallinfo2();

	return now.uordblks + now.hblkhd;
}

static bool hold_row(void *ctx, struct import_row *row)
{
	struct held *held = ctx;

	(void)row;
	if (held->at < bytes_of_memory())
		held->at = bytes_of_memory();
	return true;
}

static bool hold_mark(void *ctx, const struct mark *mark)
{
	(void)mark;
	return hold_row(ctx, NULL);
}

static const char *huge_pupil(struct arena *a, int i)
{
	const char *own = huge[i].text, *text = reading_repeated(a, huge[i].before, own ? own : X2000, own ? 1 : 8, huge[i].after);

	return reading_repeated(a, arena_printf(a, "<CTfile><CTFpupilData><Pupil>%s", huge[i].head), text, own ? 200000 : 1000,
				arena_printf(a, "%s" MARKS("/") "</Pupil></CTFpupilData></CTfile>", huge[i].tail));
}

START_TEST(of_a_huge_pupil_little_is_kept)
{
	enum { LITTLE = 1024 * 1024 };
	struct arena *a = arena_new();
	const char   *text = huge_pupil(a, _i);

	for (int marks = 0; marks <= 1; marks++) {
		struct request r = { .arena = arena_new(), .content_length = strlen(text) };
		struct held    held = { .before = bytes_of_memory() };

		fake_gateway_set(NULL, text, strlen(text));
		if (marks)
			ck_assert_int_eq(import_ctf_marks(&r, reading_body(&r), NULL, hold_mark, &held), ERR_NONE);
		else
			ck_assert_int_eq(import_ctf_pupils(&r, reading_body(&r), NULL, hold_row, &held), ERR_NONE);
		ck_assert_uint_le(held.at, held.before + LITTLE);
		ck_assert_uint_le(bytes_of_memory(), held.before + LITTLE);
		arena_free(r.arena);
	}
	arena_free(a);
}
END_TEST

START_TEST(marks_have_room_for_all_the_years_at_school)
{
	struct arena  *a = arena_new();
	const char    *year = reading_repeated(a, SESSION_HEAD, "C1", 2 * 366, SESSION_TAIL);
	const char    *text = reading_repeated(a, "<CTfile><CTFpupilData><Pupil><Attendance><YearData>", year, 15,
					       "</YearData></Attendance></Pupil></CTFpupilData></CTfile>");
	struct reading g = { 0 };

	reading_marks(&g, import_ctf_marks, text, strlen(text));
	ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
	ck_assert_ptr_null(strstr(g.said, " ["));
	ck_assert_int_eq(g.count, 15 * 2 * 366);
	reading_end(&g);
	arena_free(a);
}
END_TEST

Suite *ctf_pupil_suite(void)
{
	Suite *suite = suite_create("ctf_pupil");
	TCase *tests = tcase_create("ctf_pupil");

	tcase_add_loop_test(tests, a_pupil_with_a_problem_is_rejected_alone, 0, COUNT(pupils));
	tcase_add_test(tests, the_first_year_that_a_file_gives_counts);
	tcase_add_loop_test(tests, a_pupil_of_too_much_is_rejected, 0, COUNT(sizes));
	tcase_add_loop_test(tests, a_text_that_no_row_may_have_is_a_problem_of_its_pupil, 0, COUNT(too_long));
	tcase_add_test(tests, a_school_of_a_header_that_is_too_long_is_a_bad_file);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, of_a_huge_pupil_little_is_kept, 0, COUNT(huge));
	tcase_add_test(tests, marks_have_room_for_all_the_years_at_school);
	suite_add_tcase(suite, tests);
	return suite;
}
