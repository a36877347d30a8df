#include "json.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum { KEY_SHOWN_MAX = 100 }; /* bytes; a longer key is not repeated in the problem */

struct key {
	const char *text; /* escapes undone */
	size_t      length, at;
};

struct scan {
	struct arena *arena;
	const char   *text;
	size_t        length, at;
	const char   *why;    /* set where something was refused; then scanning ends */
	size_t        values, values_max;
	int           depth;
	struct key   *keys;   /* of the objects that are open, innermost last */
	size_t        key_count, key_room;
};

static bool scan_value(struct scan *s);

static bool refuse(struct scan *s, size_t at, const char *why)
{
	s->why = arena_printf(s->arena, "byte %zu: %s", at + 1, why);
	return false;
}

static int peek(const struct scan *s)
{
	return s->at < s->length ? (unsigned char)s->text[s->at] : -1;
}

static bool take(struct scan *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static bool take_digits(struct scan *s)
{
	size_t start = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at > start;
}

static void skip_blanks(struct scan *s)
{
	while (take(s, ' ') || take(s, '\t') || take(s, '\n') || take(s, '\r'))
		;
}

/* Numbers: the grammar of RFC 8259, then what json-c can hold without changing it. */

static bool integer_fits(const char *digits)
{
	errno = 0;
	strtoll(digits, NULL, 10);
	return errno == 0;
}

static bool double_fits(const char *digits)
{
	double value = strtod(digits, NULL);
	bool   zero = strcspn(digits, "123456789") >= strcspn(digits, "eE");

	return isfinite(value) && (value != 0 || zero);
}

static bool number_fits(struct scan *s, size_t start, bool whole)
{
	enum { NUMBER_MAX = 2048 }; /* a double has 17 digits; PostgreSQL, which keeps them all, has an end, too */
	const char *digits = arena_strndup(s->arena, s->text + start, s->at - start);

	if (strlen(digits) > NUMBER_MAX)
		return refuse(s, start, "the number has too many digits");
	if (whole && !integer_fits(digits))
		return refuse(s, start, "the number is not from -2^63 to 2^63-1");
	if (!whole && !double_fits(digits))
		return refuse(s, start, "the number is too large or too small");
	return true;
}

static bool scan_number(struct scan *s)
{
	size_t start = s->at;
	bool   whole = true;

	take(s, '-');
	if (!take(s, '0') && !take_digits(s))
		return refuse(s, start, "a value is expected");
	if (take(s, '.')) {
		whole = false;
		if (!take_digits(s))
			return refuse(s, s->at, "a digit is expected");
	}
	if (take(s, 'e') || take(s, 'E')) {
		whole = false;
		if (!take(s, '+'))
			take(s, '-');
		if (!take_digits(s))
			return refuse(s, s->at, "a digit is expected");
	}
	return number_fits(s, start, whole);
}

/* Strings. */

/* The four hexadecimal digits of \uXXXX, whose backslash is at p; -1 when they are not. */
static long unicode_escape(const char *p, size_t left)
{
	char hex[5] = "";

	if (left < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	memcpy(hex, p + 2, 4);
	return strspn(hex, "0123456789abcdefABCDEF") == 4 ? strtol(hex, NULL, 16) : -1;
}

static bool is_high(long unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(long unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

static bool scan_unicode(struct scan *s)
{
	const char *p = s->text + s->at;
	size_t      left = s->length - s->at;
	long        unit = unicode_escape(p, left);

	if (unit < 0)
		return refuse(s, s->at, "\\u needs four hexadecimal digits");
	if (unit == 0)
		return refuse(s, s->at, "the character U+0000 is not accepted");
	if (is_low(unit) || (is_high(unit) && !is_low(unicode_escape(p + 6, left - 6))))
		return refuse(s, s->at, "half of a surrogate pair stands alone");
	s->at += is_high(unit) ? 12 : 6;
	return true;
}

static bool scan_escape(struct scan *s)
{
	int c = s->at + 1 < s->length ? s->text[s->at + 1] : '\0';

	if (c == 'u')
		return scan_unicode(s);
	if (c == '\0' || !strchr("\"\\/bfnrt", c))
		return refuse(s, s->at, "there is no such escape");
	s->at += 2;
	return true;
}

static bool scan_string(struct scan *s)
{
	size_t start = s->at++;

	while (!take(s, '"')) {
		int c = peek(s);

		if (c < 0)
			return refuse(s, start, "the string is not closed");
		if (c < 0x20)
			return refuse(s, s->at, "a control character in a string must be escaped");
		if (c != '\\')
			s->at++;
		else if (!scan_escape(s))
			return false;
	}
	return true;
}

/* Objects and their keys. */

static size_t decode_unicode(const char **from, char *to)
{
	uint32_t c = (uint32_t)unicode_escape(*from, 6);

	*from += 6;
	if (is_high(c)) {
		c = 0x10000 + ((c - 0xd800) << 10) + (uint32_t)unicode_escape(*from, 6) - 0xdc00;
		*from += 6;
	}
	return utf8_encode(to, c);
}

/* Undoes the escapes of a string that has passed scan_string(). */
static struct key decode(struct arena *a, const char *from, size_t length)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char       *end = from + length;
	char             *text = arena_alloc(a, length + 1), *to = text;

	while (from < end) {
		if (*from != '\\') {
			*to++ = *from++;
		} else if (from[1] == 'u') {
			to += decode_unicode(&from, to);
		} else {
			*to++ = meant[strchr(letters, from[1]) - letters];
			from += 2;
		}
	}
	return (struct key){ .text = text, .length = (size_t)(to - text) };
}

static void key_push(struct scan *s, struct key key)
{
	if (s->key_count == s->key_room) {
		size_t      room = s->key_room ? 2 * s->key_room : 16;
		struct key *keys = arena_alloc(s->arena, room * sizeof(*keys));

		if (s->key_count > 0)
			memcpy(keys, s->keys, s->key_count * sizeof(*keys));
		s->keys = keys;
		s->key_room = room;
	}
	s->keys[s->key_count++] = key;
}

static bool scan_key(struct scan *s)
{
	size_t      start = s->at, length;
	const char *text = s->text + start + 1;
	struct key  key;

	if (peek(s) != '"')
		return refuse(s, start, "a key in double quotes is expected");
	if (!scan_string(s))
		return false;
	length = s->at - start - 2;
	key = memchr(text, '\\', length) ? decode(s->arena, text, length) :
					   (struct key){ .text = text, .length = length };
	key.at = start;
	key_push(s, key);
	return true;
}

static int compare_texts(const struct key *x, const struct key *y)
{
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return memcmp(x->text, y->text, x->length);
}

static int compare_keys(const void *left, const void *right)
{
	const struct key *x = left, *y = right;
	int               order = compare_texts(x, y);

	return order ? order : x->at < y->at ? -1 : 1;
}

/* Sorted, so that many keys cost little however they were chosen. */
static bool keys_differ(struct scan *s, size_t first)
{
	struct key       *keys = s->keys + first;
	size_t            count = s->key_count - first;
	const struct key *twice = NULL;
	const char       *why = "the key that begins here appears twice";

	s->key_count = first;
	if (count < 2)
		return true;
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (compare_texts(&keys[i - 1], &keys[i]) == 0 &&
		    (!twice || keys[i].at < twice->at))
			twice = &keys[i];
	if (!twice)
		return true;
	if (twice->length <= KEY_SHOWN_MAX)
		why = arena_printf(s->arena, "the key \"%.*s\" appears twice", (int)twice->length,
				   twice->text);
	return refuse(s, twice->at, why);
}

static bool scan_member(struct scan *s)
{
	skip_blanks(s);
	if (!scan_key(s))
		return false;
	skip_blanks(s);
	if (!take(s, ':'))
		return refuse(s, s->at, "a colon is expected");
	return scan_value(s);
}

static bool scan_members(struct scan *s)
{
	size_t first = s->key_count;

	skip_blanks(s);
	if (take(s, '}'))
		return true;
	do {
		if (!scan_member(s))
			return false;
		skip_blanks(s);
	} while (take(s, ','));
	if (!take(s, '}'))
		return refuse(s, s->at, "a comma or } is expected");
	return keys_differ(s, first);
}

static bool scan_items(struct scan *s)
{
	skip_blanks(s);
	if (take(s, ']'))
		return true;
	do {
		if (!scan_value(s))
			return false;
		skip_blanks(s);
	} while (take(s, ','));
	return take(s, ']') || refuse(s, s->at, "a comma or ] is expected");
}

/* Values. */

static bool scan_nested(struct scan *s, bool (*scan)(struct scan *s))
{
	bool fine;

	if (s->depth == JSON_DEPTH_MAX)
		return refuse(s, s->at, "this is nested too deep");
	s->depth++;
	s->at++;
	fine = scan(s);
	s->depth--;
	return fine;
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t length = strlen(word);

	if (s->length - s->at < length || memcmp(s->text + s->at, word, length) != 0)
		return refuse(s, s->at, "a value is expected");
	s->at += length;
	return true;
}

static bool scan_value(struct scan *s)
{
	skip_blanks(s);
	if (++s->values > s->values_max)
		return refuse(s, s->at, "there are too many values");
	switch (peek(s)) {
	case '{':
		return scan_nested(s, scan_members);
	case '[':
		return scan_nested(s, scan_items);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s);
	}
}

static bool scan_bytes(struct scan *s)
{
	size_t valid = utf8_span(s->text, s->length);

	if (s->length > INT_MAX)
		return refuse(s, INT_MAX, "the text is too long");
	if (s->length >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
		return refuse(s, 0, "a byte order mark is not accepted");
	return valid == s->length ||
	       refuse(s, valid, s->text[valid] ? "this is not UTF-8" : "NUL is not accepted");
}

static const char *check_within(struct arena *a, const char *text, size_t length, const struct json_limits *limits)
{
	struct scan s = { .arena = a, .text = text, .length = length, .values_max = limits->values };

	if (!scan_bytes(&s) || !scan_value(&s))
		return s.why;
	skip_blanks(&s);
	if (s.at < length)
		refuse(&s, s.at, "there is more after the value");
	return s.why;
}

static const struct json_limits body_limits = { .values = JSON_VALUES_MAX };

const char *json_check(struct arena *a, const char *text, size_t length)
{
	return check_within(a, text, length, &body_limits);
}

static void put_object(void *ptr)
{
	json_object_put(ptr);
}

struct json_object *json_read_within(struct arena *a, const char *text, size_t length,
				     const struct json_limits *limits, const char **ret_why)
{
	struct json_tokener *tokener;
	struct json_object  *object;

	*ret_why = check_within(a, text, length, limits);
	if (*ret_why)
		return NULL;
	tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (!tokener)
		abort();
	object = json_tokener_parse_ex(tokener, text, (int)length);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		object = json_tokener_parse_ex(tokener, "", 1); /* NUL ends a number */
	if (json_tokener_get_error(tokener) != json_tokener_success)
		*ret_why = "the text cannot be read"; /* nothing known does this */
	json_tokener_free(tokener);
	if (object)
		arena_defer(a, put_object, object);
	return object;
}

struct json_object *json_read(struct arena *a, const char *text, size_t length,
			      const char **ret_why)
{
	return json_read_within(a, text, length, &body_limits, ret_why);
}

void json_put_text(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}
