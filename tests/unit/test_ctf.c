/* Common Transfer Files that are good. */
#include <string.h>

#include "reading.h"
#include "register/import_ctf.h"
#include "register/year_group.h"
#include "suites.h"

#define HEADER                                                                                                  \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                          \
	"<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>\n"      \
	"<SourceSchool><LEA>801</LEA><Estab>4001</Estab><SchoolName>A</SchoolName></SourceSchool>\n"            \
	"<DestSchool><LEA>802</LEA><Estab>4002</Estab></DestSchool></Header>\n"
#define PUPILS(pupils) HEADER "<CTFpupilData>\n" pupils "</CTFpupilData></CTfile>\n"
#define PUPIL(more)    PUPILS("<Pupil><UPN>B801200005001</UPN>" more "</Pupil>")

static const struct {
	const char *text, *said;
} files[] = {
	/* a pupil with all that is read, and much that is not */
	{ PUPILS("<Pupil>\n<ApplicationReference>1</ApplicationReference><UPN> B801200005001\n</UPN>\n"
		 "<FormerUPN>A1</FormerUPN><Surname>O&apos;Brien &amp; Sm&#xEF;th</Surname><Forename>Zo\xc3\xab</Forename>"
		 "<DOB>2014-03-02</DOB><Gender>F</Gender>"
		 "<BasicDetails><NCyearActual>07</NCyearActual><Languages><Type><Language>ENG</Language></Type></Languages>"
		 "</BasicDetails>"
		 "<Address><BS7666Address><SAON>Flat 2</SAON><PAON>12</PAON><Street>High Street</Street>"
		 "<Town>Bristol</Town></BS7666Address><PostCode>BS1 1AA</PostCode></Address>"
		 "<Address><AddressLines><AddressLine1>Elsewhere</AddressLine1></AddressLines></Address>"
		 "<Contacts><Contact><Surname>X</Surname><Address><PostCode>ZZ9</PostCode></Address></Contact></Contacts>"
		 "<SchoolHistory>"
		 "<School><LEA>801</LEA><Estab>4001</Estab><EntryDate>2025-09-01</EntryDate></School>"
		 "<School><LEA>801</LEA><Estab>4001</Estab><EntryDate>2020-09-01</EntryDate>"
		 "<LeavingDate>2021-07-20</LeavingDate></School>"
		 "<School><LEA>802</LEA><Estab>4002</Estab><EntryDate>2026-01-05</EntryDate></School>"
		 "</SchoolHistory></Pupil>\n"),
	  "6 {\"upn\":\"B801200005001\",\"laestab\":\"801\\/4001\",\"given_name\":\"Zo\xc3\xab\","
	  "\"family_name\":\"O'Brien & Sm\xc3\xafth\",\"date_of_birth\":\"2014-03-02\",\"year_group\":\"7\","
	  "\"admitted_on\":\"2025-09-01\",\"address\":\"Flat 2\\n12 High Street\\nBristol\",\"postcode\":\"BS1 1AA\"} []\n" },
	/* what is empty is said to be so; what is not there is not said */
	{ PUPIL("<Surname/><Forename> </Forename><Address></Address>"
		"<SchoolHistory><School><EntryDate>2025-09-01</EntryDate><LeavingDate/></School></SchoolHistory>"),
	  "6 {\"upn\":\"B801200005001\",\"laestab\":\"801\\/4001\",\"given_name\":null,\"family_name\":null,"
	  "\"admitted_on\":\"2025-09-01\",\"left_on\":null,\"address\":null} []\n" },
	/* nobody */
	{ PUPILS(""), "" },
	{ HEADER "<CTFpupilData/></CTfile>", "" },
	/* text in pieces */
	{ PUPILS("<Pupil><UPN>B8<![CDATA[012]]><!-- x --><?y z?>00005001</UPN></Pupil>"),
	  "6 {\"upn\":\"B801200005001\",\"laestab\":\"801\\/4001\"} []\n" },
	/* lines of an address that are no BS 7666 */
	{ PUPIL("<Address><AddressLines><AddressLine1>1 A</AddressLine1><AddressLine2/><AddressLine3>B</AddressLine3>"
		"</AddressLines><Postcode/></Address>"),
	  "6 {\"upn\":\"B801200005001\",\"laestab\":\"801\\/4001\",\"address\":\"1 A\\nB\",\"postcode\":null} []\n" },
	/* no school in the file: the caller's */
	{ "<CTfile><CTFpupilData><Pupil><UPN>X</UPN></Pupil></CTFpupilData></CTfile>",
	  "1 {\"upn\":\"X\",\"school_urn\":900001} []\n" },
	/* namespaces, prefixes, attributes */
	{ "<c:CTfile xmlns:c=\"urn:x\" a=\"1\"><c:CTFpupilData><c:Pupil><c:UPN b=\"2\">X</c:UPN></c:Pupil>"
	  "</c:CTFpupilData></c:CTfile>", "1 {\"upn\":\"X\",\"school_urn\":900001} []\n" },
	/* other encodings */
	{ "\xef\xbb\xbf<CTfile><CTFpupilData><Pupil><UPN>X</UPN></Pupil></CTFpupilData></CTfile>",
	  "1 {\"upn\":\"X\",\"school_urn\":900001} []\n" },
	{ "<?xml version='1.0' encoding='windows-1252' standalone='yes'?><CTfile><CTFpupilData><Pupil><Surname>O\x92"
	  "Neill</Surname></Pupil></CTFpupilData></CTfile>",
	  "1 {\"school_urn\":900001,\"family_name\":\"O\xe2\x80\x99Neill\"} []\n" },
	{ "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><CTfile><CTFpupilData><Pupil><Surname>Zo\xeb</Surname></Pupil>"
	  "</CTFpupilData></CTfile>", "1 {\"school_urn\":900001,\"family_name\":\"Zo\xc3\xab\"} []\n" },
};

