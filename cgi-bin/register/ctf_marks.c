#include "register/ctf_marks.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/field.h"
#include "core/utf8.h"

enum { DATE_SIZE = 16, CODE_SIZE = UTF8_SIZE_MAX + 2 };

static const struct field start_date = { "date", .type = FIELD_DATE };

static bool is_weekend(const struct tm *day)
{
	return day->tm_wday == 0 || day->tm_wday == 6;
}

/* The day that is so many days after a date that was checked. */
static struct tm day_after(const char *start, int days)
{
	struct tm day = { 0 };
	time_t    seconds;

	strptime(start, "%Y-%m-%d", &day);
	day.tm_mday += days;
	seconds = timegm(&day);
	gmtime_r(&seconds, &day);
	return day;
}

/* Indentation is not of the string, blanks are: they stand for sessions without a mark. */
static const char *without_indentation(struct arena *a, const char *text)
{
	static const char breaks[] = "\t\r\n", blanks[] = " \t\r\n";
	const size_t      lead = strspn(text, blanks);
	const char *const end = text + strlen(text);
	const char       *last = end;

	while (last > text && strchr(blanks, last[-1]))
		last--;
	if (last + strcspn(last, breaks) == end)
		last = end;
	if (strcspn(text, breaks) < lead)
		text += lead;
	return arena_strndup(a, text, text < last ? (size_t)(last - text) : 0);
}

/* The code at *at, which moves past it. */
static void take_code(const char **at, char code[CODE_SIZE])
{
	const char *from = *at;

	utf8_next(at);
	if (((*from >= 'A' && *from <= 'Z') || (*from >= 'a' && *from <= 'z')) && **at >= '0' && **at <= '9')
		++*at;
	snprintf(code, CODE_SIZE, "%.*s", (int)(*at - from), from);
	if (strcmp(code, " ") == 0)
		code[0] = '\0';
}

static bool stands_for_nothing(const char *code)
{
	return code[0] == '\0' || strcmp(code, "-") == 0 || strcmp(code, "#") == 0;
}

bool ctf_marks_give(struct arena *a, const struct mark *who, const char *start, const char *text, mark_fn *take,
		    void *ctx)
{
	struct mark mark = *who;
	char        date[DATE_SIZE], code[CODE_SIZE];

	if (!start || *start == '\0' || field_check_text(a, &start_date, start)) {
		mark.date = start;
		return take(ctx, &mark);
	}
	mark.date = date;
	mark.code = code;
	text = without_indentation(a, text);
	for (int session = 0; *text; session++) {
		const struct tm day = day_after(start, session / 2);

		take_code(&text, code);
		if (is_weekend(&day) && stands_for_nothing(code))
			continue;
		strftime(date, sizeof(date), "%Y-%m-%d", &day);
		mark.session = session % 2 == 0 ? "AM" : "PM";
		if (!take(ctx, &mark))
			return false;
	}
	return true;
}
