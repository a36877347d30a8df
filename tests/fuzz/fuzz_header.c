/*
 * Headers that decide something.  The first byte chooses: entity tags, the part
 * of an answer, the key of a write, a media type.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/etag.h"
#include "core/idempotency.h"
#include "core/reply.h"
#include "core/utf8.h"
#include "unit/fake_gateway.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct settings settings = { .spool_dir = "/tmp" };

/* What is made of If-Match is an array of PostgreSQL with nothing in it that would need quoting. */
static void check_tags(struct arena *a, const char *text)
{
	const char *array = etag_array(a, text);

	if (array && (array[0] != '{' || array[1 + strspn(array + 1, "*,0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '}' || array[strlen(array) - 1] != '}' || strchr(array, '}')[1]))
		abort();
	if (etag_matches(text, "\"12\"") && strcmp(text, "*") != 0 && !strstr(text, "\"12\""))
		abort();
}

static const struct route route = { .method = "GET", .path = "/api/v1/visits" };

static struct request with(struct arena *a, const char *const names[3], const char *const values[3])
{
	char **params = arena_alloc(a, 6 * sizeof(*params));

	params[0] = (char *)"REQUEST_METHOD=GET";
	params[1] = (char *)"REQUEST_URI=/api/v1/visits.csv";
	for (size_t i = 0; i < 3 && names[i]; i++)
		params[2 + i] = (char *)arena_printf(a, "%s=%s", names[i], values[i]);
	fake_gateway_set(params, "", 0);
	return (struct request){ .arena = a, .settings = &settings, .route = &route };
}

/* A range, an If-Range and an If-None-Match, a line each, of an answer of ten bytes. */
static void check_part(struct arena *a, char *text)
{
	static const char *const names[3] = { "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_NONE_MATCH" };
	const char              *values[3] = { strsep(&text, "\n"), NULL, NULL };
	struct request           r;
	struct reply             reply;
	enum err                 err;

	for (size_t i = 1; i < 3; i++)
		values[i] = text ? strsep(&text, "\n") : "";
	r = with(a, names, values);
	if (request_read(&r))
		return;
	reply_init(&reply, &r);
	reply.whole = true;
	output_text(reply.body, "0123456789");
	err = reply_seal(&reply, &r);
	if ((err && err != ERR_RANGE) || (reply.status != 200 && reply.status != 304) || output_length(reply.body) != 10)
		abort();
	if (err == ERR_RANGE && !isdigit((unsigned char)values[0][strspn(values[0], "bytes=")]))
		abort();
}

static void check_key(struct arena *a, const char *text)
{
	struct request     r = with(a, (const char *const[3]){ "HTTP_IDEMPOTENCY_KEY" }, &text);
	struct idempotency idempotency;

	if (request_read(&r) || idempotency_read(&r, "", &idempotency) || !idempotency.key)
		return;
	if (strlen(idempotency.key) > IDEMPOTENCY_KEY_MAX || strlen(idempotency.hash) != 64)
		abort();
}

static void check_type(struct arena *a, const char *text)
{
	struct request r = with(a, (const char *const[3]){ "CONTENT_TYPE" }, &text);
	const char    *charset;

	if (request_read(&r))
		return;
	request_media_type_is(&r, "application/json");
	charset = request_media_parameter(&r, "charset");
	if (charset && (!strstr(text, charset) || strpbrk(charset, "\"; \t")))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char         *text = arena_strndup(a, (const char *)data + (size > 0), size - (size > 0));

	switch (size > 0 ? data[0] % 4 : 0) {
	case 0:
		check_tags(a, text);
		break;
	case 1:
		check_part(a, text);
		break;
	case 2:
		check_key(a, text);
		break;
	default:
		check_type(a, text);
	}
	arena_free(a);
	return 0;
}
