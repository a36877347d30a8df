#include "core/format.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { QUALITY_FULL = 1000 };

/* One media range of an Accept header. */
struct range {
	const char *type;
	size_t      length;
	int         quality; /* thousandths; -1 when it cannot be read */
};

/* How far it is to one of the characters in ends that is not within quotes. */
static size_t span_to(const char *s, const char *ends)
{
	bool   quoted = false;
	size_t n;

	for (n = 0; s[n] && (quoted || !strchr(ends, s[n])); n++) {
		if (quoted && s[n] == '\\' && s[n + 1])
			n++;
		else if (s[n] == '"')
			quoted = !quoted;
	}
	return n;
}

static size_t trim(const char **s, size_t length)
{
	while (length > 0 && isspace((unsigned char)**s)) {
		++*s;
		length--;
	}
	while (length > 0 && isspace((unsigned char)(*s)[length - 1]))
		length--;
	return length;
}

/* ".2" too, which Java's own HTTP client sends. */
static int quality_read(const char *s, size_t length)
{
	int    quality = 0, unit = QUALITY_FULL;
	size_t at = 0;

	if (at < length && (s[at] == '0' || s[at] == '1'))
		quality = (s[at++] - '0') * QUALITY_FULL;
	if (at < length && s[at] == '.')
		for (at++; at < length && isdigit((unsigned char)s[at]); at++) {
			unit /= 10;
			quality += (s[at] - '0') * unit;
		}
	return length > 0 && at == length && quality <= QUALITY_FULL ? quality : -1;
}

/* Reads the range at s; answers where it ends, at a comma or at the end. */
static const char *range_read(const char *s, struct range *ret_range)
{
	size_t length = span_to(s, ";,");

	ret_range->type = s;
	ret_range->length = trim(&ret_range->type, length);
	ret_range->quality = QUALITY_FULL;
	for (s += length; *s == ';'; s += length) {
		const char *parameter = ++s;
		size_t      size;

		length = span_to(s, ";,");
		size = trim(&parameter, length);
		if (size >= 2 && strncasecmp(parameter, "q=", 2) == 0)
			ret_range->quality = quality_read(parameter + 2, size - 2);
	}
	return s;
}

static bool range_is(const struct range *r, const char *type, size_t length)
{
	return r->length == length && strncasecmp(r->type, type, length) == 0;
}

/* How closely a range names a media type; 0 when it does not. */
static int specificity(const struct range *r, const char *media_type)
{
	size_t main_type = strcspn(media_type, "/") + 1;

	if (range_is(r, "*/*", 3) || range_is(r, "*", 1))
		return 1;
	if (r->length == main_type + 1 && r->type[main_type] == '*' &&
	    strncasecmp(r->type, media_type, main_type) == 0)
		return 2;
	return range_is(r, media_type, strcspn(media_type, ";")) ? 3 : 0;
}

static int format_quality(const struct format *format, const char *accept)
{
	int quality = 0, closest = 0;

	for (const char *s = accept;; s++) {
		struct range r;
		int          close;

		s = range_read(s, &r);
		close = r.quality < 0 ? 0 : specificity(&r, format->media_type);
		if (close > closest || (close > 0 && close == closest && r.quality > quality)) {
			closest = close;
			quality = r.quality;
		}
		if (*s == '\0')
			return quality;
	}
}

const struct format *format_by_accept(const char *accept, const struct format *const *offered)
{
	const struct format *best = NULL;
	int                  most = 0;

	if (!accept || accept[strspn(accept, " \t,")] == '\0')
		return offered[0];
	for (const struct format *const *f = offered; *f; f++) {
		int quality = format_quality(*f, accept);

		if (quality > most) {
			most = quality;
			best = *f;
		}
	}
	return best;
}