START_TEST(pupils_of_a_good_file_become_rows)
{
	for (size_t piece = 0; piece <= 7; piece++) {
		struct reading g = { .school_urn = "900001", .piece = piece };

		reading_rows(&g, import_ctf_pupils, files[_i].text, strlen(files[_i].text));
		ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
		ck_assert_str_eq(g.said, files[_i].said);
		reading_end(&g);
	}
}
END_TEST

#define YEAR(inner) "<Attendance><YearData><Year>2025</Year>" inner "</YearData></Attendance>"
#define SESSIONS(date, marks)                                                                                   \
	"<AttendSessions><AttendanceStartDate>" date "</AttendanceStartDate>"                                   \
	"<AttendanceMarks>" marks "</AttendanceMarks></AttendSessions>"
#define WHO " 801/4001 B801200005001 - "

static const struct {
	const char *text, *said;
} registers[] = {
	/* from a Thursday over a weekend; both slashes, an empty session, one that was not taken */
	{ PUPIL(YEAR(SESSIONS("2026-03-05", "/\\L-####I "))),
	  "6" WHO "2026-03-05 AM / - -\n6" WHO "2026-03-05 PM \\ - -\n6" WHO "2026-03-06 AM L - -\n"
	  "6" WHO "2026-03-06 PM - - -\n6" WHO "2026-03-09 AM I - -\n6" WHO "2026-03-09 PM \"\" - -\n" },
	/* what is no weekend's is handed over */
	{ PUPIL(YEAR(SESSIONS("2026-03-07", "# /\\"))),
	  "6" WHO "2026-03-08 AM / - -\n6" WHO "2026-03-08 PM \\ - -\n" },
	/* a planned closure on a Monday; half a day; a leap day */
	{ PUPIL(YEAR(SESSIONS("2024-02-28", "##/\\/"))),
	  "6" WHO "2024-02-28 AM # - -\n6" WHO "2024-02-28 PM # - -\n6" WHO "2024-02-29 AM / - -\n"
	  "6" WHO "2024-02-29 PM \\ - -\n6" WHO "2024-03-01 AM / - -\n" },
	/* codes of two characters */
	{ PUPIL(YEAR(SESSIONS("2026-03-02", "C1Y4CY/C2"))),
	  "6" WHO "2026-03-02 AM C1 - -\n6" WHO "2026-03-02 PM Y4 - -\n6" WHO "2026-03-03 AM C - -\n"
	  "6" WHO "2026-03-03 PM Y - -\n6" WHO "2026-03-04 AM / - -\n6" WHO "2026-03-04 PM C2 - -\n" },
	/* indentation, and blanks that are marks; a letter of two bytes is one mark */
	{ PUPIL(YEAR(SESSIONS("2026-03-02", "\n  /\\  \n  "))), "6" WHO "2026-03-02 AM / - -\n6" WHO "2026-03-02 PM \\ - -\n" },
	{ PUPIL(YEAR(SESSIONS("2026-03-02", " \\"))), "6" WHO "2026-03-02 AM \"\" - -\n6" WHO "2026-03-02 PM \\ - -\n" },
	{ PUPIL(YEAR(SESSIONS("2026-03-02", "\xc3\xa9\\"))), "6" WHO "2026-03-02 AM \xc3\xa9 - -\n6" WHO "2026-03-02 PM \\ - -\n" },
	/* another school's year, wherever that is said; two strings in a year */
	{ PUPIL(YEAR("<LEA>802</LEA>" SESSIONS("2026-03-02", "/") SESSIONS("2026-03-03", "\\") "<Estab>4009</Estab>")),
	  "6 802/4009 B801200005001 - 2026-03-02 AM / - -\n6 802/4009 B801200005001 - 2026-03-03 AM \\ - -\n" },
	/* the pupil's number after the marks, or none */
	{ PUPILS("<Pupil>" YEAR(SESSIONS("2026-03-02", "/")) "<UPN/></Pupil>"), "6 801/4001 \"\" - 2026-03-02 AM / - -\n" },
	{ PUPILS("<Pupil>" YEAR(SESSIONS("2026-03-02", "/")) "</Pupil>"), "6 801/4001 - - 2026-03-02 AM / - -\n" },
	/* no day to begin with: said once */
	{ PUPIL(YEAR(SESSIONS("2026-02-30", "/\\"))), "6" WHO "2026-02-30 - - - -\n" },
	{ PUPIL(YEAR(SESSIONS("", "/\\"))), "6" WHO "\"\" - - - -\n" },
	{ PUPIL(YEAR("<AttendSessions><AttendanceMarks>/</AttendanceMarks></AttendSessions>")), "6" WHO "- - - - -\n" },
	/* no marks */
	{ PUPIL(YEAR(SESSIONS("2026-03-02", ""))), "" },
	{ PUPIL(YEAR(SESSIONS("2026-03-02", "\n"))), "" },
	{ PUPIL(YEAR("<SessionsPossible>380</SessionsPossible>")), "" },
};

