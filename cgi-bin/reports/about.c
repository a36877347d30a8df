#include "reports/about.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <string.h>

#include "core/format.h"

/* name="value", or nothing for a member that is not there. */
static const char *attribute(struct arena *a, struct json_object *o, const char *name)
{
	struct json_object *value;
	xmlChar            *escaped;
	const char         *text;

	if (!json_object_object_get_ex(o, name, &value) || !value)
		return "";
	escaped = xmlEncodeSpecialChars(NULL, BAD_CAST json_object_get_string(value));
	text = arena_printf(a, " %s=\"%s\"", name, (const char *)escaped);
	xmlFree(escaped);
	return text;
}

const char *about_report(struct arena *a, const char *name, struct json_object *report)
{
	struct json_object *columns;
	const char         *xml;

	json_object_object_get_ex(report, "columns", &columns);
	xml = arena_printf(a, "<report xmlns=\"%s\" name=\"%s\"%s%s%s>", FORMAT_XML_NAMESPACE, name,
			   attribute(a, report, "title"), attribute(a, report, "answers"), attribute(a, report, "serves"));
	for (size_t i = 0; i < json_object_array_length(columns); i++) {
		struct json_object *c = json_object_array_get_idx(columns, i);

		xml = arena_printf(a, "%s<column%s%s%s%s/>", xml, attribute(a, c, "name"), attribute(a, c, "title"),
				   attribute(a, c, "type"), attribute(a, c, "unit"));
	}
	return xml;
}
