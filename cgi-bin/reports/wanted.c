#include "reports/wanted.h"

#include <string.h>

#include "core/answer.h"
#include "core/fields.h"
#include "core/json.h"
#include "core/route.h"

static const char reports[] = "/api/v1/reports/";

/* detail: NULL when all that is wrong was added already. */
static enum err refuse(struct request *r, const char *detail)
{
	if (detail)
		problems_add(&r->problems, "/path", "%s", detail);
	return request_fail(r, ERR_FIELDS, "Mend what \"errors\" lists and send it again; nothing was stored.");
}

static bool is_report(const struct request *asked)
{
	return strncmp(asked->path, reports, sizeof(reports) - 1) == 0;
}

static bool has_window(const struct route *route)
{
	int ends = 0;

	for (const struct field *f = route->fields; f && f->name; f++)
		ends += f->in == IN_QUERY && f->type == FIELD_DATE && (strcmp(f->name, "from") == 0 || strcmp(f->name, "to") == 0);
	return ends == 2;
}

/* NULL when it can be exported as wanted, or why it cannot. */
static const char *why_not(const struct request *asked, enum wanted wanted, bool window)
{
	if (!asked->route->scope || !answer_is_export(asked))
		return "names no list or report as csv, ndjson, xml, xlsx or html";
	if (wanted != WANTED_ANY && !is_report(asked))
		return "names no report";
	if (window && (!has_window(asked->route) || fields_value(asked, "from") || fields_value(asked, "to")))
		return "names a report that has no window, or gives one itself: leave from and to out";
	return NULL;
}

static enum err note_problems(struct request *r, const struct request *asked)
{
	for (const struct problem *p = asked->problems.first; p; p = p->next)
		problems_add(&r->problems, "/path", "%s %s", p->pointer + 1, p->detail);
	return refuse(r, asked->problems.first ? NULL : asked->detail ? asked->detail : "names nothing that there is");
}

/* Within the body as it was sent, of which a key for repeating it keeps the hash. */
static void put_scope(struct request *r, const char *scope)
{
	const char *end = strrchr(r->body, '}');

	r->body = arena_printf(r->arena, "%.*s, \"scope\": \"%s\"%s", (int)(end - r->body), r->body, scope, end);
	r->body_length = strlen(r->body);
}

enum err wanted_check(struct service *s, struct request *r, enum wanted wanted)
{
	const char         *why = NULL;
	struct json_object *body = json_read(r->arena, r->body, r->body_length, &why);
	const char         *path = json_object_get_string(json_object_object_get(body, "path"));
	char               *params[] = { (char *)"REQUEST_METHOD=GET", arena_printf(r->arena, "REQUEST_URI=%s", path), NULL };
	struct request      asked = { .arena = r->arena, .settings = r->settings, .gateway = gateway_given(r->arena, params) };
	struct reply        unsent;

	reply_init(&unsent, &asked);
	if (service_read(s, &asked, &unsent, true))
		return note_problems(r, &asked);
	why = why_not(&asked, wanted, json_object_object_get(body, "window") != NULL);
	if (why)
		return refuse(r, why);
	put_scope(r, asked.route->scope);
	return ERR_NONE;
}
