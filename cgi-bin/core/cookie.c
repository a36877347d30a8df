#include "cookie.h"

#include <string.h>

/* "a=1; b=2": moves *at behind a pair, and answers it. */
static const char *next_pair(const char **at, size_t *ret_length)
{
	const char *pair = *at + strspn(*at, "; \t");

	*ret_length = strcspn(pair, ";");
	*at = pair + *ret_length;
	return *pair ? pair : NULL;
}

enum err cookie_read(struct request *r, const char *name, const char **ret_value)
{
	const char  *at = request_header(r, "HTTP_COOKIE"), *pair;
	const size_t length = strlen(name);
	size_t       size, found = 0;

	*ret_value = NULL;
	while (at && (pair = next_pair(&at, &size))) {
		if (size <= length || strncmp(pair, name, length) != 0 || pair[length] != '=')
			continue;
		if (found++ > 0)
			return request_fail(r, ERR_MALFORMED, "The cookie %s is sent more than once.", name);
		if (size > length + 1)
			*ret_value = arena_strndup(r->arena, pair + length + 1, size - length - 1);
	}
	return ERR_NONE;
}

void cookie_set(struct reply *reply, struct arena *a, const char *name, const char *value, const char *same_site,
		long seconds)
{
	const char *age = value && seconds == COOKIE_UNTIL_THE_BROWSER_ENDS ? ""
			  : arena_printf(a, "; Max-Age=%ld", value ? seconds : 0);

	reply_header(reply, "Set-Cookie", arena_printf(a, "%s=%s; Path=/; Secure; HttpOnly; SameSite=%s%s", name,
						       value ? value : "", same_site, age));
}
