#include "address.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "watch/url.h"

/* Parsed, and tied to the arena; NULL when it is none. */
static CURLU *parse(struct arena *a, const char *url)
{
	CURLU *parsed = curl_url();

	if (!parsed || curl_url_set(parsed, CURLUPART_URL, url, 0) != CURLUE_OK) {
		curl_url_cleanup(parsed);
		return NULL;
	}
	arena_defer(a, (void (*)(void *))curl_url_cleanup, parsed);
	return parsed;
}

/* In the arena; NULL when it has no such part. */
static const char *part(struct arena *a, CURLU *parsed, CURLUPart what)
{
	char       *text = NULL;
	const char *copy = NULL;

	if (curl_url_get(parsed, what, &text, what == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) == CURLUE_OK)
		copy = arena_strdup(a, text);
	curl_free(text);
	return copy;
}

static bool has(struct arena *a, CURLU *parsed, CURLUPart what)
{
	return part(a, parsed, what) != NULL;
}

static const char *problem_of(struct arena *a, const char *url)
{
	CURLU *parsed = strlen(url) < ADDRESS_MAX && strstr(url, "://") ? parse(a, url) : NULL;

	if (!parsed || (!url_has_scheme(url, "https") && !url_has_scheme(url, "http")))
		return "is no URL: write https://host/";
	if (has(a, parsed, CURLUPART_USER) || has(a, parsed, CURLUPART_PASSWORD))
		return "holds a user or password, which others would see: leave it out";
	if (has(a, parsed, CURLUPART_QUERY) || has(a, parsed, CURLUPART_FRAGMENT))
		return "has a query or fragment: leave it out";
	if (url_has_scheme(url, "http") && !url_is_local(url))
		return "would send secrets in clear: use https";
	return NULL;
}

const char *address_problem(const char *url)
{
	struct arena *a = arena_new();
	const char   *why = problem_of(a, url);

	arena_free(a);
	return why;
}

static bool same(const char *x, const char *y)
{
	return x && y && strcasecmp(x, y) == 0;
}

bool address_same_origin(const char *x, const char *y)
{
	static const CURLUPart parts[] = { CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT };
	struct arena *a = arena_new();
	CURLU        *one = parse(a, x), *other = parse(a, y);
	bool          equal = one && other && !has(a, one, CURLUPART_USER) && !has(a, other, CURLUPART_USER) &&
		     !has(a, one, CURLUPART_PASSWORD) && !has(a, other, CURLUPART_PASSWORD);

	for (size_t i = 0; equal && i < sizeof(parts) / sizeof(*parts); i++)
		equal = same(part(a, one, parts[i]), part(a, other, parts[i]));
	arena_free(a);
	return equal;
}

const char *address_join(struct arena *a, const char *base, const char *path)
{
	size_t length = strlen(base);

	while (length > 0 && base[length - 1] == '/')
		length--;
	return arena_printf(a, "%.*s%s", (int)length, base, path);
}

const char *address_with(struct arena *a, const char *url, const char *parameter)
{
	CURLU *parsed = parse(a, url);

	if (!parsed || curl_url_set(parsed, CURLUPART_QUERY, parameter, CURLU_APPENDQUERY | CURLU_URLENCODE) != CURLUE_OK)
		return url;
	return part(a, parsed, CURLUPART_URL);
}

const char *address_resolve(struct arena *a, const char *from, const char *to)
{
	CURLU      *parsed = parse(a, from);
	const char *found = NULL;

	/* Blanks, as in a time, are encoded; strictly they are none of a URL. */
	if (parsed && curl_url_set(parsed, CURLUPART_URL, to, CURLU_ALLOW_SPACE | CURLU_URLENCODE) == CURLUE_OK &&
	    curl_url_set(parsed, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK)
		found = part(a, parsed, CURLUPART_URL);
	return found && strlen(found) < ADDRESS_MAX ? found : NULL;
}

const char *address_shown(struct arena *a, const char *url)
{
	static const CURLUPart hidden[] = { CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT };
	CURLU      *parsed = parse(a, url);
	const char *shown = NULL;

	for (size_t i = 0; parsed && i < sizeof(hidden) / sizeof(*hidden); i++)
		curl_url_set(parsed, hidden[i], NULL, 0);
	if (parsed)
		shown = part(a, parsed, CURLUPART_URL);
	return shown ? shown : "a URL that cannot be read";
}
