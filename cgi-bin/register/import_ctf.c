#include "register/import_ctf.h"

#include <string.h>

#include "register/ctf_marks.h"
#include "register/import_object.h"
#include "register/import_xml.h"
#include "register/year_group.h"

/* Of one pupil. */
enum {
	SESSIONS_MAX = 200,     /* AttendSessions */
	ELEMENTS_MAX = 50000,
	VALUE_MAX = 512,        /* bytes; names may have 100 characters */
	ADDRESS_MAX = 2048,     /* bytes of all its lines, which may have 500 characters */
	KEPT_MAX = 128 * 1024,  /* bytes of marks: some times 15 years of two characters a mark */
};

enum value {
	HEADER_LEA, HEADER_ESTAB,
	UPN, SURNAME, FORENAME, BORN, YEAR, POSTCODE, ADDRESS_LINE, HOUSE, /* of a pupil */
	ADMITTED, LEFT,                                                    /* of the stay that counts */
	SCHOOL_LEA, SCHOOL_ESTAB, ENTRY, LEAVING,                          /* of a stay */
	YEAR_LEA, YEAR_ESTAB,                                              /* of a year's attendance */
	START, MARKS,                                                      /* of its sessions */
	VALUES
};

#define PUPIL      "CTfile/CTFpupilData/Pupil"
#define ADDRESS    PUPIL "/Address"
#define STAY       PUPIL "/SchoolHistory/School"
#define ATTENDANCE PUPIL "/Attendance/YearData"
#define SESSIONS   ATTENDANCE "/AttendSessions"

static const struct {
	const char *path;
	enum value  value;
} leaves[] = {
	{ "CTfile/Header/SourceSchool/LEA", HEADER_LEA },
	{ "CTfile/Header/SourceSchool/Estab", HEADER_ESTAB },
	{ PUPIL "/UPN", UPN },
	{ PUPIL "/Surname", SURNAME },
	{ PUPIL "/Forename", FORENAME },
	{ PUPIL "/DOB", BORN },
	{ PUPIL "/BasicDetails/NCyearActual", YEAR },
	{ PUPIL "/NCyearActual", YEAR },
	{ ADDRESS "/BS7666Address/SAON", ADDRESS_LINE },
	{ ADDRESS "/BS7666Address/PAON", HOUSE },
	{ ADDRESS "/BS7666Address/Street", ADDRESS_LINE },
	{ ADDRESS "/BS7666Address/Locality", ADDRESS_LINE },
	{ ADDRESS "/BS7666Address/Town", ADDRESS_LINE },
	{ ADDRESS "/BS7666Address/AdministrativeArea", ADDRESS_LINE },
	{ ADDRESS "/BS7666Address/PostTown", ADDRESS_LINE },
	{ ADDRESS "/AddressLines/AddressLine1", ADDRESS_LINE },
	{ ADDRESS "/AddressLines/AddressLine2", ADDRESS_LINE },
	{ ADDRESS "/AddressLines/AddressLine3", ADDRESS_LINE },
	{ ADDRESS "/AddressLines/AddressLine4", ADDRESS_LINE },
	{ ADDRESS "/AddressLines/AddressLine5", ADDRESS_LINE },
	{ ADDRESS "/AddressLine1", ADDRESS_LINE },
	{ ADDRESS "/AddressLine2", ADDRESS_LINE },
	{ ADDRESS "/AddressLine3", ADDRESS_LINE },
	{ ADDRESS "/AddressLine4", ADDRESS_LINE },
	{ ADDRESS "/AddressLine5", ADDRESS_LINE },
	{ ADDRESS "/County", ADDRESS_LINE },
	{ ADDRESS "/PostCode", POSTCODE },
	{ ADDRESS "/Postcode", POSTCODE },
	{ STAY "/LEA", SCHOOL_LEA },
	{ STAY "/Estab", SCHOOL_ESTAB },
	{ STAY "/EntryDate", ENTRY },
	{ STAY "/LeavingDate", LEAVING },
	{ ATTENDANCE "/LEA", YEAR_LEA },
	{ ATTENDANCE "/Estab", YEAR_ESTAB },
	{ SESSIONS "/AttendanceStartDate", START },
	{ SESSIONS "/AttendanceMarks", MARKS },
	{ NULL, VALUES }
};

struct sessions {
	struct sessions *next;
	long             line;
	const char      *school, *start, *marks;
};

struct ctf {
	struct request *request;
	const char     *school_urn;
	import_row_fn  *take_row;  /* one of these two */
	mark_fn        *take_mark;
	void           *ctx;
	enum err        err;
	bool            has_pupils, stopped;

