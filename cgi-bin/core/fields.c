#include "fields.h"

#include <string.h>
#include <strings.h>

#include "json.h"

bool fields_any(const struct route *route, enum field_in in)
{
	for (const struct field *f = route->fields; f && f->name; f++)
		if (f->in == in)
			return true;
	return false;
}

bool fields_filter(const struct route *route)
{
	for (const struct field *f = route->fields; f && f->name; f++)
		if (f->in == IN_QUERY && !f->internal)
			return true;
	return false;
}

const char *fields_value(const struct request *r, const char *name)
{
	for (size_t i = 0; r->route->fields && r->route->fields[i].name; i++)
		if (strcmp(r->route->fields[i].name, name) == 0)
			return r->values[i];
	return NULL;
}

static bool is_declared(const struct route *route, const char *name)
{
	for (const struct field *f = route->fields; f && f->name; f++)
		if ((f->in == IN_QUERY || f->in == IN_FORM) && strcmp(f->name, name) == 0)
			return true;
	return false;
}

static void check_param(struct request *r, const struct field *f, const char **value)
{
	const char *pointer = pointer_member(r->arena, "", f->name);
	const char *problem = NULL;

	*value = request_param(r, f->name);
	if (*value && !**value && f->in == IN_FORM)
		*value = NULL; /* RFC 6749 section 3.2: without a value is as if omitted */
	if (*value)
		problem = field_check_text(r->arena, f, *value);
	else if (f->required)
		problem = "is required";
	if (problem)
		problems_add(&r->problems, pointer, "%s", problem);
}

static enum err read_params(struct request *r, const struct segment *segments)
{
	for (size_t i = 0; r->route->fields && r->route->fields[i].name; i++) {
		const struct field *f = &r->route->fields[i];

		if (f->in == IN_PATH) {
			r->values[i] = arena_strndup(r->arena, segments->text, segments->length);
			segments++;
			if (field_check_text(r->arena, f, r->values[i]))
				return request_fail(r, ERR_NOT_FOUND, "There is nothing at this path.");
		} else if (f->in == IN_QUERY || f->in == IN_FORM) {
			check_param(r, f, &r->values[i]);
		}
	}
	/* RFC 6749 section 3.2: what is not known in a form is passed over. */
	for (size_t i = 0; i < r->param_count && !fields_any(r->route, IN_FORM); i++)
		if (!is_declared(r->route, r->params[i].name))
			problems_add(&r->problems, pointer_member(r->arena, "", r->params[i].name),
				     "is not a known parameter");
	return ERR_NONE;
}

static enum err want_media_type(struct request *r, const char *wanted)
{
	const char *charset = request_media_parameter(r, "charset");

	if (!request_media_type_is(r, wanted))
		return request_fail(r, ERR_MEDIA_TYPE, "Send the body as %s.", wanted);
	if (charset && strcasecmp(charset, "utf-8") != 0)
		return request_fail(r, ERR_MEDIA_TYPE, "Send the body in UTF-8.");
	return ERR_NONE;
}

static enum err read_json(struct request *r)
{
	const bool          patch = r->route->body == BODY_PATCH;
	const char         *why = NULL;
	struct json_object *body;
	enum err            err = ERR_NONE;

	if (!patch || !request_media_type_is(r, "application/merge-patch+json"))
		err = want_media_type(r, "application/json");
	if (!err)
		err = request_body(r, (uint64_t)r->settings->body_kib * 1024);
	if (err)
		return err;
	body = json_read(r->arena, r->body, r->body_length, &why);
	if (why)
		return request_fail(r, ERR_JSON, "%s", why);
	if (!json_object_is_type(body, json_type_object))
		return request_fail(r, ERR_JSON, "The body is not a JSON object.");
	field_check_body(r->route->fields, body, patch, &r->problems);
	return ERR_NONE;
}

static enum err read_form(struct request *r)
{
	enum err err = want_media_type(r, "application/x-www-form-urlencoded");

	/* URLs are written to logs; what a form asks for may be secret. */
	if (!err && *r->query)
		err = request_fail(r, ERR_MALFORMED, "Send the parameters in the body, not in the URL.");
	if (!err)
		err = request_body(r, (uint64_t)r->settings->body_kib * 1024);
	return err ? err : request_parse_pairs(r, r->body);
}

enum err fields_read(struct request *r, const struct segment *segments)
{
	enum err err = ERR_NONE;

	r->values = arena_alloc(r->arena, (route_field_count(r->route->fields) + 1) * sizeof(*r->values));
	if (request_header(r, "HTTP_CONTENT_ENCODING") && (fields_any(r->route, IN_FORM) || fields_any(r->route, IN_BODY)))
		return request_fail(r, ERR_MEDIA_TYPE, "Send the body without Content-Encoding.");
	if (fields_any(r->route, IN_FORM))
		err = read_form(r);
	if (!err)
		err = read_params(r, segments);
	if (!err && fields_any(r->route, IN_BODY) && r->route->body != BODY_ROWS)
		err = read_json(r);
	if (!err && r->problems.count > 0)
		err = request_fail(r, ERR_FIELDS, "Mend what \"errors\" lists and send it again; nothing was stored.");
	return err;
}
