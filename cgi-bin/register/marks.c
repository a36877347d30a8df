#include "register/marks.h"

#include <stdio.h>
#include <string.h>

#include "register/import_rows.h"
#include "register/mark_check.h"

enum { SESSIONS = 10 };

/* Marks of a pupil and week that stand together, one line after the other or all on one. */
struct run {
	long line, last;             /* lines of the first and the last mark */
	int  step;                   /* lines from one mark to the next; -1 while there is but one */
	long monday;                 /* in days */
	size_t count;
	char slots[SESSIONS + 1];    /* sessions in the order of the file, as digits */
	char symbols[SESSIONS + 1];
	char school[MARK_SCHOOL_MAX + 1], upn[MARK_UPN_MAX + 1], mis_id[MARK_MIS_ID_MAX + 1];
};

struct marks {
	struct request          *request;
	const struct mark_codes *codes;
	struct output           *weeks, *notes, *rejected;
	struct run               run;
	struct mark_date         date;
	long                     bad;
	bool                     says_minutes, says_comment;
};

struct marks *marks_new(struct request *r, const struct mark_codes *codes)
{
	struct marks *m = arena_alloc(r->arena, sizeof(*m));

	m->request = r;
	m->codes = codes;
	m->weeks = output_new(r->arena, r->settings->spool_dir);
	m->notes = output_new(r->arena, r->settings->spool_dir);
	m->rejected = output_new(r->arena, r->settings->spool_dir);
	return m;
}

void marks_say(struct marks *m, bool minutes, bool comment)
{
	m->says_minutes = m->says_minutes || minutes;
	m->says_comment = m->says_comment || comment;
}

/* Who the line is about, as columns. */
static void write_who(struct output *out, const char *school, const char *upn, const char *mis_id)
{
	import_row_escaped(out, school);
	output_write(out, "\t", 1);
	import_row_escaped(out, upn);
	output_write(out, "\t", 1);
	import_row_escaped(out, mis_id);
	output_write(out, "\t", 1);
}

static void write_run(struct marks *m)
{
	struct run *run = &m->run;
	char        text[64], monday[MARK_DAY_SIZE];

	if (run->count == 0)
		return;
	snprintf(text, sizeof(text), "%ld\t%d\t%s\t", run->line, run->step < 0 ? 1 : run->step, run->slots);
	output_text(m->weeks, text);
	write_who(m->weeks, run->school, run->upn, run->mis_id);
	output_text(m->weeks, mark_day_text(run->monday, monday));
	output_write(m->weeks, "\t", 1);
	import_row_escaped(m->weeks, run->symbols);
	output_write(m->weeks, "\n", 1);
	run->count = 0;
}

static bool goes_on(const struct run *run, const struct mark *mark, long monday, int slot)
{
	const long step = mark->line - run->last;

	return run->count > 0 && run->monday == monday && run->symbols[slot] == ' ' &&
	       (step == 0 || step == 1) && (run->step < 0 || run->step == step) &&
	       strcmp(run->upn, mark->upn) == 0 && strcmp(run->school, mark->school_urn) == 0 &&
	       strcmp(run->mis_id, mark->mis_id) == 0;
}

static void start_run(struct run *run, const struct mark *mark, long monday)
{
	*run = (struct run){ .line = mark->line, .last = mark->line, .step = -1, .monday = monday };
	memset(run->symbols, ' ', SESSIONS);
	snprintf(run->school, sizeof(run->school), "%s", mark->school_urn);
	snprintf(run->upn, sizeof(run->upn), "%s", mark->upn);
	snprintf(run->mis_id, sizeof(run->mis_id), "%s", mark->mis_id);
}

static void add_to_run(struct marks *m, const struct mark *mark, char symbol)
{
	const long monday = m->date.day - m->date.weekday;
	const int  slot = m->date.weekday * 2 + (mark->session[0] == 'P');
	struct run *run = &m->run;

	if (goes_on(run, mark, monday, slot)) {
		run->step = (int)(mark->line - run->last);
	} else {
		write_run(m);
		start_run(run, mark, monday);
	}
	run->last = mark->line;
	run->slots[run->count++] = (char)('0' + slot);
	run->symbols[slot] = symbol;
}

