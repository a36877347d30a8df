#include "core/format.h"

#include <stdio.h>
#include <string.h>

static void write_escape(struct output *out, unsigned char c)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char       *known = c ? strchr(plain, c) : NULL;
	char              escape[8] = { '\\' };

	if (known)
		escape[1] = letters[known - plain];
	else
		snprintf(escape, sizeof(escape), "\\u%04x", c);
	output_text(out, escape);
}

void format_json_string(struct output *out, const char *text, size_t length)
{
	size_t start = 0;

	output_write(out, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		output_write(out, text + start, i - start);
		write_escape(out, c);
		start = i + 1;
	}
	output_write(out, text + start, length - start);
	output_write(out, "\"", 1);
}
