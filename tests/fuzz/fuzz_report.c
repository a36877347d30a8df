/*
 * report.json, read from a folder as at start: it is told what is wrong with it, or
 * makes a route whose names can stand in SQL, URLs and XML, and whose page was made.
 */
#include <libxml/parser.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/format.h"
#include "core/openapi_schema.h"
#include "core/utf8.h"
#include "reports/folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAGE "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:d='" \
	FORMAT_XML_NAMESPACE "'><xsl:output method='html'/><xsl:template match='/d:report'><p><xsl:value-of select='@title'/>" \
	"</p></xsl:template></xsl:stylesheet>"

static char folder[] = "/tmp/doorstep-fuzz.XXXXXX", files[3][64];
static int  faults;

static void write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static void clear(void)
{
	for (size_t i = 0; i < 3; i++)
		unlink(files[i]);
	*strrchr(files[0], '/') = '\0';
	rmdir(files[0]);
	rmdir(folder);
}

static void set_up(void)
{
	static const char *const names[] = { "report.json", "report.sql", "page.xsl" };
	char                     one[64];

	if (!mkdtemp(folder))
		abort();
	snprintf(one, sizeof(one), "%s/one", folder);
	if (mkdir(one, 0700) != 0)
		abort();
	for (size_t i = 0; i < 3; i++)
		snprintf(files[i], sizeof(files[i]), "%s/one/%s", folder, names[i]);
	write_file(files[1], "select 1", 8);
	write_file(files[2], PAGE, strlen(PAGE));
	atexit(clear);
}

static void tell(const char *name, const char *why)
{
	if (strcmp(name, "one") != 0 || !*why || !utf8_valid(why, strlen(why)))
		abort();
	faults++;
}

static void check_names(const struct field *fields)
{
	for (const struct field *f = fields; f->name; f++)
		if (f->name[strspn(f->name, "abcdefghijklmnopqrstuvwxyz0123456789_")] || f->name[0] < 'a' || f->name[0] > 'z')
			abort();
}

static void check_xml(const char *text)
{
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);

	if (!doc)
		abort();
	xmlFreeDoc(doc);
}

static void check_route(struct arena *a, const struct route *route)
{
	struct output *schema = output_new(a, "/tmp");

	check_names(route->fields);
	check_names(route->answer);
	check_xml(arena_printf(a, "%s<%s/></report>", route->about, route->nouns));
	format_xsd(schema, route->answer, route->noun, route->nouns);
	check_xml(output_contents(schema));
	if (!strstr(route->query, "\nselect 1\n"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct settings settings = { .spool_dir = "/tmp", .reports_dir = folder };
	struct arena         *a = arena_new();
	const struct route   *found;

	if (!files[0][0])
		set_up();
	write_file(files[0], data, size);
	faults = 0;
	found = folder_routes(a, &settings, tell);
	if ((found[0].method ? 1 : 0) + faults != 1)
		abort();
	if (found[0].method)
		check_route(a, found);
	arena_free(a);
	return 0;
}
