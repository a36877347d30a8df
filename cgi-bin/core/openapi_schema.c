#include "openapi_schema.h"

#include <string.h>

#include "json.h"

static struct json_object *of_field(const struct field *f, enum schema_use use, bool nullable);

/* Members of an object may be null unless they are required; items of a list never are. */
static bool is_nullable(const struct field *f)
{
	return !f->required && f->in == IN_BODY;
}

static void put_int(struct json_object *o, const char *name, long long value)
{
	json_object_object_add(o, name, json_object_new_int64(value));
}

static struct json_object *choices_of(const struct field *f, bool nullable)
{
	struct json_object *list = json_object_new_array();

	for (const char *const *c = f->choices; *c; c++)
		json_object_array_add(list, json_object_new_string(*c));
	if (nullable)
		json_object_array_add(list, NULL);
	return list;
}

static void describe_text(struct json_object *o, const struct field *f, enum schema_use use)
{
	if (use == SCHEMA_ANSWERED)
		return;
	put_int(o, "maxLength", f->max ? f->max : FIELD_TEXT_MAX);
	if (f->required || f->min)
		put_int(o, "minLength", f->min ? f->min : 1);
}

static void describe_int(struct json_object *o, const struct field *f, enum schema_use use)
{
	if (use == SCHEMA_ANSWERED)
		return;
	put_int(o, "minimum", f->min);
	put_int(o, "maximum", f->max ? f->max : FIELD_INT_MAX);
}

static void describe_list(struct json_object *o, const struct field *f, enum schema_use use)
{
	json_object_object_add(o, "items", of_field(f->item, use == SCHEMA_PATCH ? SCHEMA_SENT : use, false));
	if (use == SCHEMA_ANSWERED)
		return;
	put_int(o, "minItems", f->min);
	put_int(o, "maxItems", f->max ? f->max : FIELD_ITEMS_MAX);
}

static const char *type_of(const struct field *f)
{
	switch (f->type) {
	case FIELD_INT: return "integer";
	case FIELD_DECIMAL: return "number";
	case FIELD_BOOL: return "boolean";
	case FIELD_OBJECT: return "object";
	case FIELD_LIST: return "array";
	default: return "string";
	}
}

static struct json_object *type_or_null(const struct field *f, bool nullable)
{
	struct json_object *types;

	if (!nullable)
		return json_object_new_string(type_of(f));
	types = json_object_new_array();
	json_object_array_add(types, json_object_new_string(type_of(f)));
	json_object_array_add(types, json_object_new_string("null"));
	return types;
}

static struct json_object *base_of(const struct field *f, enum schema_use use)
{
	if (f->type == FIELD_OBJECT && f->fields)
		return schema_of_fields(f->fields, use);
	return json_object_new_object();
}

static struct json_object *of_field(const struct field *f, enum schema_use use, bool nullable)
{
	struct json_object *o = base_of(f, use);

	json_object_object_add(o, "type", type_or_null(f, nullable));
	if (f->doc)
		json_put_text(o, "description", f->doc);
	if (f->type == FIELD_TEXT)
		describe_text(o, f, use);
	else if (f->type == FIELD_INT || f->type == FIELD_DECIMAL)
		describe_int(o, f, use);
	else if (f->type == FIELD_LIST)
		describe_list(o, f, use);
	else if (f->type == FIELD_CHOICE)
		json_object_object_add(o, "enum", choices_of(f, nullable));
	else if (f->type == FIELD_DATE)
		json_put_text(o, "format", "date");
	else if (f->type == FIELD_TIME)
		json_put_text(o, "format", "date-time");
	return o;
}

struct json_object *schema_of_field(const struct field *f)
{
	return of_field(f, SCHEMA_SENT, is_nullable(f));
}

struct json_object *schema_of_fields(const struct field *fields, enum schema_use use)
{
	struct json_object *o = json_object_new_object(), *properties = json_object_new_object();
	struct json_object *required = json_object_new_array();

	for (const struct field *f = fields; f->name; f++) {
		if (f->in != IN_BODY || (use == SCHEMA_ANSWERED && f->shape == SHAPE_FLAT))
			continue;
		json_object_object_add(properties, f->name, of_field(f, use, is_nullable(f)));
		if (use == SCHEMA_ANSWERED || (use == SCHEMA_SENT && f->required))
			json_object_array_add(required, json_object_new_string(f->name));
	}
	json_put_text(o, "type", "object");
	json_object_object_add(o, "properties", properties);
	if (json_object_array_length(required) > 0)
		json_object_object_add(o, "required", required);
	else
		json_object_put(required);
	json_object_object_add(o, "additionalProperties", json_object_new_boolean(false));
	return o;
}
