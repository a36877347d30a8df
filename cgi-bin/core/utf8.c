#include "utf8.h"

/* RFC 3629 section 4: what a first byte says of the size and of the second byte. */
static const struct form {
	unsigned char first, last; /* of the first byte */
	unsigned char low, high;   /* of the second */
	unsigned char size;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	{ 0 }
};

static const struct range {
	uint32_t first, last;
} blanks[] = {
	{ 0x0009, 0x000d }, { 0x0020, 0x0020 }, { 0x0085, 0x0085 }, { 0x00a0, 0x00a0 },
	{ 0x00ad, 0x00ad }, { 0x1680, 0x1680 }, { 0x180e, 0x180e }, { 0x2000, 0x200f },
	{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff },
	{ 0 }
};

/* The size of the character of two or more bytes at s; 0 when it is not a valid one. */
static size_t long_size(const unsigned char *s, size_t left)
{
	const struct form *f = forms;

	while (f->size && (s[0] < f->first || s[0] > f->last))
		f++;
	if (f->size == 0 || f->size > left || s[1] < f->low || s[1] > f->high)
		return 0;
	for (size_t i = 2; i < f->size; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return f->size;
}

size_t utf8_span(const char *s, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)s;
	size_t               at = 0;

	while (at < length) {
		size_t size = 1;

		if (bytes[at] - 1u >= 0x7fu) /* not ASCII, or NUL */
			size = bytes[at] < 0x80 ? 0 : long_size(bytes + at, length - at);
		if (size == 0)
			break;
		at += size;
	}
	return at;
}

bool utf8_valid(const char *s, size_t length)
{
	return utf8_span(s, length) == length;
}

size_t utf8_count(const char *s, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

uint32_t utf8_next(const char **at)
{
	const unsigned char *s = (const unsigned char *)*at;
	size_t               size = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t             c = size == 1 ? s[0] : s[0] & (0x7fu >> size);

	for (size_t i = 1; i < size; i++)
		c = c << 6 | (s[i] & 0x3f);
	*at += size;
	return c;
}

size_t utf8_encode(char *to, uint32_t c)
{
	size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (size == 1) {
		to[0] = (char)c;
		return 1;
	}
	for (size_t i = size - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)((0xf00u >> size & 0xff) | c);
	return size;
}

bool utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

bool utf8_is_blank(uint32_t c)
{
	for (const struct range *r = blanks; r->last; r++)
		if (c >= r->first && c <= r->last)
			return true;
	return false;
}
