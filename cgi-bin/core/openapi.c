#include "openapi.h"

#include <ctype.h>
#include <string.h>

#include "caller.h"
#include "fields.h"
#include "format.h"
#include "json.h"
#include "openapi_schema.h"

/* Refusals that every route with a scope can meet in the pipeline. */
static const int statuses_of_pipeline[] = { 400, 401, 403, 406, 503, 0 };

static struct json_object *object(void)
{
	return json_object_new_object();
}

static struct json_object *put(struct json_object *o, const char *name, struct json_object *value)
{
	json_object_object_add(o, name, value);
	return value;
}

static struct json_object *reference(const char *to)
{
	struct json_object *o = object();

	json_put_text(o, "$ref", to);
	return o;
}

static struct json_object *parameter(const struct field *f)
{
	struct json_object *p = object();

	json_put_text(p, "name", f->name);
	json_put_text(p, "in", f->in == IN_PATH ? "path" : "query");
	put(p, "required", json_object_new_boolean(f->in == IN_PATH || f->required));
	put(p, "schema", schema_of_field(f));
	if (f->doc)
		json_put_text(p, "description", f->doc);
	return p;
}

static struct json_object *header_parameter(const char *name, bool required, const char *text)
{
	struct json_object *p = object();

	json_put_text(p, "name", name);
	json_put_text(p, "in", "header");
	put(p, "required", json_object_new_boolean(required));
	json_put_text(put(p, "schema", object()), "type", "string");
	json_put_text(p, "description", text);
	return p;
}

/* An Idempotency-Key, that is. */
static bool takes_key(const struct route *route)
{
	return route->scope && !route_reads(route) && !route->secret && !route_is_of_session(route);
}

static struct json_object *parameters(const struct route *route)
{
	struct json_object *list = json_object_new_array();

	for (const struct field *f = route->fields; f && f->name; f++)
		if (f->in == IN_PATH || f->in == IN_QUERY)
			json_object_array_add(list, parameter(f));
	if (route->body == BODY_PATCH)
		json_object_array_add(list, header_parameter("If-Match", true, "ETag of the record as it was read"));
	if (takes_key(route))
		json_object_array_add(list, header_parameter("Idempotency-Key", false,
			"The same key and request gives the same answer, once done; free again after a 202 that failed"));
	if (route->scope && !route_reads(route))
		json_object_array_add(list, header_parameter("X-CSRF-Token", route_is_of_session(route),
			"With the cookie of a session: csrf_token, as the session tells it"));
	if (route->scope && !route_is_of_session(route))
		json_object_array_add(list, header_parameter("Doorstep-Reason", false,
			"Why this is asked, at most 500 characters; some scopes of people open nothing without; it is kept"));
	if (route->goes_on)
		json_object_array_add(list, header_parameter("Prefer", false,
			"respond-async: 202 once the file is read; Location says where to ask how far it has come"));
	return list;
}

/* The form's fields, as if they were members of a body. */
static struct json_object *form_schema(const struct route *route)
{
	struct json_object *schema = object(), *properties = put(schema, "properties", object());
	struct json_object *required = put(schema, "required", json_object_new_array());

	json_put_text(schema, "type", "object");
	for (const struct field *f = route->fields; f->name; f++) {
		put(properties, f->name, schema_of_field(f));
		if (f->required)
			json_object_array_add(required, json_object_new_string(f->name));
	}
	return schema;
}

static void body_of_type(struct json_object *content, const char *media_type, struct json_object *schema)
{
	put(put(content, media_type, object()), "schema", schema);
}

static struct json_object *text_schema(void)
{
	struct json_object *o = object();

	json_put_text(o, "type", "string");
	return o;
}

static void put_request_body(struct json_object *operation, const struct route *route)
{
	struct json_object *body, *content;

	if (!fields_any(route, IN_BODY) && !fields_any(route, IN_FORM))
		return;
	body = put(operation, "requestBody", object());
	put(body, "required", json_object_new_boolean(true));
	content = put(body, "content", object());
	if (fields_any(route, IN_FORM)) {
		body_of_type(content, "application/x-www-form-urlencoded", form_schema(route));
	} else if (route->body == BODY_ROWS) {
		body_of_type(content, "text/csv", text_schema());
		body_of_type(content, "application/x-ndjson", schema_of_fields(route->fields, SCHEMA_SENT));
		for (const char *const *type = route->media_types; type && *type; type++)
			body_of_type(content, *type, object());
	} else if (route->body == BODY_PATCH) {
		body_of_type(content, "application/merge-patch+json", schema_of_fields(route->fields, SCHEMA_PATCH));
		body_of_type(content, "application/json", schema_of_fields(route->fields, SCHEMA_PATCH));
	} else {
		body_of_type(content, "application/json", schema_of_fields(route->fields, SCHEMA_SENT));
	}
}

static struct json_object *list_schema(struct json_object *record)
{
	struct json_object *o = object(), *properties = put(o, "properties", object()), *data, *next;
	struct json_object *required = put(o, "required", json_object_new_array());

