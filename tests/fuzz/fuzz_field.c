/*
 * Fields: a text of every type, a JSON body, an Accept header, and a cell on
 * its way out and back in through CSV.  The first byte chooses.
 */
#include <libxml/parser.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/field.h"
#include "core/format.h"
#include "core/format/csv_guard.h"
#include "core/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const choices[] = { "one", "two", NULL };

static const struct field inner[] = {
	{ "name", .type = FIELD_TEXT, .required = true },
	{ 0 }
};

static const struct field item = { "item", .type = FIELD_OBJECT, .fields = inner };

static const struct field fields[] = {
	{ "text", .type = FIELD_TEXT, .min = 2, .max = 20 },
	{ "lines", .type = FIELD_TEXT, .lines = true, .required = true },
	{ "int", .type = FIELD_INT, .min = -5, .max = 5000 },
	{ "decimal", .type = FIELD_DECIMAL, .min = -5, .max = 5000 },
	{ "bool", .type = FIELD_BOOL },
	{ "date", .type = FIELD_DATE },
	{ "time", .type = FIELD_TIME },
	{ "choice", .type = FIELD_CHOICE, .choices = choices },
	{ "cursor", .type = FIELD_CURSOR },
	{ "object", .type = FIELD_OBJECT, .fields = inner },
	{ "list", .type = FIELD_LIST, .item = &item },
	{ 0 }
};

static void check_texts(struct arena *a, const char *text)
{
	for (const struct field *f = fields; f->name; f++) {
		const char *problem = field_check_text(a, f, text);

		if (problem && !*problem)
			abort();
	}
}

static void check_body(struct arena *a, const char *text, size_t size)
{
	struct problems     problems = { .arena = a };
	const char         *why;
	struct json_object *body = json_read(a, text, size, &why);

	if (why)
		return;
	field_check_body(fields, body, false, &problems);
	field_check_body(fields, body, true, &problems);
	for (const struct problem *p = problems.first; p; p = p->next)
		if (!utf8_valid(p->pointer, strlen(p->pointer)) ||
		    !utf8_valid(p->detail, strlen(p->detail)))
			abort();
}

static bool compare(void *ctx, long line, const struct csv_cell *cells, size_t count)
{
	const char *expected = line == 1 ? "text" : ctx;

	if (count != 1 || cells[0].problem ||
	    strcmp(cells[0].text ? cells[0].text : "", expected) != 0)
		abort();
	return true;
}

static void read_csv(struct arena *a, const char *written, char *text)
{
	struct csv_reader *r = csv_reader_new(a, CSV_UTF8, compare, text);

	if (!csv_reader_feed(r, written, strlen(written)) || !csv_reader_finish(r))
		abort();
}

static void read_xml(const char *written)
{
	xmlDocPtr doc = xmlReadMemory(written, (int)strlen(written), NULL, NULL, XML_PARSE_NONET);

	if (!doc)
		abort();
	xmlFreeDoc(doc);
}

/* What is written must be readable; CSV for machines exactly as it was. */
static void check_export(struct arena *a, const struct format *format, char *text, bool machine)
{
	static const struct field columns[] = { { "text", .type = FIELD_TEXT }, { 0 } };
	const int                 length = (int)strlen(text);
	const char               *value = text, *written;
	struct writer             w = { .format = format, .arena = a, .out = output_new(a, "/tmp"),
					.noun = "row", .nouns = "rows", .machine = machine };

	w.count = format_columns(a, format, columns, &w.columns);
	format_begin(&w);
	format_row(&w, &(struct row){ .values = &value, .lengths = &length });
	format_end(&w);
	written = output_contents(w.out);
	if (format == &format_csv && machine)
		read_csv(a, written, text);
	if (format == &format_xml)
		read_xml(written);
	if (format == &format_json && json_check(a, written, strlen(written)))
		abort();
}

/* What is chosen is among what is offered. */
static void check_accept(const char *text)
{
	const struct format *const *f = formats, *chosen = format_by_accept(text, formats);

	while (*f && *f != chosen)
		f++;
	if (*f != chosen)
		abort();
}

/* A cell that has been guarded needs no guard. */
static void check_guard(struct arena *a, const char *text)
{
	const size_t length = strlen(text);
	char        *guarded = arena_alloc(a, 2 * length + 1), *undone = arena_alloc(a, 2 * length + 1);
	const size_t size = csv_guard_copy(guarded, text, length);

	if (size > 2 * length || csv_guard_needed(guarded, size) || csv_guard_undo(undone, guarded, size) > size)
		abort();
	if (!csv_guard_needed(text, length) && (size != length || memcmp(guarded, text, length) != 0))
		abort();
}

static void check_exports(struct arena *a, char *text)
{
	if (!utf8_valid(text, strlen(text)))
		return;
	check_guard(a, text);
	for (const struct format *const *f = formats; *f; f++) {
		check_export(a, *f, text, false);
		check_export(a, *f, text, true);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char         *text = arena_strndup(a, (const char *)data + (size > 0), size - (size > 0));

	switch (size > 0 ? data[0] % 4 : 0) {
	case 0:
		check_texts(a, text);
		break;
	case 1:
		check_body(a, text, size - 1);
		break;
	case 2:
		check_accept(text);
		break;
	default:
		check_exports(a, text);
	}
	arena_free(a);
	return 0;
}
