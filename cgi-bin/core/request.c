#include "request.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "field.h"
#include "hash.h"

/* Headers that decide who asks or what happens: given twice, nobody knows which one counts. */
static const char *const only_once[] = {
	"HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY", "HTTP_IF_MATCH", "CONTENT_TYPE", "HTTP_CONTENT_TYPE",
	"CONTENT_LENGTH", "HTTP_COOKIE", "HTTP_X_CSRF_TOKEN", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE",
	"HTTP_DOORSTEP_REASON", NULL
};

enum err request_fail(struct request *r, enum err err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	r->detail = arena_vprintf(r->arena, fmt, args);
	va_end(args);
	return err;
}

static size_t count_params(const struct request *r, const char *name, const char **ret_value)
{
	const size_t length = strlen(name);
	size_t       count = 0;

	for (char *const *p = gateway_params(r->gateway); p && *p; p++)
		if (strncmp(*p, name, length) == 0 && (*p)[length] == '=' && count++ == 0)
			*ret_value = *p + length + 1;
	return count;
}

const char *request_header(const struct request *r, const char *name)
{
	const char *value = NULL;

	count_params(r, name, &value);
	return value && *value ? value : NULL;
}

static enum err check_headers(struct request *r)
{
	for (const char *const *name = only_once; *name; name++) {
		const char *value = NULL;

		if (count_params(r, *name, &value) > 1)
			return request_fail(r, ERR_MALFORMED, "Send each of Authorization, Content-Type, Cookie, "
					    "Doorstep-Reason, Idempotency-Key, If-Match, Origin, Sec-Fetch-Site "
					    "and X-CSRF-Token once only.");
		if (value && !utf8_valid(value, strlen(value)))
			return request_fail(r, ERR_MALFORMED, "A header is not valid UTF-8.");
	}
	return ERR_NONE;
}

static enum err read_length(struct request *r)
{
	const char *text = request_header(r, "CONTENT_LENGTH");
	char       *end;

	if (!text)
		return ERR_NONE;
	errno = 0;
	r->content_length = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno)
		return request_fail(r, ERR_MALFORMED, "Content-Length is not a number.");
	return ERR_NONE;
}

static enum err read_target(struct request *r)
{
	const char *uri = request_header(r, "REQUEST_URI");
	size_t      length = uri ? strcspn(uri, "?") : 0;

	if (!uri || uri[0] != '/')
		return request_fail(r, ERR_MALFORMED, "There is no path.");
	if (length > REQUEST_PATH_MAX)
		return request_fail(r, ERR_TOO_LARGE, "The path has more than %d bytes.", REQUEST_PATH_MAX);
	r->path = arena_strndup(r->arena, uri, length);
	r->query = uri[length] == '?' ? uri + length + 1 : "";
	if (strlen(r->query) > REQUEST_QUERY_MAX)
		return request_fail(r, ERR_TOO_LARGE, "The query has more than %d bytes.", REQUEST_QUERY_MAX);
	return request_parse_pairs(r, r->query);
}

enum err request_read(struct request *r)
{
	const char *id = request_header(r, "REQUEST_ID"), *method = request_header(r, "REQUEST_METHOD");
	enum err    err;

	/* The gateway's parameters are gone once the answer is sent; id and method are logged after that. */
	r->problems.arena = r->arena;
	r->id = id ? arena_strdup(r->arena, id) : hash_random_token(r->arena);
	r->method = arena_strdup(r->arena, method);
	if (!r->method)
		return request_fail(r, ERR_MALFORMED, "There is no method.");
	r->head = strcmp(r->method, "HEAD") == 0;
	if (r->head)
		r->method = "GET";
	err = check_headers(r);
	if (!err)
		err = read_length(r);
	if (!err)
		err = read_target(r);
	return err;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* application/x-www-form-urlencoded; NULL when an escape is broken or the text is not UTF-8. */
static const char *unescape(struct arena *a, const char *text, size_t length)
{
	char *out = arena_alloc(a, length + 1);
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		int high, low;

		if (text[i] != '%') {
			out[n++] = (char)(text[i] == '+' ? ' ' : text[i]);
			continue;
		}
		high = i + 1 < length ? hex_digit(text[i + 1]) : -1;
		low = i + 2 < length ? hex_digit(text[i + 2]) : -1;
		if (high < 0 || low < 0)
			return NULL;
		out[n++] = (char)(high << 4 | low);
		i += 2;
	}
	return utf8_valid(out, n) ? out : NULL;
}

const char *request_param(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->param_count; i++)
		if (strcmp(r->params[i].name, name) == 0)
			return r->params[i].value;
	return NULL;
}

enum err request_parse_pairs(struct request *r, const char *text)
{
	while (*text) {
		size_t      length = strcspn(text, "&"), name_length = strcspn(text, "=&");
		const char *value = text + name_length + (name_length < length);
		const char *name = unescape(r->arena, text, name_length);
		const char *decoded = unescape(r->arena, value, (size_t)(text + length - value));

		text += length + (text[length] == '&');
		if (length == 0)
			continue;
		if (!name || !decoded)
			return request_fail(r, ERR_MALFORMED, "The parameters hold a broken %%-escape, "
					    "a NUL, or what is not UTF-8.");
		if (request_param(r, name))
			problems_add(&r->problems, pointer_member(r->arena, "", name), "is given twice");
		if (r->param_count == REQUEST_PARAMS_MAX)
			return request_fail(r, ERR_MALFORMED, "There are more than %d parameters.", REQUEST_PARAMS_MAX);
		r->params[r->param_count++] = (struct param){ name, decoded };
	}
	return ERR_NONE;
}

bool request_media_type_is(const struct request *r, const char *media_type)
{
	const char  *given = request_header(r, "CONTENT_TYPE");
	const size_t length = strlen(media_type);

	return given && strncasecmp(given, media_type, length) == 0 &&
	       (given[length] == '\0' || given[length] == ';' || given[length] == ' ');
}

const char *request_media_parameter(const struct request *r, const char *name)
{
	const char  *given = request_header(r, "CONTENT_TYPE");
	const size_t length = strlen(name);

	for (const char *p = given ? strchr(given, ';') : NULL; p; p = strchr(p, ';')) {
		p += 1 + strspn(p + 1, " \t");
		if (strncasecmp(p, name, length) == 0 && p[length] == '=') {
			p += length + 1;
			p += *p == '"';
			return arena_strndup(r->arena, p, strcspn(p, "\"; \t"));
		}
	}
	return NULL;
}

static enum err check_length(struct request *r, uint64_t limit)
{
	if (r->content_length <= limit)
		return ERR_NONE;
	return request_fail(r, ERR_TOO_LARGE, "The body may have at most %llu bytes.", (unsigned long long)limit);
}

/* A body that breaks off must never be taken for a whole one. */
static enum err cut_short(struct request *r)
{
	return request_fail(r, ERR_MALFORMED, "The body ended before its Content-Length.");
}

enum err request_body(struct request *r, uint64_t limit)
{
	enum err err = check_length(r, limit);
	char    *body;
	size_t   have = 0;

	if (err)
		return err;
	body = arena_alloc(r->arena, r->content_length + 1);
	while (have < r->content_length) {
		ssize_t n = gateway_read(r->gateway, body + have, r->content_length - have);

		if (n <= 0)
			return cut_short(r);
		have += (size_t)n;
	}
	r->body = body;
	r->body_length = have;
	return ERR_NONE;
}
