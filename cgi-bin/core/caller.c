#include "caller.h"

#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#include "cookie.h"
#include "hash.h"
#include "route.h"
#include "utf8.h"

static const char *bearer_token(const struct request *r)
{
	const char *header = request_header(r, "HTTP_AUTHORIZATION");

	if (!header || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	return header + 7 + strspn(header + 7, " ");
}

const char *caller_csrf(struct arena *a, const char *token)
{
	static const char label[] = "doorstep: a page of this session";

	return hash_hmac_hex(a, token, strlen(token), label, sizeof(label) - 1);
}

void caller_set_session(struct reply *reply, struct arena *a, const char *token)
{
	cookie_set(reply, a, CALLER_SESSION_COOKIE, token, "Strict", COOKIE_UNTIL_THE_BROWSER_ENDS);
}

/* "https://doorstep.example:8443" is of the host "doorstep.example:8443". */
static bool is_of_host(const char *origin, const char *host)
{
	const char *authority = strstr(origin, "://");

	return authority && host && strcasecmp(authority + 3, host) == 0;
}

enum err caller_check_site(struct request *r)
{
	const char *site = request_header(r, "HTTP_SEC_FETCH_SITE"), *origin = request_header(r, "HTTP_ORIGIN");

	if ((site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) ||
	    (origin && !is_of_host(origin, request_header(r, "HTTP_HOST"))))
		return request_fail(r, ERR_CSRF, "A page of another site sent this: use those of Doorstep itself.");
	return ERR_NONE;
}

static enum err check_csrf(struct request *r, const char *token)
{
	const char *sent = request_header(r, "HTTP_X_CSRF_TOKEN"), *wanted = caller_csrf(r->arena, token);
	enum err    err = caller_check_site(r);

	if (err)
		return err;
	if (!sent || strlen(sent) != strlen(wanted) || CRYPTO_memcmp(sent, wanted, strlen(wanted)) != 0)
		return request_fail(r, ERR_CSRF, "Send as X-CSRF-Token what GET /api/v1/session tells as csrf_token.");
	return ERR_NONE;
}

static enum err read_token(struct request *r)
{
	const char *bearer = bearer_token(r), *cookie;
	enum err    err = cookie_read(r, CALLER_SESSION_COOKIE, &cookie);

	if (err)
		return err;
	if (cookie && request_header(r, "HTTP_AUTHORIZATION"))
		return request_fail(r, ERR_MALFORMED, "Send an access token or the cookie of a session, not both.");
	if (bearer || cookie)
		r->token_hash = hash_hex_of(r->arena, bearer ? bearer : cookie);
	/* What takes no token changes nothing in a session's name. */
	return cookie && r->route->scope && !route_reads(r->route) ? check_csrf(r, cookie) : ERR_NONE;
}

static bool is_plain_text(const char *text, size_t length)
{
	if (!utf8_valid(text, length))
		return false;
	for (const char *at = text; *at;)
		if (utf8_is_control(utf8_next(&at)))
			return false;
	return true;
}

static enum err read_reason(struct request *r)
{
	const char  *reason = request_header(r, "HTTP_DOORSTEP_REASON");
	const size_t length = reason ? strlen(reason) : 0;

	if (!reason)
		return ERR_NONE;
	if (!is_plain_text(reason, length) || utf8_count(reason, length) > CALLER_REASON_MAX)
		return request_fail(r, ERR_MALFORMED, "Doorstep-Reason is a text in UTF-8 of at most %d characters, "
				    "without line breaks.", CALLER_REASON_MAX);
	r->reason = arena_strdup(r->arena, reason);
	return ERR_NONE;
}

enum err caller_read(struct request *r)
{
	enum err err = read_token(r);

	return err ? err : read_reason(r);
}
