#include "sso/fetch.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "core/json.h"
#include "watch/url.h"

enum { BODY_MAX = 256 * 1024, CONNECT_MS = 3000, WHOLE_MS = 6000 };

struct body {
	char  *text;
	size_t size;
};

static size_t take(char *data, size_t size, size_t count, void *ctx)
{
	struct body *body = ctx;
	const size_t more = size * count;

	if (more > BODY_MAX - body->size)
		return 0;
	memcpy(body->text + body->size, data, more);
	body->size += more;
	return more;
}

static void free_easy(void *easy)
{
	curl_easy_cleanup(easy);
}

static const char *transfer(struct arena *a, const char *url, const char *form, struct body *body)
{
	CURL    *easy = curl_easy_init();
	CURLcode rc;
	long     status = 0;

	if (!easy)
		return "there is not the memory";
	arena_defer(a, free_easy, easy);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
	if (form)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form);
	rc = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (rc != CURLE_OK)
		return curl_easy_strerror(rc);
	return status == 200 ? NULL : arena_printf(a, "it answered %ld", status);
}

struct json_object *fetch_json(struct arena *a, const char *issuer, const char *url, const char *form,
			       const char **ret_why)
{
	struct body         body = { .text = arena_alloc(a, BODY_MAX + 1) };
	struct json_object *object;

	if (url_problem(url) || (url_has_scheme(url, "http") && !url_is_local(issuer)))
		*ret_why = "it names an address that is not https";
	else
		*ret_why = transfer(a, url, form, &body);
	if (*ret_why)
		return NULL;
	object = json_read(a, body.text, body.size, ret_why);
	if (!*ret_why && !json_object_is_type(object, json_type_object))
		*ret_why = "what it answered is no object";
	return *ret_why ? NULL : object;
}

const char *fetch_escaped(struct arena *a, const char *text)
{
	char *escaped = curl_easy_escape(NULL, text, 0);

	arena_defer(a, curl_free, escaped);
	return escaped ? escaped : "";
}