START_TEST(marks_of_a_good_file_become_marks)
{
	for (size_t piece = 0; piece <= 7; piece++) {
		struct reading g = { .piece = piece };

		reading_marks(&g, import_ctf_marks, registers[_i].text, strlen(registers[_i].text));
		ck_assert_msg(g.err == ERR_NONE, "%s", g.request.detail);
		ck_assert_str_eq(g.said, registers[_i].said);
		reading_end(&g);
	}
}
END_TEST

START_TEST(reading_ends_where_it_is_told_to)
{
	static const char pupils[] = PUPILS("<Pupil/><Pupil/><Pupil/>");
	static const char marks[] = PUPIL(YEAR(SESSIONS("2026-03-02", "/\\/\\/\\")));
	struct reading    g = { .stop_at = 2 };

	reading_rows(&g, import_ctf_pupils, pupils, strlen(pupils));
	ck_assert_int_eq(g.err, ERR_NONE);
	ck_assert_int_eq(g.count, 2);
	reading_end(&g);
	reading_marks(&g, import_ctf_marks, marks, strlen(marks));
	ck_assert_int_eq(g.err, ERR_NONE);
	ck_assert_int_eq(g.count, 2);
	reading_end(&g);
}
END_TEST

START_TEST(each_row_has_the_line_of_its_element)
{
	static const char text[] = PUPILS("<Pupil/>\n\n<Pupil>\n</Pupil><Pupil/>");
	struct reading    g = { 0 };

	reading_rows(&g, import_ctf_pupils, text, strlen(text));
	ck_assert_ptr_nonnull(strstr(g.said, "6 {"));
	ck_assert_ptr_nonnull(strstr(g.said, "\n8 {"));
	ck_assert_ptr_nonnull(strstr(g.said, "\n9 {"));
	reading_end(&g);
}
END_TEST

static const struct {
	const char *said, *meant;
} years[] = {
	{ "7", "7" }, { "07", "7" }, { "Year 7", "7" }, { "year 13", "13" }, { "Y1", "1" }, { "Yr 4", "4" },
	{ "R", "R" }, { "r", "R" }, { "Reception", "R" }, { "0", "R" }, { "00", "R" }, { "N1", "N1" }, { "n2", "N2" },
	{ "E1", "" }, { "X", "" }, { "M", "" }, { "14", "" }, { "", "" }, { "15", "15" }, { "Sixth", "Sixth" },
	{ "Year", "Year" }, { "Y", "Y" }, { "7A", "7A" },
};

START_TEST(years_are_read_as_files_say_them)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(year_group_read(a, years[_i].said), years[_i].meant);
	arena_free(a);
}
END_TEST

Suite *ctf_suite(void)
{
	Suite *suite = suite_create("ctf");
	TCase *tests = tcase_create("ctf");

	tcase_add_loop_test(tests, pupils_of_a_good_file_become_rows, 0, COUNT(files));
	tcase_add_loop_test(tests, marks_of_a_good_file_become_marks, 0, COUNT(registers));
	tcase_add_test(tests, reading_ends_where_it_is_told_to);
	tcase_add_test(tests, each_row_has_the_line_of_its_element);
	tcase_add_loop_test(tests, years_are_read_as_files_say_them, 0, COUNT(years));
	suite_add_tcase(suite, tests);
	return suite;
}
