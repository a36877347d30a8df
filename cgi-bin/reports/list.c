#include <string.h>

#include "core/json.h"
#include "core/openapi_schema.h"
#include "core/request.h"
#include "core/service.h"
#include "reports/resources.h"

static const struct field parameter_fields[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "In the query of the URL" },
	{ "type", .type = FIELD_TEXT, .required = true, .doc = "string, integer, number or boolean" },
	{ "required", .type = FIELD_BOOL, .required = true, .doc = "Whether the report cannot do without" },
	{ "description", .type = FIELD_TEXT, .required = true, .doc = "What it means" },
	{ 0 }
};
static const struct field parameter_item = { "parameter", .type = FIELD_OBJECT, .fields = parameter_fields };
static const struct field report_fields[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "Name of the report: its path is /api/v1/reports/{name}" },
	{ "title", .type = FIELD_TEXT, .required = true, .doc = "Title" },
	{ "scope", .type = FIELD_TEXT, .required = true, .doc = "The scope that it asks for" },
	{ "parameters", .type = FIELD_LIST, .required = true, .item = &parameter_item, .doc = "What it takes" },
	{ 0 }
};
static const struct field report_item = { "report", .type = FIELD_OBJECT, .fields = report_fields };
static const struct field list_fields[] = {
	{ "data", .type = FIELD_LIST, .required = true, .item = &report_item, .doc = "The reports, by name" },
	{ 0 }
};

static struct json_object *parameter_of(const struct field *f)
{
	struct json_object *p = json_object_new_object(), *schema = schema_of_field(f), *type;

	json_put_text(p, "name", f->name);
	json_object_object_get_ex(schema, "type", &type);
	json_put_text(p, "type", json_object_get_string(type));
	json_object_object_add(p, "required", json_object_new_boolean(f->required));
	json_put_text(p, "description", f->doc);
	json_object_put(schema);
	return p;
}

static struct json_object *report_of(const struct route *route)
{
	struct json_object *o = json_object_new_object(), *parameters = json_object_new_array();

	json_put_text(o, "name", strrchr(route->path, '/') + 1);
	json_put_text(o, "title", route->summary);
	json_put_text(o, "scope", route->scope);
	for (const struct field *f = route->fields; f->name; f++)
		if (f->in == IN_QUERY)
			json_object_array_add(parameters, parameter_of(f));
	json_object_object_add(o, "parameters", parameters);
	return o;
}

static int by_name(const void *one, const void *other)
{
	struct json_object *a, *b;

	json_object_object_get_ex(*(struct json_object *const *)one, "name", &a);
	json_object_object_get_ex(*(struct json_object *const *)other, "name", &b);
	return strcmp(json_object_get_string(a), json_object_get_string(b));
}

static enum err answer_list(struct service *s, struct request *r, struct reply *reply)
{
	static const char   path[] = "/api/v1/reports/";
	struct json_object *list = json_object_new_object(), *data = json_object_new_array();

	(void)r;
	for (const struct route *const *table = s->program->routes; *table; table++)
		for (const struct route *route = *table; route->method; route++)
			if (strncmp(route->path, path, sizeof(path) - 1) == 0 && route->scope)
				json_object_array_add(data, report_of(route));
	json_object_array_sort(data, by_name);
	json_object_object_add(list, "data", data);
	output_printf(reply->body, "%s\n",
		      json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(list);
	return ERR_NONE;
}

static const int statuses[] = { 400, 406, 0 };

const struct route report_list_routes[] = {
	{ .method = "GET", .path = "/api/v1/reports", .summary = "List the reports, with what they take",
	  .answer = list_fields, .noun = "report_list", .nouns = "report_lists", .handle = answer_list, .statuses = statuses },
	{ 0 }
};
