#include "register/year_group.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *said, *meant;
} words[] = {
	{ "N1", "N1" }, { "N2", "N2" }, { "R", "R" }, { "Reception", "R" }, { "0", "R" },
	{ "E1", "" }, { "E2", "" }, { "14", "" }, { "M", "" }, { "X", "" },
	{ NULL, NULL }
};

static const char *without_prefix(const char *text)
{
	static const char *const prefixes[] = { "Year ", "Yr ", "Y", NULL };

	for (const char *const *p = prefixes; *p; p++)
		if (strncasecmp(text, *p, strlen(*p)) == 0)
			return text + strlen(*p);
	return text;
}

const char *year_group_read(struct arena *a, const char *text)
{
	const char *rest = without_prefix(text);

	rest += strspn(rest, " ");
	if (rest[0] == '0' && rest[1] != '\0')
		rest++;
	for (size_t i = 0; words[i].said; i++)
		if (strcasecmp(rest, words[i].said) == 0)
			return words[i].meant;
	return rest[0] != '\0' && rest[strspn(rest, "0123456789")] == '\0' ? arena_strdup(a, rest) : text;
}
