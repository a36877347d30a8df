#include "webhook.h"

#include <string.h>
#include <time.h>

#include "core/hash.h"
#include "watch/url.h"

const char *webhook_signature(struct arena *a, const char *secret, const char *timestamp, const char *body)
{
	const char *text = arena_printf(a, "%s.%s", timestamp, body);

	return hash_hmac_hex(a, secret, strlen(secret), text, strlen(text));
}

static void free_list(void *list)
{
	curl_slist_free_all(list);
}

/* What a receiver answers is of no interest but for its status. */
static size_t pass_over(char *data, size_t size, size_t count, void *ctx)
{
	(void)data;
	(void)ctx;
	return size * count;
}

const char *webhook_prepare(struct arena *a, CURL *easy, const struct delivery *d)
{
	const char        *timestamp = arena_printf(a, "%lld", (long long)time(NULL));
	struct curl_slist *headers = NULL;

	if (url_problem(d->address))
		return url_problem(d->address);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	headers = curl_slist_append(headers, arena_printf(a, "Doorstep-Delivery: %s", d->id));
	headers = curl_slist_append(headers, arena_printf(a, "Doorstep-Timestamp: %s", timestamp));
	headers = curl_slist_append(headers, arena_printf(a, "Doorstep-Signature: v1=%s",
							   webhook_signature(a, d->secret, timestamp, d->body)));
	arena_defer(a, free_list, headers);
	curl_easy_setopt(easy, CURLOPT_URL, d->address);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "Doorstep/" PACKAGE_VERSION);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(d->body));
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, d->body);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, pass_over);
	return NULL;
}
