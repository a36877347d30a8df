#include "core/format.h"

#include <string.h>

size_t format_time(char *buffer, const char *text, size_t length)
{
	if (length >= FORMAT_TIME_SIZE)
		length = FORMAT_TIME_SIZE - 1;
	memcpy(buffer, text, length);
	if (length > 10 && buffer[10] == ' ')
		buffer[10] = 'T';
	if (length > 3 && memcmp(buffer + length - 3, "+00", 3) == 0) {
		length -= 2;
		buffer[length - 1] = 'Z';
	}
	buffer[length] = '\0';
	return length;
}