	const char      *values[VALUES]; /* NULL: the file does not have it; but for MARKS, in the following */
	char             texts[VALUES][VALUE_MAX + 1];
	char             address[ADDRESS_MAX + 1];
	size_t           address_length, addresses;
	bool             after_house;
	struct arena    *pupil;          /* what else is kept while its element is open; NULL when none is */
	size_t           session_count, elements, kept;
	long             marks_line;
	struct sessions *first, *last, *of_year;

	/* What is wrong with the pupil: with each value, with all of it; line: of the first, 0 when nothing is. */
	const char *wrong[VALUES], *wrong_whole;
	long        wrong_line;
};

/* The fields of rows and marks that the values become; what stands before the problem where it is none of one field. */
static const struct {
	const char *field, *before;
} fields[VALUES] = {
	[UPN] = { "upn", "" }, [SURNAME] = { "family_name", "" }, [FORENAME] = { "given_name", "" },
	[BORN] = { "date_of_birth", "" }, [YEAR] = { "year_group", "" }, [POSTCODE] = { "postcode", "" },
	[ADDRESS_LINE] = { "address", "" }, [HOUSE] = { "address", "" },
	[SCHOOL_LEA] = { NULL, "the LEA of a School " }, [SCHOOL_ESTAB] = { NULL, "the Estab of a School " },
	[ENTRY] = { "admitted_on", "" }, [LEAVING] = { "left_on", "" },
	[YEAR_LEA] = { "school_urn", "" }, [YEAR_ESTAB] = { "school_urn", "" },
	[START] = { "date", "" }, [MARKS] = { "marks", "" },
};

static bool fail(struct ctf *c, long line, const char *why)
{
	c->err = request_fail(c->request, ERR_MALFORMED, "Line %ld: %s; nothing was stored.", line, why);
	return false;
}

/* The pupil is rejected, and the file goes on. */
static void wrong_whole(struct ctf *c, long line, const char *why)
{
	c->wrong_whole = c->wrong_whole ? c->wrong_whole : why;
	c->wrong_line = c->wrong_line ? c->wrong_line : line;
}

/* The same for one value; false where it is none of a pupil. */
static bool wrong(struct ctf *c, enum value value, const char *path, long line, const char *why)
{
	if (value <= HEADER_ESTAB)
		return fail(c, line, arena_printf(c->request->arena, "%s %s", strrchr(path, '/') + 1, why));
	c->wrong[value] = c->wrong[value] ? c->wrong[value] : why;
	c->wrong_line = c->wrong_line ? c->wrong_line : line;
	return true;
}

/* The text without the blanks around it, which is so long. */
static const char *trimmed(const char *text, size_t *ret_length)
{
	text += strspn(text, " \t\r\n");
	*ret_length = strlen(text);
	while (*ret_length > 0 && strchr(" \t\r\n", text[*ret_length - 1]))
		--*ret_length;
	return text;
}

/* length: at most VALUE_MAX. */
static void set(struct ctf *c, enum value value, const char *text, size_t length)
{
	memcpy(c->texts[value], text, length);
	c->texts[value][length] = '\0';
	c->values[value] = c->texts[value];
}

static void clear(struct ctf *c, enum value first, enum value last)
{
	for (enum value v = first; v <= last; v++)
		c->values[v] = NULL;
}

/* "801/4001"; NULL when one of the two is missing. */
static const char *laestab(const struct ctf *c, struct arena *a, enum value lea, enum value estab)
{
	const char *const x = c->values[lea], *const y = c->values[estab];

	return x && y && *x && *y ? arena_printf(a, "%s/%s", x, y) : NULL;
}

/* Elements as they begin. */

static void begin_pupil(struct ctf *c)
{
	c->pupil = arena_new();
	clear(c, UPN, MARKS);
	c->address_length = c->addresses = c->session_count = c->elements = c->kept = 0;
	c->first = c->last = c->of_year = NULL;
	memset(c->wrong, 0, sizeof(c->wrong));
	c->wrong_whole = NULL;
	c->wrong_line = 0;
}

static bool on_begin(void *ctx, const char *path, long line)
{
	struct ctf *c = ctx;

	if (!strchr(path, '/') && strcmp(path, "CTfile") != 0)
		return fail(c, line, "the file is no CTF, whose first element is CTfile");
	if (c->pupil && ++c->elements > ELEMENTS_MAX)
		wrong_whole(c, line, "has too many elements");
	if (strcmp(path, "CTfile/CTFpupilData") == 0)
		c->has_pupils = true;
	else if (strcmp(path, PUPIL) == 0)
		begin_pupil(c);
	else if (strcmp(path, ADDRESS) == 0)
		c->addresses++;
	else if (strcmp(path, STAY) == 0)
		clear(c, SCHOOL_LEA, LEAVING);
	else if (strcmp(path, ATTENDANCE) == 0)
		clear(c, YEAR_LEA, MARKS);
	else if (strcmp(path, SESSIONS) == 0)
		clear(c, START, MARKS);
	return true;
}

