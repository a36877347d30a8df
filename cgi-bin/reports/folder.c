#include "reports/folder.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "core/answer.h"
#include "core/fields.h"
#include "core/file.h"
#include "core/format.h"
#include "core/json.h"
#include "core/page.h"
#include "core/request.h"
#include "records/resources.h"
#include "reports/about.h"

enum { FILE_MAX = 256 * 1024 };

/* As report.json calls them, as they are checked, as PostgreSQL calls them. */
static const char *const type_names[] = { "text", "integer", "decimal", "boolean", "date", "time", NULL };
static const enum field_type types[] = { FIELD_TEXT, FIELD_INT, FIELD_DECIMAL, FIELD_BOOL, FIELD_DATE, FIELD_TIME };
static const char *const sql_types[] = { "text", "bigint", "numeric", "boolean", "date", "timestamptz" };

static const char *const scopes[] = { "visits:read", "records:read", "concerns:read", "risk:read", "checks:read",
	"agreements:read", "referrals:read", "attendance:read", "alarms:read", "policies:read", "counts:read",
	"audit:read", NULL };

static const struct field choice_item = { "choice", .type = FIELD_TEXT, .max = 60 };
static const struct field parameter_fields[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .max = 40, .doc = "In the query of the URL, and in report.sql" },
	{ "type", .type = FIELD_CHOICE, .required = true, .choices = type_names, .doc = "What it looks like" },
	{ "choices", .type = FIELD_LIST, .item = &choice_item, .doc = "Of a text: the values that there are" },
	{ "minimum", .type = FIELD_INT, .doc = "Of a number: the least" },
	{ "maximum", .type = FIELD_INT, .doc = "Of a number: the greatest" },
	{ "required", .type = FIELD_BOOL, .doc = "Whether the report cannot do without" },
	{ "description", .type = FIELD_TEXT, .required = true, .doc = "What it means, and what holds without it" },
	{ 0 }
};
static const struct field parameter_item = { "parameter", .type = FIELD_OBJECT, .fields = parameter_fields };
static const struct field column_fields[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .max = 40, .doc = "In every format" },
	{ "title", .type = FIELD_TEXT, .required = true, .max = 60, .doc = "Over the column of the page" },
	{ "type", .type = FIELD_CHOICE, .required = true, .choices = type_names, .doc = "What it looks like" },
	{ "unit", .type = FIELD_TEXT, .max = 20, .doc = "Unit of a number: minutes, %" },
	{ "required", .type = FIELD_BOOL, .doc = "Whether it is never null" },
	{ "description", .type = FIELD_TEXT, .required = true, .doc = "What it means" },
	{ 0 }
};
static const struct field column_item = { "column", .type = FIELD_OBJECT, .fields = column_fields };

const struct field folder_fields[] = {
	{ "title", .type = FIELD_TEXT, .required = true, .max = 100, .doc = "Title of the report" },
	{ "answers", .type = FIELD_TEXT, .required = true, .doc = "The question that it answers" },
	{ "serves", .type = FIELD_TEXT, .doc = "The clauses or law that it serves" },
	{ "scope", .type = FIELD_CHOICE, .required = true, .choices = scopes, .doc = "The scope that it asks for" },
	{ "row", .type = FIELD_TEXT, .required = true, .max = 40, .doc = "What a row is: an element of the XML" },
	{ "rows", .type = FIELD_TEXT, .required = true, .max = 40, .doc = "The element of all rows" },
	{ "parameters", .type = FIELD_LIST, .item = &parameter_item, .max = 12, .doc = "What it takes" },
	{ "columns", .type = FIELD_LIST, .required = true, .item = &column_item, .min = 1, .max = 40, .doc = "Its columns, in order" },
	{ 0 }
};

/* One folder while it is read. */
struct folder {
	struct arena       *a;
	const char         *path; /* of the folder */
	const char         *why;  /* what is wrong with it; NULL: nothing so far */
	struct json_object *json;
};

