#include <libxml/xmlschemas.h>
#include <string.h>

#include "capture.h"
#include "suites.h"

static const char *const purposes[] = { "welfare", "attendance", "a & b", NULL };

static const struct field answer[] = {
	{ "visit", .in = IN_PATH, .type = FIELD_INT },
	{ "id", .type = FIELD_INT, .required = true, .min = 1, .doc = "Number of the visit" },
	{ "floor", .type = FIELD_INT, .min = -5, .max = 50 },
	{ "steps", .type = FIELD_INT },
	{ "note", .type = FIELD_TEXT, .max = 3, .doc = "What <was> said & \"done\"" },
	{ "day", .type = FIELD_DATE, .required = true },
	{ "at", .type = FIELD_TIME },
	{ "safe", .type = FIELD_BOOL },
	{ "purpose", .type = FIELD_CHOICE, .choices = purposes },
	{ "after", .type = FIELD_CURSOR },
	{ "share", .type = FIELD_DECIMAL, .min = 0, .max = 100 },
	{ "change", .type = FIELD_DECIMAL },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED },
	{ "team_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT },
	{ 0 }
};

static const struct {
	const char *what;
	bool        valid;
	const char *values[12];
} rows[] = {
	{ "everything", true,
	  { "1", "-5", "-9", "longer than max", "2027-01-12", "2027-01-12 09:30:00.5+00", "t",
	    "a & b", "x", "69.9", "-0.5", "A, B" } },
	{ "nothing but what is required", true, { "9223372036854775807", [4] = "1900-01-01" } },
	{ "text that XML cannot hold", true, { "1", [3] = "\x01 <&>\r\n", [4] = "2028-02-29" } },
	{ "empty text", true, { "1", [3] = "", [4] = "2028-02-29" } },
	{ "a required column left out", false, { [4] = "2027-01-12" } },
	{ "a number below its range", false, { "0", [4] = "2027-01-12" } },
	{ "a number above its range", false, { "1", "51", [4] = "2027-01-12" } },
	{ "a number with a fraction", false, { "1", [2] = "1.5", [4] = "2027-01-12" } },
	{ "a decimal above its range", false, { "1", [4] = "2027-01-12", [9] = "100.1" } },
	{ "a decimal that is none", false, { "1", [4] = "2027-01-12", [10] = "half" } },
	{ "no such day", false, { "1", [4] = "2025-02-29" } },
	{ "no such time", false, { "1", [4] = "2027-01-12", [5] = "infinity" } },
	{ "no such choice", false, { "1", [4] = "2027-01-12", [7] = "other" } },
};

static void ignore(void *ctx, const char *message, ...)
{
	(void)ctx, (void)message;
}

static xmlSchemaPtr schema_read(struct arena *a)
{
	struct output         *out = output_new(a, "/tmp");
	xmlSchemaParserCtxtPtr parser;
	xmlSchemaPtr           schema;

	format_xsd(out, answer, "visit", "visits");
	parser = xmlSchemaNewMemParserCtxt(output_contents(out), (int)output_length(out));
	schema = xmlSchemaParse(parser);
	ck_assert_msg(schema, "%s", output_contents(out));
	xmlSchemaFreeParserCtxt(parser);
	return schema;
}

static bool is_valid(xmlSchemaPtr schema, const char *xml)
{
	xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(schema);
	xmlDocPtr doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NONET);
	int       result;

	ck_assert_ptr_nonnull(doc);
	xmlSchemaSetValidErrors(validator, ignore, ignore, NULL);
	result = xmlSchemaValidateDoc(validator, doc);
	xmlFreeDoc(doc);
	xmlSchemaFreeValidCtxt(validator);
	return result == 0;
}

START_TEST(an_export_is_valid_when_its_values_are)
{
	struct arena *a = arena_new();
	xmlSchemaPtr  schema = schema_read(a);
	const char   *xml = capture(a, &format_xml, answer, rows[_i].values, 1,
				    (struct capture){ 0 });

	ck_assert_msg(is_valid(schema, xml) == rows[_i].valid, "%s: %s", rows[_i].what, xml);
	xmlSchemaFree(schema);
	arena_free(a);
}
END_TEST

static const char *const documents[] = {
	"<visits/>",
	"<visits xmlns='https://doorstep.example/ns/v2'/>",
	"<visit xmlns='" FORMAT_XML_NAMESPACE "'/>",
	"<visits xmlns='" FORMAT_XML_NAMESPACE "'><pupil/></visits>",
	"<visits xmlns='" FORMAT_XML_NAMESPACE "'>"
	"<visit><day>2027-01-12</day><id>1</id></visit></visits>",
};

START_TEST(another_document_is_not_valid)
{
	struct arena *a = arena_new();
	xmlSchemaPtr  schema = schema_read(a);

	ck_assert(!is_valid(schema, documents[_i]));
	xmlSchemaFree(schema);
	arena_free(a);
}
END_TEST

START_TEST(an_export_without_rows_is_valid)
{
	struct arena *a = arena_new();
	xmlSchemaPtr  schema = schema_read(a);

	ck_assert(is_valid(schema, capture(a, &format_xml, answer, NULL, 0,
					   (struct capture){ 0 })));
	xmlSchemaFree(schema);
	arena_free(a);
}
END_TEST

START_TEST(columns_are_declared_with_their_documentation)
{
	struct arena  *a = arena_new();
	struct output *out = output_new(a, "/tmp");
	const char    *xsd;

	format_xsd(out, answer, "visit", "visits");
	xsd = output_contents(out);
	ck_assert_ptr_nonnull(strstr(xsd, "Number of the visit"));
	ck_assert_ptr_nonnull(strstr(xsd, "What &lt;was&gt; said &amp; "));
	ck_assert_ptr_nonnull(strstr(xsd, "name=\"team_names\""));
	ck_assert_ptr_null(strstr(xsd, "name=\"team\""));
	ck_assert_ptr_null(strstr(xsd, "maxLength"));
	arena_free(a);
}
END_TEST

Suite *xsd_suite(void)
{
	Suite *suite = suite_create("xsd");
	TCase *tc = tcase_create("xsd");

	tcase_add_loop_test(tc, an_export_is_valid_when_its_values_are, 0, COUNT(rows));
	tcase_add_loop_test(tc, another_document_is_not_valid, 0, COUNT(documents));
	tcase_add_test(tc, an_export_without_rows_is_valid);
	tcase_add_test(tc, columns_are_declared_with_their_documentation);
	suite_add_tcase(suite, tc);
	return suite;
}
