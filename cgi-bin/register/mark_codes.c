#define _DEFAULT_SOURCE
#include "register/mark_codes.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CODES_MAX = 128, CODE_SIZE = 3, SECONDS_OF_A_DAY = 24 * 60 * 60 };

struct entry {
	char code[CODE_SIZE];
	char symbol;
	long from, to; /* days */
	const struct entry *next; /* that begins with the same character */
};

struct mark_codes {
	struct entry entries[CODES_MAX];
	size_t       count;
	const struct entry *by_first[256]; /* character of the code */
	long         today;
};

static long two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

bool mark_day(const char *text, long *ret_day)
{
	struct tm tm = { 0 };
	int       day;

	if (strlen(text) != 10 || strspn(text, "0123456789") != 4 || text[4] != '-' ||
	    strspn(text + 5, "0123456789") != 2 || text[7] != '-' || strspn(text + 8, "0123456789") != 2)
		return false;
	tm.tm_year = (int)(two_digits(text) * 100 + two_digits(text + 2)) - 1900;
	tm.tm_mon = (int)two_digits(text + 5) - 1;
	tm.tm_mday = day = (int)two_digits(text + 8);
	if (tm.tm_mon < 0 || tm.tm_mon > 11 || day < 1)
		return false;
	*ret_day = timegm(&tm) / SECONDS_OF_A_DAY; /* also for days of a month that it does not have: */
	return tm.tm_mday == day;
}

struct mark_codes *mark_codes_new(struct arena *a)
{
	return arena_alloc(a, sizeof(struct mark_codes));
}

bool mark_codes_add(void *ctx, const struct row *row)
{
	struct mark_codes *codes = ctx;
	struct entry      *e = &codes->entries[codes->count++];

	if (codes->count == CODES_MAX)
		return false;
	snprintf(e->code, sizeof(e->code), "%s", row->values[0]);
	e->symbol = row->values[1][0];
	if (!row->values[2] || !mark_day(row->values[2], &e->from))
		e->from = -SECONDS_OF_A_DAY * 365L;
	if (!row->values[3] || !mark_day(row->values[3], &e->to))
		e->to = SECONDS_OF_A_DAY * 365L;
	e->next = codes->by_first[(unsigned char)e->code[0]];
	codes->by_first[(unsigned char)e->code[0]] = e;
	return mark_day(row->values[4], &codes->today);
}

struct mark_codes *mark_codes_ask(struct transaction *t)
{
	struct mark_codes *codes = mark_codes_new(t->request->arena);

	transaction_add(t, &(struct db_query){ .name = "api.import_register_codes",
		.sql = "select code, symbol, valid_from, valid_to, today from api.import_register_codes()",
		.on_row = mark_codes_add, .ctx = codes });
	return codes;
}

long mark_codes_today(const struct mark_codes *codes)
{
	return codes->today;
}

const char *mark_day_text(long day, char text[MARK_DAY_SIZE])
{
	const time_t at = (time_t)day * SECONDS_OF_A_DAY;
	struct tm    tm;

	strftime(text, MARK_DAY_SIZE, "%F", gmtime_r(&at, &tm));
	return text;
}

/* 1970-01-01 was a Thursday. */
int mark_weekday(long day)
{
	return (int)(((day + 3) % 7 + 7) % 7);
}

static const char *say_day(char buffer[MARK_PROBLEM_SIZE], const char *words, long day)
{
	char text[MARK_DAY_SIZE];

	snprintf(buffer, MARK_PROBLEM_SIZE, "is a code in use %s %s only", words, mark_day_text(day, text));
	return buffer;
}

const char *mark_codes_find(const struct mark_codes *codes, const char *code, long day, char *ret_symbol,
			    char buffer[MARK_PROBLEM_SIZE])
{
	const struct entry *known = NULL;

	if (strcmp(code, "-") == 0) { /* no mark was taken */
		*ret_symbol = '-';
		return NULL;
	}
	for (const struct entry *e = codes->by_first[(unsigned char)*code]; e; e = e->next) {
		if (strcmp(e->code, code) != 0)
			continue;
		if (day >= e->from && day <= e->to) {
			*ret_symbol = e->symbol;
			return NULL;
		}
		known = e;
	}
	if (!known)
		return "is not an attendance code";
	return day < known->from ? say_day(buffer, "since", known->from)
	                         : say_day(buffer, "until", known->to);
}

bool mark_codes_know(const struct mark_codes *codes, const char *code)
{
	const struct entry *e = codes->by_first[(unsigned char)*code];

	while (e && strcmp(e->code, code) != 0)
		e = e->next;
	return e || strcmp(code, "-") == 0;
}
