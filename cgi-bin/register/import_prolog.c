#include "register/import_prolog.h"

#include <string.h>
#include <strings.h>

struct prolog {
	const char *at, *end;
};

static const char blanks[] = " \t\r\n";

static bool is_next(const struct prolog *p, const char *text)
{
	const size_t length = strlen(text);

	return (size_t)(p->end - p->at) >= length && memcmp(p->at, text, length) == 0;
}

static bool take(struct prolog *p, const char *text)
{
	const bool found = is_next(p, text);

	p->at += found ? strlen(text) : 0;
	return found;
}

static bool skip_blanks(struct prolog *p)
{
	const char *from = p->at;

	while (p->at < p->end && *p->at != '\0' && strchr(blanks, *p->at))
		p->at++;
	return p->at > from;
}

static bool skip_past(struct prolog *p, const char *text)
{
	const size_t length = strlen(text);
	const char  *found = memmem(p->at, (size_t)(p->end - p->at), text, length);

	p->at = found ? found + length : p->end;
	return found;
}

/* name = "value" of the XML declaration. */
static bool take_value(struct prolog *p, const char *name, const char **ret_value, size_t *ret_length)
{
	char quote;

	if (!take(p, name))
		return false;
	skip_blanks(p);
	if (!take(p, "="))
		return false;
	skip_blanks(p);
	if (!is_next(p, "\"") && !is_next(p, "'"))
		return false;
	quote = *p->at++;
	*ret_value = p->at;
	while (p->at < p->end && *p->at != quote && *p->at != '<' && *p->at != '>')
		p->at++;
	*ret_length = (size_t)(p->at - *ret_value);
	return p->at < p->end && *p->at++ == quote;
}

static bool encoding_is_known(const char *name, size_t length)
{
	static const char *const known[] = { "UTF-8", "US-ASCII", "ISO-8859-1", "windows-1252", NULL };

	for (const char *const *k = known; *k; k++)
		if (strlen(*k) == length && strncasecmp(*k, name, length) == 0)
			return true;
	return false;
}

/* The grammar of the declaration to the letter, so that no parser reads another encoding out of it. */
static const char *check_declaration(struct prolog *p)
{
	static const char broken[] = "the XML declaration is broken";
	const char       *value = NULL;
	size_t            length = 0;

	if (!skip_blanks(p) || !take_value(p, "version", &value, &length) || length != 3 ||
	    memcmp(value, "1.0", 3) != 0)
		return broken;
	if (skip_blanks(p) && is_next(p, "encoding")) {
		if (!take_value(p, "encoding", &value, &length))
			return broken;
		if (!encoding_is_known(value, length))
			return "the encoding is UTF-8, ISO-8859-1 or windows-1252";
		skip_blanks(p);
	}
	if (is_next(p, "standalone") && !take_value(p, "standalone", &value, &length))
		return broken;
	skip_blanks(p);
	return take(p, "?>") ? NULL : broken;
}

static const char *check_misc(struct prolog *p)
{
	for (;;) {
		skip_blanks(p);
		if (p->at == p->end)
			return "no element begins in its first 8192 bytes";
		if (take(p, "<!--"))
			skip_past(p, "-->");
		else if (take(p, "<?"))
			skip_past(p, "?>");
		else if (is_next(p, "<!"))
			return "a DOCTYPE is not accepted, whatever it says";
		else
			return *p->at == '<' ? NULL : "it does not begin as XML does";
	}
}

const char *import_prolog_check(const char *bytes, size_t size)
{
	struct prolog p = { .at = bytes, .end = bytes + size };
	const char   *why = NULL;

	if (size == 0)
		return "the file is empty";
	if (memchr(bytes, '\0', size))
		return "there is a NUL byte, or the encoding is none that is read: UTF-8, ISO-8859-1, windows-1252";
	take(&p, "\xef\xbb\xbf");
	if (is_next(&p, "<?xml ") || is_next(&p, "<?xml\t") || is_next(&p, "<?xml\r") || is_next(&p, "<?xml\n")) {
		p.at += strlen("<?xml");
		why = check_declaration(&p);
	}
	return why ? why : check_misc(&p);
}
