/*
 * A request as the gateway hands it over: lines "NAME=value", an empty one, the
 * body.  It goes through the whole pipeline of all programs, up to a database
 * that cannot be reached.  Its answer must be one: a status that there is, headers
 * of one line each, and a problem that is JSON.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/oauth.h"
#include "core/db.h"
#include "core/json.h"
#include "core/service.h"
#include "records/resources.h"
#include "register/changes.h"
#include "register/imports.h"
#include "register/resources.h"
#include "reports/resources.h"
#include "unit/fake_gateway.h"
#include "unit/fake_pq.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARAMS_MAX = 40 };

static const struct route *const routes[] = { health_routes, oauth_routes, RESOURCE_ROUTES, import_routes,
	REGISTER_ROUTES, change_routes, REPORT_ROUTES, NULL };
static const struct program all = { .name = "fuzz", .routes = routes };

/* Splits off the lines up to an empty one; answers what is behind it. */
static const char *read_params(char *text, char *params[PARAMS_MAX + 1])
{
	size_t n = 0;

	while (*text && *text != '\n') {
		char *end = text + strcspn(text, "\n"), *next = end + (*end == '\n');

		*end = '\0';
		if (n < PARAMS_MAX)
			params[n++] = text;
		text = next;
	}
	params[n] = NULL;
	return text + (*text == '\n');
}

/* The id of a request is nginx's own, and is passed on as it is. */
static bool is_asked(char *const *params)
{
	for (; *params; params++)
		if (strncmp(*params, "REQUEST_ID=", 11) == 0)
			return false;
	return true;
}

static const char *check_headers(const char *sent)
{
	while (strncmp(sent, "\r\n", 2) != 0) {
		const char *end = strstr(sent, "\r\n"), *colon = strchr(sent, ':');

		if (!end || !colon || colon > end || memchr(sent, '\n', (size_t)(end - sent)))
			abort();
		sent = end + 2;
	}
	return sent + 2;
}

static void check_answer(struct arena *a, const struct request *r, const struct reply *reply)
{
	const char *sent = fake_gateway_sent(), *body;

	if (strncmp(sent, "Status: ", 8) != 0 || strstr(sent, "Unknown\r\n"))
		abort();
	body = check_headers(sent);
	if (!r->head && strcmp(reply->content_type, "application/problem+json") == 0 &&
	    json_check(a, body, strlen(body)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena   *a = arena_new();
	char           *params[PARAMS_MAX + 1], *text = arena_strndup(a, (const char *)data, size);
	const char     *body = read_params(text, params);
	struct service  s = { .program = &all, .db = db_new("", "fuzz"), .settings = { .spool_dir = "/tmp",
		.reports_dir = "/nowhere", .deadline_ms = 1, .export_deadline_ms = 1, .job_deadline_ms = 1, .body_kib = 16,
		.import_kib = 16, .token_seconds = 60 } };
	struct request  r = { .arena = a, .settings = &s.settings };
	struct reply    reply;
	enum err        err;

	fake_pq_script(NULL);
	fake_pq_refuse(INT_MAX);
	fake_gateway_set(params, body, strlen(body));
	reply_init(&reply, &r);
	err = service_answer(&s, &r, &reply);
	if (err)
		reply_problem(&reply, &r, err);
	if (is_asked(params) && reply_send(&reply, &r))
		check_answer(a, &r, &reply);
	db_free(s.db);
	arena_free(a);
	return 0;
}
