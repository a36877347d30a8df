#include "etag.h"

#include <ctype.h>
#include <string.h>

const char *etag_of_version(struct arena *a, const char *version)
{
	return arena_printf(a, "\"%s\"", version);
}

/* The tag at *text, and *text moved behind it and its comma; NULL at a malformed one. */
static const char *next_tag(const char **text, size_t *ret_length, bool *ret_weak)
{
	const char *p = *text + strspn(*text, " \t,"), *tag;

	*ret_weak = strncmp(p, "W/", 2) == 0;
	p += *ret_weak ? 2 : 0;
	if (*p != '"')
		return NULL;
	tag = p + 1;
	*ret_length = strcspn(tag, "\"");
	p = tag + *ret_length;
	if (*p != '"')
		return NULL;
	p++;
	p += strspn(p, " \t");
	if (*p && *p != ',')
		return NULL;
	*text = p + strspn(p, ", \t");
	return tag;
}

/* Our tags are plain; another one can't match, so only plain ones are kept. */
static bool is_plain(const char *tag, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)tag[i]))
			return false;
	return length > 0;
}

const char *etag_array(struct arena *a, const char *if_match)
{
	const char *array = "{", *tag;
	size_t      length;
	bool        weak;

	if (strcmp(if_match, "*") == 0)
		return "{*}";
	do {
		tag = next_tag(&if_match, &length, &weak);
		if (!tag)
			return NULL;
		if (!weak && is_plain(tag, length))
			array = arena_printf(a, "%s%s%.*s", array, array[1] ? "," : "", (int)length, tag);
	} while (*if_match);
	return arena_printf(a, "%s}", array);
}

bool etag_matches(const char *if_none_match, const char *etag)
{
	const char *tag;
	size_t      length;
	bool        weak;

	if (strcmp(if_none_match, "*") == 0)
		return true;
	while (*if_none_match && (tag = next_tag(&if_none_match, &length, &weak)))
		if (strlen(etag) == length + 2 && strncmp(etag + 1, tag, length) == 0)
			return true;
	return false;
}
