/* Pupils of a Common Transfer File who are rejected while the others of it are taken. */
#include <string.h>

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

Suite *ctf_pupil_suite(void)
{
	Suite *suite = suite_create("ctf_pupil");
	TCase *tests = tcase_create("ctf_pupil");

	tcase_add_loop_test(tests, a_pupil_with_a_problem_is_rejected_alone, 0, COUNT(pupils));
	tcase_add_test(tests, the_first_year_that_a_file_gives_counts);
	tcase_add_loop_test(tests, a_pupil_of_too_much_is_rejected, 0, COUNT(sizes));
	suite_add_tcase(suite, tests);
	return suite;
}
