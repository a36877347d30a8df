#include "url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { PART_MAX = 256 };

/* A part of the URL; false when it has none, or too long a one. */
static bool get_part(const char *url, CURLUPart part, char ret_text[PART_MAX])
{
	CURLU *parsed = curl_url();
	char  *text = NULL;
	bool   found = parsed && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
		     curl_url_get(parsed, part, &text, 0) == CURLUE_OK && strlen(text) < PART_MAX;

	if (found)
		stpcpy(ret_text, text);
	curl_free(text);
	curl_url_cleanup(parsed);
	return found;
}

static bool host_is_local(const char *host)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

bool url_is_local(const char *url)
{
	char host[PART_MAX];

	return get_part(url, CURLUPART_HOST, host) && host_is_local(host);
}

bool url_has_scheme(const char *url, const char *scheme)
{
	char found[PART_MAX];

	return get_part(url, CURLUPART_SCHEME, found) && strcasecmp(found, scheme) == 0;
}

const char *url_problem(const char *url)
{
	if (url_has_scheme(url, "https") || (url_has_scheme(url, "http") && url_is_local(url)))
		return NULL;
	if (url_has_scheme(url, "http"))
		return "http reaches no further than this machine: use https";
	return "this is no URL of a webhook";
}
