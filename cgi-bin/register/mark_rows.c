#define _DEFAULT_SOURCE
#include "register/mark_rows.h"

#include <stdio.h>
#include <string.h>

#include "core/route.h"
#include "register/import_csv.h"
#include "register/import_ndjson.h"

enum { SESSIONS = 10 };

/* What a row says, by what it is called: the columns that both forms may have. */
struct named {
	const char *school_urn, *upn, *mis_id, *date, *session, *code, *minutes_late, *comment, *week, *marks;
	const char *sessions[SESSIONS];
	const char *problem_field, *problem;
};

static const char *const session_names[SESSIONS] = { "mon_am", "mon_pm", "tue_am", "tue_pm", "wed_am", "wed_pm",
						     "thu_am", "thu_pm", "fri_am", "fri_pm" };

/* Where the text of a column goes. */
static const char **place_of(struct named *row, const char *name)
{
	const struct {
		const char  *name;
		const char **place;
	} places[] = {
		{ "upn", &row->upn }, { "date", &row->date }, { "session", &row->session }, { "code", &row->code },
		{ "school_urn", &row->school_urn }, { "minutes_late", &row->minutes_late }, { "comment", &row->comment },
		{ "mis_id", &row->mis_id }, { "week", &row->week }, { "marks", &row->marks },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (strcmp(places[i].name, name) == 0)
			return places[i].place;
	for (size_t i = 0; i < SESSIONS; i++)
		if (strcmp(session_names[i], name) == 0)
			return &row->sessions[i];
	return NULL;
}

static struct mark mark_of(const struct named *row, long line)
{
	return (struct mark){ .line = line, .school_urn = row->school_urn, .upn = row->upn, .mis_id = row->mis_id,
		.date = row->date, .session = row->session, .code = row->code, .minutes_late = row->minutes_late,
		.comment = row->comment, .problem_field = row->problem_field, .problem = row->problem };
}

/* ------------------------------------------------------------ the form of a register */

static bool is_said(const char *text)
{
	return text && *text;
}

/*
 * Ten codes of one character each, a blank where nothing is known; or any codes
 * with ; between them.  Fewer than ten are refused: the blanks at the ends of a
 * cell that is not quoted are lost, and the marks would be of other sessions.
 */
static const char *split_marks(const char *marks, char codes[SESSIONS][4])
{
	const bool  listed = strchr(marks, ';') != NULL;
	const char *c = marks;
	size_t      n = 0;

	for (const char *b = marks; *b; b++)
		if ((unsigned char)*b >= 0x80)
			return "has a character that no code has"; /* and of more than one byte */
	for (; *c; n++) {
		const size_t length = listed ? strcspn(c, ";") : 1;

		if (n == SESSIONS || length > 3)
			return n == SESSIONS ? "has more than ten marks: with codes of two characters, put a ; between the marks"
					     : "has a mark of more than two characters";
		memcpy(codes[n], c, length);
		codes[n][length] = '\0';
		if (strcmp(codes[n], " ") == 0)
			codes[n][0] = '\0';
		c += length + (listed && c[length] == ';');
	}
	return listed || n == SESSIONS ? NULL
	       : "has fewer than ten marks: a blank stands for a session of which nothing is known, and the text in quotes";
}

static bool take_week_marks(struct marks *m, struct mark *mark, const struct named *row, long monday)
{
	char codes[SESSIONS][4] = { { 0 } }, date[MARK_DAY_SIZE];

	mark->problem_field = "marks";
	mark->problem = is_said(row->marks) ? split_marks(row->marks, codes) : NULL;
	if (mark->problem)
		return marks_take(m, mark);
	for (int n = 0; n < SESSIONS; n++) {
		mark->code = row->sessions[n] ? row->sessions[n] : codes[n];
		if (!*mark->code)
			continue; /* nothing is known of this session */
		mark->date = mark_day_text(monday + n / 2, date);
		mark->session = n % 2 ? "PM" : "AM";
		if (!marks_take(m, mark))
			return false;
	}
	return true;
}

static bool take_week(struct marks *m, const struct named *row, long line)
{
	struct mark mark = mark_of(row, line);
	long        day;

	if (mark.problem)
		return marks_take(m, &mark);
	mark.problem_field = "week";
	if (is_said(row->date) || is_said(row->session) || is_said(row->code))
		mark.problem = "goes with marks, and not with date, session and code";
	else if (is_said(row->minutes_late) || is_said(row->comment))
		mark.problem = "goes with marks alone: minutes_late and comment are of one mark";
	else if (!mark_day(row->week, &day))
		mark.problem = "is not a date like 2024-12-30";
	else if (mark_weekday(day) != 0)
		mark.problem = "is not a Monday";
	return mark.problem ? marks_take(m, &mark) : take_week_marks(m, &mark, row, day);
}

static bool take_row(struct marks *m, const struct named *row, long line)
{
	struct mark mark;

	if (is_said(row->week))
		return take_week(m, row, line);
	mark = mark_of(row, line);
	return marks_take(m, &mark);
}

/* ------------------------------------------------------------ CSV */

struct csv_reading {
	struct marks *marks;
	struct named  row;
	const char  **places[CSV_COLUMNS_MAX]; /* of the columns in the row; NULL for one that is passed over */
	bool          ready;
};

static void find_places(struct csv_reading *c, const struct import_header *header)
{
	c->ready = true;
	for (size_t n = 0; n < header->count; n++) {
		const struct field *f = header->columns[n];

		c->places[n] = f ? place_of(&c->row, f->name) : NULL;
		if (!header->mended)
			marks_say(c->marks, c->places[n] == &c->row.minutes_late, c->places[n] == &c->row.comment);
	}
}

static const char *text_of(const struct import_header *header, const struct csv_cell *cell)
{
	return cell && cell->text ? cell->text : header->mended ? NULL : "";
}

static bool take_record(void *ctx, long line, const struct import_header *header, const struct csv_cell *cells,
			size_t cell_count)
{
	struct csv_reading *c = ctx;

	if (!c->ready)
		find_places(c, header);
	c->row.problem = NULL;
	for (size_t n = 0; n < header->count; n++) {
		if (!c->places[n])
			continue;
		*c->places[n] = text_of(header, n < cell_count ? &cells[n] : NULL);
		if (n < cell_count && cells[n].problem) {
			c->row.problem_field = header->columns[n]->name;
			c->row.problem = cells[n].problem;
		}
	}
	if (cell_count != header->count) {
		c->row.problem_field = NULL;
		c->row.problem = "has other than as many cells as the header";
	}
	return take_row(c->marks, &c->row, line);
}

enum err mark_rows_read_csv(struct request *r, struct import_body *body, struct marks *m)
{
	struct csv_reading c = { .marks = m };
	bool               stopped;

	return import_csv_records(r, body, take_record, &c, &stopped);
}

/* ------------------------------------------------------------ NDJSON */

static bool take_object(void *ctx, struct import_row *row, struct json_object *object)
{
	struct marks *m = ctx;
	struct named  named = { 0 };

	if (json_object_array_length(row->problems) > 0)
		return marks_reject(m, row);
	json_object_object_foreach(object, name, value) {
		const char **place = place_of(&named, name);

		if (place)
			*place = value ? json_object_get_string(value) : "";
	}
	return take_row(m, &named, row->line);
}

enum err mark_rows_read_ndjson(struct request *r, struct import_body *body, struct marks *m)
{
	return import_ndjson_objects(r, body, take_object, m);
}