/* Elements as they end. */

/* PAON is the number or name of a house: it stands before its street. */
static bool add_address(struct ctf *c, const char *text, size_t length, bool house)
{
	const size_t between = c->address_length > 0;

	if (length == 0)
		return true;
	if (length > ADDRESS_MAX - between - c->address_length)
		return false;
	if (between)
		c->address[c->address_length++] = c->after_house ? ' ' : '\n';
	memcpy(c->address + c->address_length, text, length);
	c->address_length += length;
	c->address[c->address_length] = '\0';
	c->after_house = house;
	return true;
}

static bool is_of_address(enum value value)
{
	return value == POSTCODE || value == ADDRESS_LINE || value == HOUSE;
}

/* Whether it becomes something in what is read for: nothing else of a pupil makes it a bad one. */
static bool concerns(const struct ctf *c, enum value value)
{
	return value <= UPN || (c->take_row ? value <= LEAVING : value > LEAVING);
}

/* A copy of the text, as far as so much may be kept of the pupil; nothing more of one with a problem. */
static const char *keep(struct ctf *c, const char *text, long line)
{
	const size_t size = strlen(text) + 1;

	if (!c->wrong_line && size > KEPT_MAX - c->kept)
		wrong_whole(c, line, "has too many marks");
	if (c->wrong_line)
		return NULL;
	c->kept += size;
	return arena_strndup(c->pupil, text, size - 1);
}

static bool take_value(struct ctf *c, enum value value, const char *path, const char *text, long line)
{
	size_t length;

	if (!concerns(c, value) || (is_of_address(value) && c->addresses > 1))
		return true;
	if (c->values[value]) /* of the two places of a YEAR the first counts */
		return value == YEAR || wrong(c, value, path, line, "is given twice");
	if (value == MARKS) {
		c->marks_line = line;
		c->values[MARKS] = keep(c, text, line);
		return true;
	}
	text = trimmed(text, &length);
	if (value == ADDRESS_LINE || value == HOUSE)
		return add_address(c, text, length, value == HOUSE) || wrong(c, value, path, line, "is too long");
	if (length > VALUE_MAX)
		return wrong(c, value, path, line, "is too long");
	set(c, value, text, length);
	return true;
}

static bool same(const char *x, const char *y)
{
	return x && y && strcmp(x, y) == 0;
}

static void copy(struct ctf *c, enum value to, enum value from)
{
	if (c->values[from])
		set(c, to, c->values[from], strlen(c->values[from]));
	else
		c->values[to] = NULL;
}

static void end_stay(struct ctf *c)
{
	const char *const entry = c->values[ENTRY];
	const bool        unnamed = !c->values[SCHOOL_LEA] && !c->values[SCHOOL_ESTAB];

	if (!unnamed && !(same(c->values[SCHOOL_LEA], c->values[HEADER_LEA]) &&
			  same(c->values[SCHOOL_ESTAB], c->values[HEADER_ESTAB])))
		return;
	if (c->values[ADMITTED] && (!entry || strcmp(entry, c->values[ADMITTED]) < 0))
		return;
	copy(c, ADMITTED, ENTRY);
	copy(c, LEFT, LEAVING);
}

static void end_sessions(struct ctf *c, long line)
{
	const char *const start = c->values[START];
	struct sessions  *s;

	if (!c->values[MARKS])
		return;
	if (++c->session_count > SESSIONS_MAX) {
		wrong_whole(c, line, "has too many AttendSessions");
		return;
	}
	s = arena_alloc(c->pupil, sizeof(*s));
	s->line = c->marks_line;
	s->start = start ? keep(c, start, line) : NULL;
	s->marks = c->values[MARKS];
	if (c->last)
		c->last->next = s;
	else
		c->first = s;
	c->last = s;
	c->of_year = c->of_year ? c->of_year : s;
}

static void end_year(struct ctf *c)
{
	const char *const school = c->of_year ? laestab(c, c->pupil, YEAR_LEA, YEAR_ESTAB) : NULL;

	for (struct sessions *s = c->of_year; s; s = s->next)
		s->school = school;
	c->of_year = NULL;
}