static const char *read_text(struct folder *f, const char *name)
{
	const char *why, *text = file_text(f->a, arena_printf(f->a, "%s/%s", f->path, name), FILE_MAX, &why);

	if (!text)
		f->why = arena_printf(f->a, "%s: %s", name, why);
	return text;
}

/* Names stand in SQL, URLs and XML. */
static bool is_name(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static const char *text_of(struct json_object *o, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(o, name, &value) ? json_object_get_string(value) : NULL;
}

static long long number_of(struct json_object *o, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(o, name, &value) ? json_object_get_int64(value) : 0;
}

static bool is_true(struct json_object *o, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(o, name, &value) && json_object_get_boolean(value);
}

static size_t list_of(struct json_object *o, const char *name, struct json_object **ret_list)
{
	return json_object_object_get_ex(o, name, ret_list) && *ret_list ? json_object_array_length(*ret_list) : 0;
}

static size_t type_of(struct json_object *o)
{
	size_t n = 0;

	while (strcmp(type_names[n], text_of(o, "type")) != 0)
		n++;
	return n;
}

/* The names that the lists of a report.json give must be names, and each be there once. */
static void check_names(struct folder *f, const char *list)
{
	struct json_object *items;
	size_t              count = f->why ? 0 : list_of(f->json, list, &items); /* which it is, if nothing is wrong so far */

	for (size_t i = 0; !f->why && i < count; i++) {
		const char *name = text_of(json_object_array_get_idx(items, i), "name");

		if (!is_name(name) || (strcmp(list, "parameters") == 0 && strcmp(name, "flavour") == 0))
			f->why = arena_printf(f->a, "report.json: /%s/%zu/name is no name, or one that is taken", list, i);
		for (size_t j = 0; !f->why && j < i; j++)
			if (strcmp(name, text_of(json_object_array_get_idx(items, j), "name")) == 0)
				f->why = arena_printf(f->a, "report.json: /%s/%zu/name is there twice", list, i);
	}
}

static void read_json(struct folder *f)
{
	struct problems problems = { .arena = f->a };
	const char     *text = read_text(f, "report.json"), *why = NULL;

	if (f->why)
		return;
	f->json = json_read(f->a, text, strlen(text), &why);
	if (!json_object_is_type(f->json, json_type_object)) {
		f->why = arena_printf(f->a, "report.json: %s", why ? why : "is no object");
		return;
	}
	field_check_body(folder_fields, f->json, false, &problems);
	if (problems.first)
		f->why = arena_printf(f->a, "report.json: %s %s", problems.first->pointer, problems.first->detail);
	else if (!is_name(text_of(f->json, "row")) || !is_name(text_of(f->json, "rows")))
		f->why = "report.json: /row or /rows is no name";
	check_names(f, "columns");
	check_names(f, "parameters");
}

static const char *const *choices_of(struct arena *a, struct json_object *parameter)
{
	struct json_object *list;
	size_t              count = list_of(parameter, "choices", &list);
	const char        **choices = arena_alloc(a, (count + 1) * sizeof(*choices));

	for (size_t i = 0; i < count; i++)
		choices[i] = json_object_get_string(json_object_array_get_idx(list, i));
	return count > 0 ? choices : NULL;
}

static const struct field *parameters_of(struct folder *f)
{
	static const struct field flavour = FLAVOUR_FIELD;
	struct json_object *list;
	size_t              count = list_of(f->json, "parameters", &list);
	struct field       *fields = arena_alloc(f->a, (count + 2) * sizeof(*fields));

	for (size_t i = 0; i < count; i++) {
		struct json_object *p = json_object_array_get_idx(list, i);

		fields[i] = (struct field){ .name = text_of(p, "name"), .in = IN_QUERY, .type = types[type_of(p)],
			.required = is_true(p, "required"), .min = number_of(p, "minimum"), .max = number_of(p, "maximum"),
			.choices = choices_of(f->a, p), .doc = text_of(p, "description") };
		if (fields[i].choices)
			fields[i].type = FIELD_CHOICE;
	}
	fields[count] = flavour;
	return fields;
}

static const struct field *columns_of(struct folder *f)
{
	struct json_object *list;
	size_t              count = list_of(f->json, "columns", &list);
	struct field       *fields = arena_alloc(f->a, (count + 1) * sizeof(*fields));

	for (size_t i = 0; i < count; i++) {
		struct json_object *c = json_object_array_get_idx(list, i);
		const char         *unit = text_of(c, "unit");

		fields[i] = (struct field){ .name = text_of(c, "name"), .type = types[type_of(c)],
			.required = is_true(c, "required"), .doc = arena_printf(f->a, "%s%s%s%s", text_of(c, "description"),
				unit ? " (" : "", unit ? unit : "", unit ? ")" : "") };
	}
	return fields;
}

static bool takes(struct folder *f, const char *name, const char *type)
{
	struct json_object *list;
	const size_t        count = list_of(f->json, "parameters", &list);

	for (size_t i = 0; i < count; i++) {
		struct json_object *p = json_object_array_get_idx(list, i);

		if (strcmp(text_of(p, "name"), name) == 0 && strcmp(text_of(p, "type"), type) == 0)
			return true;
	}
	return false;
}

/*
 * with asked as (select $1::bigint as "school", …), parameter as (…): as asked for, but that the ends of a
 * window are filled in, and refused where they make none; with the times from which and before which that is.
 */
static const char *parameters_sql(struct folder *f)
{
	struct json_object *list;
	const size_t        count = list_of(f->json, "parameters", &list);
	const bool          window = takes(f, "from", "date") && takes(f, "to", "date");
	const char         *asked = "", *columns = "";

	for (size_t i = 0; i < count; i++) {
		struct json_object *p = json_object_array_get_idx(list, i);
		const char         *name = text_of(p, "name"), *comma = i ? ", " : "";
		const char         *end = !window ? NULL : strcmp(name, "from") == 0 ? "first" :
			strcmp(name, "to") == 0 ? "last" : NULL;

		asked = arena_printf(f->a, "%s%s$%zu::%s as \"%s\"", asked, comma, i + 1, sql_types[type_of(p)], name);
		columns = arena_printf(f->a, "%s%s%s.\"%s\" as \"%s\"", columns, comma, end ? "w" : "a", end ? end : name,
				       name);
	}
	return arena_printf(f->a, "with asked as (select %s), parameter as materialized (select %s%s from asked a%s)", asked,
			    columns, window ? ", data.moment_first(w.\"first\"::text) as since, data.moment_end(w.\"last\"::text) as until"
			    : "", window ? " cross join api.window_of(a.\"from\", a.\"to\") w" : "");
}

/*
 * with parameter as (…) select "day"::date as "day", … from (report.sql) as report
 *
 * The condition is looked at once, before any row: so a window that is none, or a
 * school that the client does not see, is refused where nothing would be found, too.
 */
static const char *query_of(struct folder *f, const char *sql)
{
	struct json_object *list;
	const char         *columns = "";
	const size_t        count = list_of(f->json, "columns", &list);

	for (size_t i = 0; i < count; i++) {
		struct json_object *c = json_object_array_get_idx(list, i);

		columns = arena_printf(f->a, "%s%s\"%s\"::%s as \"%s\"", columns, i ? ", " : "", text_of(c, "name"),
				       sql_types[type_of(c)], text_of(c, "name"));
	}
	return arena_printf(f->a, "%s select %s from (\n%s\n) as report where (select %s from parameter)", parameters_sql(f),
			    columns, sql, takes(f, "school", "integer") ? "api.school_asked(school)" : "true");
}

/* What is taken of each parameter, but for those that are null. */
static const char *asked_of(struct folder *f)
{
	struct json_object *list;
	const char         *taken = "";
	const size_t        count = list_of(f->json, "parameters", &list);

	for (size_t i = 0; i < count; i++) {
		struct json_object *p = json_object_array_get_idx(list, i);
		const char         *name = text_of(p, "name");
		const bool          plain = strcmp(text_of(p, "type"), "text") != 0 || choices_of(f->a, p);

		taken = arena_printf(f->a, "%s%s(%zu, '%s', p.\"%s\"::text, %s)", taken, i ? ", " : "", i, name, name,
				     plain ? "true" : "false");
	}
	return count == 0 ? NULL : arena_printf(f->a, "%s select t.name, t.value, t.plain, "
		"xmlelement(name asked, xmlattributes(t.name as name), data.xml_text(t.value)) "
		"from parameter p cross join lateral (values %s) as t (place, name, value, plain) "
		"where t.value is not null order by t.place", parameters_sql(f), taken);
}

/* The page of no rows, so that a broken stylesheet is told at start. */
static void try_page(struct folder *f, const struct settings *settings, const struct route *route)
{
	struct output *page = output_new(f->a, settings->spool_dir);
	const char    *xml = arena_printf(f->a, "%s<%s/></report>", route->about, route->nouns);

	if (page_render(f->a, settings, route->page, NULL, xml, page, &f->why) == ERR_NONE)
		f->why = NULL;
}

static const char *load(struct arena *a, const struct settings *settings, const char *name, struct route *ret_route)
{
	struct folder f = { .a = a, .path = arena_printf(a, "%s/%s", settings->reports_dir, name) };
	const char   *sql;

	read_json(&f);
	sql = f.why ? NULL : read_text(&f, "report.sql");
	if (f.why)
		return f.why;
	*ret_route = (struct route){ .method = "GET", .path = arena_printf(a, "/api/v1/reports/%s", name),
		.summary = text_of(f.json, "title"), .scope = text_of(f.json, "scope"), .fields = parameters_of(&f),
		.answer = columns_of(&f), .noun = text_of(f.json, "row"), .nouns = text_of(f.json, "rows"),
		.query = query_of(&f, sql), .asked = asked_of(&f), .shape = MANY_ROWS, .page = name, .hidden = true,
		.sensitive = true, .about = about_report(a, name, f.json) };
	try_page(&f, settings, ret_route);
	return f.why;
}

static void free_found(void *ptr)
{
	globfree(ptr);
}

static bool is_folder_name(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

struct route *folder_routes(struct arena *a, const struct settings *settings, folder_fault *fault)
{
	glob_t       *found = arena_alloc(a, sizeof(*found));
	struct route *routes;
	size_t        served = 0;

	if (glob(arena_printf(a, "%s/*/report.json", settings->reports_dir), 0, NULL, found) == 0)
		arena_defer(a, free_found, found);
	routes = arena_alloc(a, (found->gl_pathc + 1) * sizeof(*routes));
	for (size_t i = 0; i < found->gl_pathc; i++) {
		const char *path = found->gl_pathv[i] + strlen(settings->reports_dir) + 1;
		const char *name = arena_strndup(a, path, strcspn(path, "/"));
		const char *why = is_folder_name(name) ? load(a, settings, name, &routes[served])
			: "its name is not of a to z, 0 to 9 and -";

		if (why)
			fault(name, why);
		else
			served++;
	}
	routes[served] = (struct route){ 0 };
	return routes;
}

static enum err answer_schema(struct service *s, struct request *r, struct reply *reply)
{
	(void)s;
	reply->content_type = r->route->media_type;
	format_xsd(reply->body, r->route->answer, r->route->noun, r->route->nouns);
	return ERR_NONE;
}

const struct route *folder_schemas(struct arena *a, const struct route *reports)
{
	size_t        count = 0;
	struct route *routes;

	while (reports[count].method)
		count++;
	routes = arena_alloc(a, (count + 1) * sizeof(*routes));
	for (size_t i = 0; i < count; i++)
		routes[i] = (struct route){ .method = "GET", .path = arena_printf(a, "%s.xsd", reports[i].path),
			.summary = "The schema of a report", .answer = reports[i].answer, .noun = reports[i].noun,
			.nouns = reports[i].nouns, .media_type = "application/xml; charset=utf-8", .handle = answer_schema };
	return routes;
}
