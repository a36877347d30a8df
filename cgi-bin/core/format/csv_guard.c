#include "core/format/csv_guard.h"

#include <string.h>

#include "core/utf8.h"

/* What starts a formula, or a field or command in some spreadsheet; full-width forms too. */
static bool is_trigger(uint32_t c)
{
	static const uint32_t triggers[] = {
		'=', '+', '-', '@', '|', '%',
		0xff1d, 0xff0b, 0xff0d, 0xff20, 0xff5c, 0xff05, /* full-width */
		0xfe66, 0xfe62, 0xfe63, 0xfe6b, 0xfe6a,         /* small */
		0
	};

	for (const uint32_t *t = triggers; *t; t++)
		if (c == *t)
			return true;
	return false;
}

/* True when a trigger stands first, or behind nothing but what shows as nothing. */
static bool is_run(const char *at, const char *end)
{
	while (at < end) {
		uint32_t c = utf8_next(&at);

		if (is_trigger(c))
			return true;
		if (!utf8_is_blank(c) && !utf8_is_control(c))
			return false;
	}
	return false;
}

static const char *line_end(const char *line, const char *end)
{
	while (line < end && *line != '\n' && *line != '\r')
		line++;
	return line < end ? line + 1 : end;
}

/* The first line counts as the whole cell: line breaks at its start hide nothing. */
static bool line_is_run(const char *text, const char *line, const char *end)
{
	if (line == text)
		return *line == '\t' || *line == '\r' || is_run(line, end);
	return is_run(line, line_end(line, end));
}

bool csv_guard_needed(const char *text, size_t length)
{
	const char *end = text + length;

	for (const char *line = text; line < end; line = line_end(line, end))
		if (line_is_run(text, line, end))
			return true;
	return false;
}

size_t csv_guard_copy(char *to, const char *text, size_t length)
{
	const char *end = text + length, *line = text;
	char       *start = to;

	while (line < end) {
		size_t size = (size_t)(line_end(line, end) - line);

		if (line_is_run(text, line, end))
			*to++ = '\'';
		memcpy(to, line, size);
		to += size;
		line += size;
	}
	return (size_t)(to - start);
}

size_t csv_guard_undo(char *to, const char *text, size_t length)
{
	const char *end = text + length, *line = text;
	char       *start = to;

	while (line < end) {
		const char *next = line_end(line, end);

		if (*line == '\'' && (line == text ? csv_guard_needed(line + 1, (size_t)(end - line - 1))
		                                   : is_run(line + 1, next)))
			line++;
		memcpy(to, line, (size_t)(next - line));
		to += next - line;
		line = next;
	}
	return (size_t)(to - start);
}
