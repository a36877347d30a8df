#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *variable(const char *name)
{
	static char text[64];
	char       *end = stpcpy(text, "DOORSTEP_");

	for (; *name; name++)
		*end++ = (char)toupper((unsigned char)*name);
	*end = '\0';
	return text;
}

static const char *read_text(const char *name, const char *value)
{
	const char *given = getenv(variable(name));

	return given && *given ? given : value;
}

static bool read_int(const char *name, long value, long smallest, long largest, long *ret)
{
	const char *given = getenv(variable(name));
	char       *end;

	*ret = value;
	if (!given || !*given)
		return true;
	errno = 0;
	*ret = strtol(given, &end, 10);
	return errno == 0 && *end == '\0' && *ret >= smallest && *ret <= largest;
}

const char *settings_read(struct settings *s)
{
#define SETTING_TEXT(name, value, doc) s->name = read_text(#name, value);
#define SETTING_INT(name, value, smallest, largest, doc)           \
	if (!read_int(#name, value, smallest, largest, &s->name)) \
		return #name " must be a whole number from " #smallest " to " #largest;
#include "settings.def"
#undef SETTING_TEXT
#undef SETTING_INT
	return NULL;
}

void settings_describe(FILE *to)
{
#define SETTING_TEXT(name, value, doc) \
	fprintf(to, "  %-28s %s (default %s)\n", variable(#name), doc, *value ? value : "none");
#define SETTING_INT(name, value, smallest, largest, doc) \
	fprintf(to, "  %-28s %s (default %d, from %d to %d)\n", variable(#name), doc, value, smallest, largest);
#include "settings.def"
#undef SETTING_TEXT
#undef SETTING_INT
}
