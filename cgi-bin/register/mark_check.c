#include "register/mark_check.h"

#include <stdlib.h>
#include <string.h>

#include "register/import_row.h"

static const char digits[] = "0123456789";

/* Six digits, or a LAESTAB of seven with or without its slash. */
static bool is_school(const char *text)
{
	const size_t first = strspn(text, digits), length = strlen(text);

	return (first == length && (length == 6 || length == 7)) ||
	       (first == 3 && text[3] == '/' && length == 8 && strspn(text + 4, digits) == 4);
}

static const char *school_problem(const struct mark *mark)
{
	return !*mark->school_urn ? "is required" : is_school(mark->school_urn) ? NULL
	       : "is not a URN of six digits, nor a LAESTAB like 123/4567";
}

static const char *upn_problem(const struct mark *mark)
{
	return !*mark->upn && !*mark->mis_id ? "or mis_id is required"
	       : strlen(mark->upn) > MARK_UPN_MAX ? "has more than 13 characters" : NULL;
}

static const char *mis_id_problem(const struct mark *mark)
{
	return strlen(mark->mis_id) > MARK_MIS_ID_MAX ? "has more than 50 bytes" : NULL;
}

static const char *read_date(const char *text, const struct mark_codes *codes, struct mark_date *date)
{
	static const char *const weekend[] = { "is a Saturday, and the register has none",
					       "is a Sunday, and the register has none" };
	long                     day;

	if (*text && strcmp(text, date->text) == 0)
		return NULL;
	if (!*text)
		return "is required";
	if (!mark_day(text, &day))
		return "is not a date like 2024-12-31";
	if (mark_weekday(day) > 4)
		return weekend[mark_weekday(day) - 5];
	if (day > mark_codes_today(codes))
		return "is in the future";
	memcpy(date->text, text, sizeof(date->text));
	date->day = day;
	date->weekday = mark_weekday(day);
	return NULL;
}

static const char *session_problem(const struct mark *mark)
{
	return !*mark->session ? "is required"
	       : strcmp(mark->session, "AM") == 0 || strcmp(mark->session, "PM") == 0 ? NULL : "is not AM or PM";
}

static const char *minutes_problem(const struct mark *mark)
{
	const size_t length = strlen(mark->minutes_late);

	return length == 0 || (length <= 3 && strspn(mark->minutes_late, digits) == length)
		? NULL : "is not a whole number from 0 to 999";
}

static const char *comment_problem(const struct mark *mark)
{
	const char *c = mark->comment;

	if (strlen(c) > MARK_COMMENT_MAX)
		return "has more than 1000 bytes";
	for (; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\r' && *c != '\t')
			return "must not contain control characters";
	return NULL;
}

static void note(struct json_object **problems, const char *field, const char *problem)
{
	struct import_row row = { .problems = *problems };

	if (!problem)
		return;
	if (!row.problems)
		row.problems = json_object_new_array();
	import_row_problem(&row, field, problem);
	*problems = row.problems;
}

static void note_code(struct json_object **problems, const struct mark *mark, const struct mark_codes *codes,
		      const struct mark_date *date, char *ret_symbol)
{
	char buffer[MARK_PROBLEM_SIZE];

	note(problems, "code", *mark->code ? mark_codes_find(codes, mark->code, date->day, ret_symbol, buffer)
	                                   : "is required: - where no mark was taken");
}

struct json_object *mark_check(const struct mark *mark, const struct mark_codes *codes, struct mark_date *date,
			       char *ret_symbol)
{
	struct json_object *problems = NULL;
	const char         *date_problem = read_date(mark->date, codes, date);

	if (mark->problem) { /* which the rest of it may come from */
		note(&problems, mark->problem_field, mark->problem);
		return problems;
	}
	note(&problems, "school_urn", school_problem(mark));
	note(&problems, "upn", upn_problem(mark));
	note(&problems, "mis_id", mis_id_problem(mark));
	note(&problems, "date", date_problem);
	note(&problems, "session", session_problem(mark));
	if (!date_problem)
		note_code(&problems, mark, codes, date, ret_symbol);
	else if (*mark->code && !mark_codes_know(codes, mark->code)) /* whatever the day is */
		note(&problems, "code", "is not an attendance code");
	note(&problems, "minutes_late", minutes_problem(mark));
	note(&problems, "comment", comment_problem(mark));
	return problems;
}