/* given: the mark as it was handed over, where NULL is what it does not say. */
static void add_note(struct marks *m, const struct mark *mark, const struct mark *given)
{
	const bool says_minutes = given->minutes_late && !m->says_minutes, says_comment = given->comment && !m->says_comment;
	char       line[32];

	if (!*mark->minutes_late && !*mark->comment && !says_minutes && !says_comment)
		return;
	snprintf(line, sizeof(line), "%ld\t", mark->line);
	output_text(m->notes, line);
	write_who(m->notes, mark->school_urn, mark->upn, mark->mis_id);
	output_text(m->notes, mark->date);
	output_write(m->notes, "\t", 1);
	output_text(m->notes, mark->session);
	output_write(m->notes, "\t", 1);
	output_text(m->notes, *mark->minutes_late ? mark->minutes_late : "\\N");
	output_write(m->notes, "\t", 1);
	if (*mark->comment)
		import_row_escaped(m->notes, mark->comment);
	else
		output_text(m->notes, "\\N");
	output_text(m->notes, says_minutes ? "\tt" : "\tf");
	output_text(m->notes, says_comment ? "\tt\n" : "\tf\n");
}

static bool may_go_on(const struct marks *m)
{
	return m->bad <= IMPORT_BAD_ROWS_MAX && !output_failed(m->weeks) && !output_failed(m->rejected);
}

bool marks_reject(struct marks *m, const struct import_row *row)
{
	import_row_write(row, m->rejected, &m->bad);
	return may_go_on(m);
}

static void put(struct json_object *object, const char *name, const char *text)
{
	if (text && *text)
		json_object_object_add(object, name, json_object_new_string(text));
}

/* The mark as it stands in the file, for who is to mend it. */
static bool reject_mark(struct marks *m, const struct mark *mark, struct json_object *problems)
{
	struct json_object *said = json_object_new_object();
	bool                more;

	put(said, "school_urn", mark->school_urn);
	put(said, "upn", mark->upn);
	put(said, "mis_id", mark->mis_id);
	put(said, "date", mark->date);
	put(said, "session", mark->session);
	put(said, "code", mark->code);
	put(said, "minutes_late", mark->minutes_late);
	put(said, "comment", mark->comment);
	more = marks_reject(m, &(struct import_row){ .line = mark->line, .problems = problems,
		.text = json_object_to_json_string_ext(said, JSON_C_TO_STRING_PLAIN) });
	json_object_put(said);
	return more;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

bool marks_take(void *ctx, const struct mark *given)
{
	struct marks       *m = ctx;
	struct json_object *problems;
	struct mark         mark = *given;
	char                symbol;
	bool                more;

	mark.school_urn = or_empty(given->school_urn);
	mark.upn = or_empty(given->upn);
	mark.mis_id = or_empty(given->mis_id);
	mark.date = or_empty(given->date);
	mark.session = or_empty(given->session);
	mark.code = or_empty(given->code);
	mark.minutes_late = or_empty(given->minutes_late);
	mark.comment = or_empty(given->comment);
	problems = mark_check(&mark, m->codes, &m->date, &symbol);
	if (problems) {
		more = reject_mark(m, &mark, problems);
		json_object_put(problems);
		return more;
	}
	add_to_run(m, &mark, symbol);
	add_note(m, &mark, given);
	return !output_failed(m->weeks);
}

enum err marks_finish(struct marks *m, struct import_file *ret_file)
{
	write_run(m);
	*ret_file = (struct import_file){
		.loads = {
			{ IMPORT_ROWS_COPY, m->rejected },
			{ "copy pg_temp.register_row (line, step, slots, school, upn, mis_id, week, marks) from stdin", m->weeks },
			{ "copy pg_temp.register_note (line, school, upn, mis_id, day, session, minutes_late, comment, says_minutes, "
			  "says_comment) from stdin",
			  m->notes },
		},
		.values = { m->says_minutes ? "true" : "false", m->says_comment ? "true" : "false" },
	};
	return m->bad > IMPORT_BAD_ROWS_MAX ? import_row_too_many(m->request) : ERR_NONE;
}
