#include <stdio.h>

#include "core/format.h"
#include "core/format/xml_writer.h"

static const char *const xsd_types[] = {
	[FIELD_TEXT] = "xs:string",   [FIELD_INT] = "xs:long",      [FIELD_DECIMAL] = "xs:decimal",
	[FIELD_BOOL] = "xs:boolean",
	[FIELD_DATE] = "xs:date",     [FIELD_TIME] = "xs:dateTime", [FIELD_CHOICE] = "xs:string",
	[FIELD_MOMENT] = "xs:string", [FIELD_CURSOR] = "xs:string", [FIELD_OBJECT] = "xs:string",
	[FIELD_LIST] = "xs:string",
};

static void start(xmlTextWriterPtr xml, const char *name)
{
	xml_writer_must(xmlTextWriterStartElement(xml, BAD_CAST name));
}

static void end(xmlTextWriterPtr xml)
{
	xml_writer_must(xmlTextWriterEndElement(xml));
}

static void attribute(xmlTextWriterPtr xml, const char *name, const char *value)
{
	xml_writer_must(xmlTextWriterWriteAttribute(xml, BAD_CAST name, BAD_CAST value));
}

static void facet(xmlTextWriterPtr xml, const char *name, const char *value)
{
	start(xml, name);
	attribute(xml, "value", value);
	end(xml);
}

static void limit(xmlTextWriterPtr xml, const char *name, long long value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", value);
	facet(xml, name, digits);
}

static void annotation(xmlTextWriterPtr xml, const char *doc)
{
	start(xml, "xs:annotation");
	xml_writer_must(xmlTextWriterWriteElement(xml, BAD_CAST "xs:documentation", BAD_CAST doc));
	end(xml);
}

/* Text has no maxLength: a limit may be tightened after longer texts were stored. */
static bool is_restricted(const struct field *f)
{
	return f->type == FIELD_CHOICE || ((f->type == FIELD_INT || f->type == FIELD_DECIMAL) && (f->min || f->max));
}

static void restriction(xmlTextWriterPtr xml, const struct field *f)
{
	start(xml, "xs:simpleType");
	start(xml, "xs:restriction");
	attribute(xml, "base", xsd_types[f->type]);
	if (f->type == FIELD_CHOICE) {
		for (const char *const *choice = f->choices; *choice; choice++)
			facet(xml, "xs:enumeration", *choice);
	} else {
		limit(xml, "xs:minInclusive", f->min);
		if (f->max)
			limit(xml, "xs:maxInclusive", f->max);
	}
	end(xml);
	end(xml);
}

static void column(xmlTextWriterPtr xml, const struct field *f)
{
	start(xml, "xs:element");
	attribute(xml, "name", f->name);
	if (!is_restricted(f))
		attribute(xml, "type", xsd_types[f->type]);
	if (!f->required)
		attribute(xml, "minOccurs", "0");
	if (f->doc)
		annotation(xml, f->doc);
	if (is_restricted(f))
		restriction(xml, f);
	end(xml);
}

static void start_sequence(xmlTextWriterPtr xml, const char *name, bool repeated)
{
	start(xml, "xs:element");
	attribute(xml, "name", name);
	if (repeated) {
		attribute(xml, "minOccurs", "0");
		attribute(xml, "maxOccurs", "unbounded");
	}
	start(xml, "xs:complexType");
	start(xml, "xs:sequence");
}

static void start_schema(xmlTextWriterPtr xml)
{
	start(xml, "xs:schema");
	attribute(xml, "xmlns:xs", "http://www.w3.org/2001/XMLSchema");
	attribute(xml, "xmlns", FORMAT_XML_NAMESPACE);
	attribute(xml, "targetNamespace", FORMAT_XML_NAMESPACE);
	attribute(xml, "elementFormDefault", "qualified");
}

void format_xsd(struct output *out, const struct field *answer, const char *noun,
		const char *nouns)
{
	xmlTextWriterPtr xml = xml_writer_new(out);

	xml_writer_must(xmlTextWriterSetIndent(xml, 1));
	start_schema(xml);
	start_sequence(xml, nouns, false);
	start_sequence(xml, noun, true);
	for (const struct field *f = answer; f->name; f++)
		if (f->in == IN_BODY && f->shape != SHAPE_NESTED)
			column(xml, f);
	xml_writer_must(xmlTextWriterEndDocument(xml)); /* closes all that is open */
	xmlFreeTextWriter(xml);
}