	json_put_text(o, "type", "object");
	data = put(properties, "data", object());
	json_put_text(data, "type", "array");
	put(data, "items", record);
	next = put(properties, "next", object());
	put(next, "type", json_tokener_parse("[\"string\", \"null\"]"));
	json_put_text(next, "description", "Path of the next page; null on the last one");
	json_put_text(put(properties, "count", object()), "type", "integer");
	json_object_array_add(required, json_object_new_string("data"));
	json_object_array_add(required, json_object_new_string("next"));
	return o;
}

/* "visit" → "#/components/schemas/visit" */
static struct json_object *record_reference(struct arena *a, const struct route *route)
{
	return reference(arena_printf(a, "#/components/schemas/%s", route->noun));
}

static struct json_object *success(struct arena *a, const struct route *route)
{
	struct json_object *answer = object(), *content;

	json_put_text(answer, "description", route->summary);
	content = put(answer, "content", object());
	if (route->media_type) {
		body_of_type(content, route->media_type, object());
		return answer;
	}
	if (route->shape == DOCUMENT) {
		body_of_type(content, "application/xml", text_schema());
		body_of_type(content, "text/html", text_schema());
		return answer;
	}
	if (route->shape != MANY_ROWS) {
		body_of_type(content, "application/json", record_reference(a, route));
		return answer;
	}
	body_of_type(content, "application/json", list_schema(record_reference(a, route)));
	body_of_type(content, "application/x-ndjson", record_reference(a, route));
	body_of_type(content, "text/csv", text_schema());
	body_of_type(content, "application/xml", text_schema());
	body_of_type(content, format_xlsx.media_type, object());
	if (route->page)
		body_of_type(content, "text/html", text_schema());
	return answer;
}

static const struct field accepted_fields[] = {
	{ "import", .type = FIELD_INT, .required = true, .doc = "Its number" },
	{ "state", .type = FIELD_TEXT, .required = true, .doc = "running" },
	{ "location", .type = FIELD_TEXT, .required = true, .doc = "Path to ask at, as in Location" },
	{ 0 }
};

static struct json_object *accepted(void)
{
	struct json_object *answer = object();

	json_put_text(answer, "description", "Taken in; it goes on by itself");
	body_of_type(put(answer, "content", object()), "application/json", schema_of_fields(accepted_fields, SCHEMA_ANSWERED));
	return answer;
}

static void refusal(struct arena *a, struct json_object *responses, int status)
{
	put(responses, arena_printf(a, "%d", status), reference("#/components/responses/problem"));
}

static bool reads_body(const struct route *route)
{
	return fields_any(route, IN_BODY) || fields_any(route, IN_FORM);
}

/* What its ETag is made of. */
static bool has_version(const struct field *answer)
{
	while (answer->name && strcmp(answer->name, "version") != 0)
		answer++;
	return answer->name != NULL;
}

/* What may be fetched part by part, and is not sent to who has it already. */
static bool is_file(const struct route *route)
{
	return route_reads(route) && !route->once &&
	       (route->shape == MANY_ROWS || route->shape == DOCUMENT || route->media_type);
}

static struct json_object *responses(struct arena *a, const struct route *route)
{
	struct json_object *all = object();

	put(all, arena_printf(a, "%d", route->status ? route->status : 200), success(a, route));
	if (route->goes_on)
		put(all, "202", accepted());
	if (route_reads(route) && route->shape == ONE_ROW && route->function && has_version(route->answer))
		json_put_text(put(all, "304", object()), "description", "The record is as If-None-Match says");
	if (is_file(route)) {
		json_put_text(put(all, "206", object()), "description", "Of an export, the part that Range asks for");
		json_put_text(put(all, "304", object()), "description", "The export is as If-None-Match says");
	}
	for (const int *s = route->scope ? statuses_of_pipeline : NULL; s && *s; s++)
		if (*s != 406 || !route_is_of_any_type(route))
			refusal(a, all, *s);
	if (route->hidden)
		refusal(a, all, 404);
	if (fields_any(route, IN_PATH) && route->shape != MANY_ROWS && route_reads(route))
		refusal(a, all, 404);
	if (reads_body(route)) {
		refusal(a, all, 413);
		refusal(a, all, 415);
	}
	if (takes_key(route)) {
		refusal(a, all, 409);
		refusal(a, all, 422);
	}
	for (const int *s = route->statuses; s && *s; s++)
		refusal(a, all, *s);
	return all;
}

/* A program's token, or the session of a person; what is of the session itself, that alone. */
static struct json_object *security_of(const struct route *route)
{
	struct json_object *security = json_object_new_array(), *needs = object(), *scopes;

	if (!route->scope) {
		json_object_put(needs);
		return security;
	}
	if (!route_is_of_session(route)) {
		scopes = put(needs, "oauth2", json_object_new_array());
		json_object_array_add(scopes, json_object_new_string(route->scope));
		json_object_array_add(security, needs);
		needs = object();
	}
	put(needs, "session", json_object_new_array());
	json_object_array_add(security, needs);
	return security;
}

