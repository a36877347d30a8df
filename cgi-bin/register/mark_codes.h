/*
 * The attendance codes as the database has them, for reading marks: each with
 * its symbol, and the days on which it may be used.
 */
#ifndef DOORSTEP_MARK_CODES_H
#define DOORSTEP_MARK_CODES_H

#include "core/transaction.h"

struct mark_codes;

struct mark_codes *mark_codes_new(struct arena *a);

/* Adds a code: code, symbol, first and last day or NULL, and the day that it is today.  A db_row_fn. */
bool mark_codes_add(void *codes, const struct row *row);

/* Queues the question; the codes are there once it has run. */
struct mark_codes *mark_codes_ask(struct transaction *t);

/* Days since 1970-01-01 of a day like 2026-12-31; false when it is none. */
bool mark_day(const char *text, long *ret_day);

enum { MARK_DAY_SIZE = 16 };

/* The same day as text, and its weekday: 0 for Monday. */
const char *mark_day_text(long day, char text[MARK_DAY_SIZE]);
int         mark_weekday(long day);

/* The last day of which there can be marks. */
long mark_codes_today(const struct mark_codes *codes);

/* Whether it was a code on any day. */
bool mark_codes_know(const struct mark_codes *codes, const char *code);

enum { MARK_PROBLEM_SIZE = 64 };

/* NULL and the symbol of a code on a day; or what is wrong with it, for which there is the buffer. */
const char *mark_codes_find(const struct mark_codes *codes, const char *code, long day, char *ret_symbol,
			    char buffer[MARK_PROBLEM_SIZE]);

#endif
