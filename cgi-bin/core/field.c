#include "field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	YEAR_FIRST = 1900,
	YEAR_LAST = 2199,
	OFFSET_HOURS_MAX = 15, /* what PostgreSQL accepts */
};

static bool text_is_blank(const char *s)
{
	while (*s)
		if (!utf8_is_blank(utf8_next(&s)))
			return false;
	return true;
}

static bool text_has_control(const char *s, bool lines)
{
	while (*s) {
		uint32_t c = utf8_next(&s);

		if (utf8_is_control(c) && !(lines && (c == '\t' || c == '\n' || c == '\r')))
			return true;
	}
	return false;
}

static const char *count_problem(struct arena *a, const char *most, long long limit)
{
	return arena_printf(a, "must have at %s %lld character%s", most, limit,
			    limit == 1 ? "" : "s");
}

static const char *check_text(struct arena *a, const struct field *f, const char *value)
{
	size_t    length = strlen(value);
	long long max = f->max ? f->max : FIELD_TEXT_MAX, count;

	if (!utf8_valid(value, length))
		return "must be valid UTF-8";
	if (text_has_control(value, f->lines))
		return "must not contain control characters";
	if (text_is_blank(value))
		return f->required || f->min > 0 ? "must not be empty" : NULL;
	count = (long long)utf8_count(value, length);
	if (count > max)
		return count_problem(a, "most", max);
	if (count < f->min)
		return count_problem(a, "least", f->min);
	return NULL;
}

/* A whole number in its only spelling: no plus, blanks or leading zeros. */
static bool int_read(const char *s, long long *ret_number)
{
	const char *digits = s + (*s == '-');
	size_t      count = strspn(digits, "0123456789");

	if (count == 0 || digits[count] != '\0')
		return false;
	if (digits[0] == '0' && (count > 1 || digits != s))
		return false;
	errno = 0;
	*ret_number = strtoll(s, NULL, 10);
	return errno == 0;
}

static const char *check_int(struct arena *a, const struct field *f, const char *value)
{
	long long max = f->max ? f->max : FIELD_INT_MAX, number;

	if (int_read(value, &number) && number >= f->min && number <= max)
		return NULL;
	return arena_printf(a, "must be a whole number from %lld to %lld", f->min, max);
}

static const char *check_bool(struct arena *a, const struct field *f, const char *value)
{
	(void)a, (void)f;
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		return NULL;
	return "must be true or false";
}

/* The number that the next count characters spell; -1 when they are not all digits. */
static int digits_read(const char *s, int count)
{
	int number = 0;

	for (; count > 0; count--, s++) {
		if (*s < '0' || *s > '9')
			return -1;
		number = number * 10 + (*s - '0');
	}
	return number;
}

/* A number in tenths: as a whole number is written, or with one digit behind the point. */
static bool tenths_read(struct arena *a, const char *s, long long *ret_tenths)
{
	const char *digits = s + (*s == '-'), *point = strchr(digits, '.');
	long long   whole;
	int         tenth = point ? digits_read(point + 1, 1) : 0;

	if (tenth < 0 || (point && point[2] != '\0'))
		return false;
	if (!int_read(arena_strndup(a, digits, point ? (size_t)(point - digits) : strlen(digits)), &whole) ||
	    whole < 0 || whole > FIELD_INT_MAX)
		return false;
	*ret_tenths = (digits > s ? -1 : 1) * (10 * whole + tenth);
	return digits == s || *ret_tenths != 0;
}

static const char *check_decimal(struct arena *a, const struct field *f, const char *value)
{
	long long max = f->max ? f->max : FIELD_INT_MAX, tenths;

	if (tenths_read(a, value, &tenths) && tenths >= 10 * f->min && tenths <= 10 * max)
		return NULL;
	return arena_printf(a, "must be a number from %lld to %lld with at most one place of decimals", f->min, max);
}

static int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool             leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Looks at the first ten characters only, and never past the end. */
static bool date_begins(const char *s)
{
	int year, month, day;

	year = digits_read(s, 4);
	if (year < YEAR_FIRST || year > YEAR_LAST || s[4] != '-')
		return false;
	month = digits_read(s + 5, 2);
	if (month < 1 || month > 12 || s[7] != '-')
		return false;
	day = digits_read(s + 8, 2);
	return day >= 1 && day <= days_of_month(year, month);
}