/* Of letters and _ alone, as programs want names. */
static const char *operation_id(struct arena *a, const char *verb, const char *name)
{
	char *id = arena_printf(a, "%s_%s", verb, name), *end = id;

	for (const char *c = id; *c; c++)
		if (*c != '{' && *c != '}')
			*end++ = (char)(*c == '-' ? '_' : *c);
	*end = '\0';
	return id;
}

static struct json_object *operation(struct arena *a, const struct route *route)
{
	struct json_object *o = object();
	const char         *name = route->function ? route->function : route->path;
	const char         *last = route->query ? route->nouns : strrchr(name, name[0] == '/' ? '/' : '.') + 1;
	const char         *verb = route_reads(route) ? "get" : strcmp(route->method, "DELETE") == 0 ? "end" : "do";

	json_put_text(o, "summary", route->summary);
	json_put_text(o, "operationId", operation_id(a, verb, last));
	put(o, "parameters", parameters(route));
	put_request_body(o, route);
	put(o, "responses", responses(a, route));
	put(o, "security", security_of(route));
	return o;
}

static const char *lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static struct json_object *problem_schema(void)
{
	static const struct field item_fields[] = {
		{ "pointer", .type = FIELD_TEXT, .required = true, .max = 1 << 21, .doc = "JSON pointer to the field" },
		{ "detail", .type = FIELD_TEXT, .required = true, .doc = "What is wrong with it" },
		{ 0 }
	};
	static const struct field item = { "error", .type = FIELD_OBJECT, .fields = item_fields };
	static const struct field fields[] = {
		{ "type", .type = FIELD_TEXT, .required = true, .doc = "Which problem: stable" },
		{ "title", .type = FIELD_TEXT, .required = true, .doc = "The problem in words" },
		{ "status", .type = FIELD_INT, .required = true, .max = 599, .doc = "HTTP status" },
		{ "detail", .type = FIELD_TEXT, .doc = "What to do about it" },
		{ "instance", .type = FIELD_TEXT, .required = true, .doc = "The request, as in X-Request-Id" },
		{ "errors", .type = FIELD_LIST, .item = &item, .doc = "Every problem of a field" },
		{ 0 }
	};
	struct json_object *schema = schema_of_fields(fields, SCHEMA_SENT);

	json_object_object_del(schema, "additionalProperties");
	return schema;
}

/* Every scope that a route asks for. */
static struct json_object *scopes_of(const struct route *const *tables)
{
	struct json_object *scopes = object();

	for (; *tables; tables++)
		for (const struct route *r = *tables; r->method; r++)
			if (r->scope && !route_is_of_session(r))
				json_put_text(scopes, r->scope, strstr(r->scope, ":write") ? "Write" : "Read");
	return scopes;
}

static struct json_object *components(const struct route *const *tables)
{
	struct json_object *all = object(), *schemas = put(all, "schemas", object()), *problem, *flow,
			   *schemes, *session;

	for (const struct route *const *table = tables; *table; table++)
		for (const struct route *r = *table; r->method; r++)
			if (r->answer && r->shape != DOCUMENT && !r->media_type && !json_object_object_get_ex(schemas, r->noun, NULL))
				put(schemas, r->noun, schema_of_fields(r->answer, SCHEMA_ANSWERED));
	put(schemas, "problem", problem_schema());
	problem = put(put(all, "responses", object()), "problem", object());
	json_put_text(problem, "description", "A problem (RFC 9457)");
	body_of_type(put(problem, "content", object()), "application/problem+json",
		     reference("#/components/schemas/problem"));
	schemes = put(all, "securitySchemes", object());
	session = put(schemes, "session", object());
	json_put_text(session, "type", "apiKey");
	json_put_text(session, "in", "cookie");
	json_put_text(session, "name", CALLER_SESSION_COOKIE);
	json_put_text(session, "description", "Of a person who signed in at /api/v1/session; opens what their roles do");
	flow = put(schemes, "oauth2", object());
	json_put_text(flow, "type", "oauth2");
	flow = put(put(flow, "flows", object()), "clientCredentials", object());
	json_put_text(flow, "tokenUrl", "/oauth2/token");
	put(flow, "scopes", scopes_of(tables));
	return all;
}

struct json_object *openapi_document(struct arena *a, const struct route *const *tables)
{
	struct json_object *document = object(), *info, *paths, *path;

	json_put_text(document, "openapi", "3.1.0");
	info = put(document, "info", object());
	json_put_text(info, "title", "Doorstep");
	json_put_text(info, "version", PACKAGE_VERSION);
	json_put_text(info, "description", "Home visits of a trust of schools: the records and their exports.");
	json_put_text(put(info, "license", object()), "name", "MIT");
	json_put_text(json_object_array_get_idx(put(document, "servers", json_tokener_parse("[{}]")), 0), "url", "/");
	paths = put(document, "paths", object());
	for (const struct route *const *table = tables; *table; table++)
		for (const struct route *r = *table; r->method; r++) {
			if (!json_object_object_get_ex(paths, r->path, &path))
				path = put(paths, r->path, object());
			put(path, lower(a, r->method), operation(a, r));
		}
	put(document, "components", components(tables));
	return document;
}