/* Of one value; NULL when nothing is wrong with it. */
static const char *problem_of(const struct ctf *c, enum value value)
{
	return c->wrong[value] ? arena_printf(c->pupil, "%s%s", fields[value].before, c->wrong[value]) : NULL;
}

static void add_problems(const struct ctf *c, struct import_row *row)
{
	if (c->wrong_whole)
		import_row_problem(row, NULL, c->wrong_whole);
	for (enum value v = UPN; v < VALUES; v++)
		if (c->wrong[v])
			import_row_problem(row, fields[v].field, problem_of(c, v));
}

static bool give_row(struct ctf *c, const char *school, long line)
{
	const char *const   year = c->values[YEAR];
	struct import_object o;

	import_object_begin(&o, line);
	add_problems(c, &o.row);
	import_object_text(&o, "upn", c->values[UPN]);
	import_object_text(&o, "laestab", school);
	if (!school)
		import_object_number(&o, "school_urn", c->school_urn);
	import_object_text(&o, "given_name", c->values[FORENAME]);
	import_object_text(&o, "family_name", c->values[SURNAME]);
	import_object_text(&o, "date_of_birth", c->values[BORN]);
	import_object_text(&o, "year_group", year ? year_group_read(o.arena, year) : NULL);
	import_object_text(&o, "admitted_on", c->values[ADMITTED]);
	import_object_text(&o, "left_on", c->values[LEFT]);
	import_object_text(&o, "address", c->address_length > 0 ? c->address : c->addresses > 0 ? "" : NULL);
	import_object_text(&o, "postcode", c->values[POSTCODE]);
	return import_object_give(&o, c->take_row, c->ctx);
}

static bool give_marks(struct ctf *c, const char *school)
{
	for (const struct sessions *s = c->first; s; s = s->next) {
		const struct mark who = { .line = s->line, .upn = c->values[UPN],
					  .school_urn = s->school ? s->school : school ? school : c->school_urn };

		if (!ctf_marks_give(c->pupil, &who, s->start, s->marks, c->take_mark, c->ctx))
			return false;
	}
	return true;
}

/* Instead of all the marks of the pupil: the first problem. */
static bool give_problem(struct ctf *c, const char *school)
{
	struct mark mark = { .line = c->wrong_line, .upn = c->values[UPN], .school_urn = school ? school : c->school_urn,
			     .problem = c->wrong_whole };

	for (enum value v = UPN; v < VALUES && !mark.problem; v++) {
		mark.problem_field = fields[v].field;
		mark.problem = problem_of(c, v);
	}
	return c->take_mark(c->ctx, &mark);
}

static bool end_pupil(struct ctf *c, long line)
{
	const char *const school = laestab(c, c->pupil, HEADER_LEA, HEADER_ESTAB);

	if (c->take_row)
		c->stopped = !give_row(c, school, line);
	else
		c->stopped = !(c->wrong_line ? give_problem(c, school) : give_marks(c, school));
	arena_free(c->pupil);
	c->pupil = NULL;
	return !c->stopped;
}

static bool on_end(void *ctx, const char *path, const char *text, long line)
{
	struct ctf *c = ctx;

	for (size_t i = 0; leaves[i].path; i++)
		if (strcmp(leaves[i].path, path) == 0)
			return take_value(c, leaves[i].value, path, text, line);
	if (strcmp(path, PUPIL) == 0)
		return end_pupil(c, line);
	if (strcmp(path, STAY) == 0)
		end_stay(c);
	else if (strcmp(path, ATTENDANCE) == 0)
		end_year(c);
	else if (strcmp(path, SESSIONS) == 0)
		end_sessions(c, line);
	return true;
}

static enum err read_file(struct ctf *c, struct import_body *body)
{
	static const struct import_xml_events events = { on_begin, on_end };
	const enum err                        err = import_xml_read(c->request, body, &events, c);

	if (c->pupil)
		arena_free(c->pupil);
	if (err || c->err)
		return err ? err : c->err;
	if (!c->has_pupils && !c->stopped)
		return request_fail(c->request, ERR_MALFORMED, "The file has no CTFpupilData; nothing was stored.");
	return ERR_NONE;
}

enum err import_ctf_pupils(struct request *r, struct import_body *body, const char *school_urn, import_row_fn *take,
			   void *ctx)
{
	return read_file(&(struct ctf){ .request = r, .school_urn = school_urn, .take_row = take, .ctx = ctx }, body);
}

enum err import_ctf_marks(struct request *r, struct import_body *body, const char *school_urn, mark_fn *take,
			  void *ctx)
{
	return read_file(&(struct ctf){ .request = r, .school_urn = school_urn, .take_mark = take, .ctx = ctx }, body);
}