static const char *check_date(struct arena *a, const struct field *f, const char *value)
{
	(void)a, (void)f;
	if (date_begins(value) && value[10] == '\0')
		return NULL;
	return "is not a date like 2026-12-31";
}

/* hh:mm, the hour up to a limit. */
static bool clock_begins(const char *s, int hour_max)
{
	int hour = digits_read(s, 2), minute;

	if (hour < 0 || hour > hour_max || s[2] != ':')
		return false;
	minute = digits_read(s + 3, 2);
	return minute >= 0 && minute <= 59;
}

static bool offset_valid(const char *s)
{
	if (*s == 'Z' || *s == 'z')
		return s[1] == '\0';
	return (*s == '+' || *s == '-') && clock_begins(s + 1, OFFSET_HOURS_MAX) && s[6] == '\0';
}

/* RFC 3339 section 5.6, but no second 60: PostgreSQL would make another time of it. */
static bool time_valid(const char *s)
{
	size_t fraction;
	int    second;

	if (!date_begins(s) || (s[10] != 'T' && s[10] != 't') || !clock_begins(s + 11, 23))
		return false;
	second = s[16] == ':' ? digits_read(s + 17, 2) : -1;
	if (second < 0 || second > 59)
		return false;
	s += 19;
	if (*s == '.') {
		fraction = strspn(s + 1, "0123456789");
		if (fraction < 1 || fraction > 6)
			return false;
		s += 1 + fraction;
	}
	return offset_valid(s);
}

static const char *check_time(struct arena *a, const struct field *f, const char *value)
{
	(void)a, (void)f;
	return time_valid(value) ? NULL :
				   "must be a time with an offset like 2027-01-12T09:30:00Z";
}

static const char *check_moment(struct arena *a, const struct field *f, const char *value)
{
	if (!check_date(a, f, value) || time_valid(value))
		return NULL;
	return "must be a day like 2026-12-31 or a time with an offset like 2027-01-12T09:30:00Z";
}

static const char *choices_list(struct arena *a, const char *const *choices)
{
	size_t size = 1;
	char  *list, *to;

	for (size_t i = 0; choices[i]; i++)
		size += strlen(choices[i]) + 2;
	to = list = arena_alloc(a, size);
	for (size_t i = 0; choices[i]; i++)
		to = stpcpy(stpcpy(to, i ? ", " : ""), choices[i]);
	return list;
}

static const char *check_choice(struct arena *a, const struct field *f, const char *value)
{
	for (size_t i = 0; f->choices[i]; i++)
		if (strcmp(f->choices[i], value) == 0)
			return NULL;
	return arena_printf(a, "must be one of: %s", choices_list(a, f->choices));
}

static const char *check_cursor(struct arena *a, const struct field *f, const char *value)
{
	size_t length = strlen(value), max = f->max ? (size_t)f->max : FIELD_TEXT_MAX;

	(void)a;
	if (length > 0 && length <= max && utf8_valid(value, length) &&
	    !text_has_control(value, false))
		return NULL;
	return "is not a cursor as given in \"next\"";
}

static const char *check_nested(struct arena *a, const struct field *f, const char *value)
{
	(void)a, (void)f, (void)value;
	return "cannot be given as text";
}

const char *field_check_text(struct arena *a, const struct field *f, const char *value)
{
	static const char *(*const checks[])(struct arena *, const struct field *, const char *) = {
		[FIELD_NONE] = check_nested, [FIELD_TEXT] = check_text,
		[FIELD_INT] = check_int,     [FIELD_DECIMAL] = check_decimal,
		[FIELD_BOOL] = check_bool,
		[FIELD_DATE] = check_date,   [FIELD_TIME] = check_time,
		[FIELD_MOMENT] = check_moment,
		[FIELD_CHOICE] = check_choice, [FIELD_CURSOR] = check_cursor,
		[FIELD_OBJECT] = check_nested, [FIELD_LIST] = check_nested,
	};

	if (!value)
		return f->required ? "is required" : NULL;
	return checks[f->type](a, f, value);
}
