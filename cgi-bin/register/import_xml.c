#include "register/import_xml.h"

#include <libxml/xmlreader.h>
#include <string.h>

#include "register/import_prolog.h"

enum { NODE_LINE_MAX = 65534 }; /* as far as libxml2 counts the lines of nodes */

struct import_xml {
	struct request                 *request;
	struct import_body             *body;
	const struct import_xml_events *events;
	void                           *ctx;
	xmlTextReaderPtr                reader;

	char        prolog[IMPORT_PROLOG_MAX];
	size_t      prolog_size, prolog_at;
	size_t      since; /* bytes read for the token at hand */
	bool        ended;
	const char *why;   /* the first thing that is wrong */
	long        why_line;
	bool        no_memory, stopped;

	int    depth;
	size_t path_at[IMPORT_XML_DEPTH_MAX]; /* where the path and text of each open element begin */
	size_t text_at[IMPORT_XML_DEPTH_MAX];
	long   line[IMPORT_XML_DEPTH_MAX];
	char   path[IMPORT_XML_DEPTH_MAX * (IMPORT_XML_NAME_MAX + 1) + 1];
	size_t path_length, text_length;
	char   text[IMPORT_XML_TEXT_MAX + 1];
};

static bool refuse(struct import_xml *x, long line, const char *why)
{
	if (!x->why) {
		x->why = why;
		x->why_line = line;
	}
	return false;
}

/* The bytes. */

static const char broken_off[] = "the file broke off, or is longer than allowed";

static bool read_prolog(struct import_xml *x)
{
	while (x->prolog_size < sizeof(x->prolog)) {
		const ssize_t n = import_body_read(x->body, x->prolog + x->prolog_size,
						   sizeof(x->prolog) - x->prolog_size);

		if (n < 0)
			return refuse(x, 0, broken_off);
		if (n == 0)
			break;
		x->prolog_size += (size_t)n;
	}
	x->why = import_prolog_check(x->prolog, x->prolog_size);
	return !x->why;
}

static ssize_t read_bytes(struct import_xml *x, char *buffer, size_t size)
{
	const size_t left = x->prolog_size - x->prolog_at;

	if (left == 0)
		return import_body_read(x->body, buffer, size);
	size = size < left ? size : left;
	memcpy(buffer, x->prolog + x->prolog_at, size);
	x->prolog_at += size;
	return (ssize_t)size;
}

static int on_read(void *ctx, char *buffer, int size)
{
	struct import_xml *x = ctx;
	ssize_t            n;

	if (x->why || x->ended || size <= 0)
		return x->why ? -1 : 0;
	n = read_bytes(x, buffer, (size_t)size);
	x->ended = n == 0;
	x->since += n > 0 ? (size_t)n : 0;
	if (n < 0)
		refuse(x, 0, broken_off);
	else if (n > 0 && memchr(buffer, '\0', (size_t)n))
		refuse(x, xmlTextReaderGetParserLineNumber(x->reader), "near here there is a NUL byte");
	else if (x->since > IMPORT_XML_TOKEN_MAX)
		refuse(x, xmlTextReaderGetParserLineNumber(x->reader), "a tag, text or comment is too long here");
	return x->why ? -1 : (int)n;
}

/* Our words for the errors that people meet; libxml2's own would repeat what the file holds. */
static const struct {
	int         code;
	const char *why;
} by_code[] = {
	{ XML_ERR_UNDECLARED_ENTITY, "an entity is named that XML does not have; none is ever expanded" },
	{ XML_WAR_UNDECLARED_ENTITY, "an entity is named that XML does not have; none is ever expanded" },
	{ XML_ERR_TAG_NAME_MISMATCH, "an element ends here that did not begin" },
	{ XML_ERR_INVALID_CHAR, "a character stands here that XML, or the encoding of the file, does not have" },
	{ XML_ERR_INVALID_ENCODING, "this is not text of the encoding that the file says, or UTF-8" },
	{ XML_I18N_CONV_FAILED, "this is not text of the encoding that the file says, or UTF-8" },
	{ XML_ERR_ATTRIBUTE_REDEFINED, "an attribute is given twice" },
	{ 0, NULL }
};

/* libxml2 has one code for a document that ends too soon and for one that does not end where it should. */
static bool is_after_the_end(const xmlError *error)
{
	const xmlParserCtxt *parser = error->ctxt;

	return error->code == XML_ERR_DOCUMENT_END && parser && parser->instate == XML_PARSER_EPILOG;
}

static void on_error(void *ctx, xmlErrorPtr error)
{
	struct import_xml *x = ctx;
	const char        *why = x->ended ? "the file ends before it is whole" : "this is not well-formed XML";

	if (error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE)
		return;
	x->no_memory = x->no_memory || error->code == XML_ERR_NO_MEMORY;
	if (is_after_the_end(error))
		why = "something stands after the end of the document";
	for (size_t i = 0; by_code[i].why; i++)
		if (by_code[i].code == error->code)
			why = by_code[i].why;
	refuse(x, error->line, why);
}

/* The elements. */

static long line_of_node(const struct import_xml *x)
{
	const long line = xmlGetLineNo(xmlTextReaderCurrentNode(x->reader));

	return line > 0 && line <= NODE_LINE_MAX ? line : xmlTextReaderGetParserLineNumber(x->reader);
}

/* What indents the elements within another is no text of it, and there may be any amount. */
static void drop_indentation(struct import_xml *x)
{
	const size_t start = x->depth > 0 ? x->text_at[x->depth - 1] : x->text_length;

	x->text[x->text_length] = '\0';
	if (strspn(x->text + start, " \t\r\n") == x->text_length - start)
		x->text_length = start;
}

static bool begin(struct import_xml *x)
{
	const char  *name = (const char *)xmlTextReaderConstLocalName(x->reader);
	const size_t length = name ? strlen(name) : 0;
	const long   line = line_of_node(x);

	if (x->depth == IMPORT_XML_DEPTH_MAX)
		return refuse(x, line, "elements are nested too deep");
	if (length > IMPORT_XML_NAME_MAX)
		return refuse(x, line, "an element's name is too long");
	drop_indentation(x);
	x->path_at[x->depth] = x->path_length;
	x->text_at[x->depth] = x->text_length;
	x->line[x->depth++] = line;
	if (x->path_length > 0)
		x->path[x->path_length++] = '/';
	memcpy(x->path + x->path_length, name ? name : "", length + 1);
	x->path_length += length;
	return x->events->begin(x->ctx, x->path, line);
}

static bool end(struct import_xml *x)
{
	const int depth = --x->depth;
	bool      on;

	x->text[x->text_length] = '\0';
	on = x->events->end(x->ctx, x->path, x->text + x->text_at[depth], x->line[depth]);
	x->text_length = x->text_at[depth];
	x->path_length = x->path_at[depth];
	x->path[x->path_length] = '\0';
	return on;
}

static bool add_text(struct import_xml *x)
{
	const char  *text = (const char *)xmlTextReaderConstValue(x->reader);
	const size_t length = text ? strlen(text) : 0;

	if (length > IMPORT_XML_TEXT_MAX - x->text_length)
		return refuse(x, x->depth > 0 ? x->line[x->depth - 1] : 0, "the text of an element is too long");
	memcpy(x->text + x->text_length, text ? text : "", length);
	x->text_length += length;
	return true;
}

static bool take_node(struct import_xml *x)
{
	switch (xmlTextReaderNodeType(x->reader)) {
	case XML_READER_TYPE_ELEMENT:
		/* What ends at once has no event of its own for that. */
		return begin(x) && (xmlTextReaderIsEmptyElement(x->reader) == 0 || end(x));
	case XML_READER_TYPE_END_ELEMENT:
		return end(x);
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
	case XML_READER_TYPE_WHITESPACE:
	case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
		return add_text(x);
	case XML_READER_TYPE_DOCUMENT_TYPE:
	case XML_READER_TYPE_ENTITY_REFERENCE:
		return refuse(x, line_of_node(x), "a DOCTYPE or an entity is not accepted");
	default:
		return true;
	}
}

static void free_reader(void *ptr)
{
	xmlFreeTextReader(ptr);
}

static void read_nodes(struct import_xml *x)
{
	int got;

	while ((got = xmlTextReaderRead(x->reader)) == 1 && !x->why) {
		x->since = 0;
		if (!take_node(x)) {
			x->stopped = true;
			return;
		}
	}
	if (got < 0 || x->depth > 0)
		refuse(x, xmlTextReaderGetParserLineNumber(x->reader), "this is not well-formed XML");
}

static enum err finish(const struct import_xml *x)
{
	if (x->no_memory)
		return request_fail(x->request, ERR_UNAVAILABLE, "There is no room to read the file; nothing was stored.");
	if (x->why && x->why_line > 0)
		return request_fail(x->request, ERR_MALFORMED, "Line %ld: %s; nothing was stored.", x->why_line, x->why);
	if (x->why)
		return request_fail(x->request, ERR_MALFORMED, "The file is not acceptable: %s; nothing was stored.", x->why);
	return ERR_NONE;
}

enum err import_xml_read(struct request *r, struct import_body *body, const struct import_xml_events *events,
			 void *ctx)
{
	struct import_xml *x = arena_alloc(r->arena, sizeof(*x));

	x->request = r;
	x->body = body;
	x->events = events;
	x->ctx = ctx;
	xmlInitParser();
	if (!read_prolog(x))
		return finish(x);
	x->reader = xmlReaderForIO(on_read, NULL, x, NULL, NULL, XML_PARSE_NONET);
	if (!x->reader) {
		x->no_memory = !x->why;
		return finish(x);
	}
	arena_defer(r->arena, free_reader, x->reader);
	xmlTextReaderSetStructuredErrorHandler(x->reader, on_error, x);
	read_nodes(x);
	return finish(x);
}
