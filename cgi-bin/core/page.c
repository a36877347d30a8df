#include "page.h"

#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltutils.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "route.h"

/* What libxml2 and libxslt say of a failure: the beginning of it. */
struct said {
	char   text[300];
	size_t length;
};

static void listen(void *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void listen(void *ctx, const char *fmt, ...)
{
	struct said *said = ctx;
	va_list      ap;
	int          n;

	va_start(ap, fmt);
	n = vsnprintf(said->text + said->length, sizeof(said->text) - said->length, fmt, ap);
	va_end(ap);
	if (n > 0)
		said->length = said->length + (size_t)n < sizeof(said->text) ? said->length + (size_t)n : sizeof(said->text) - 1;
}

/*
 * Stylesheets are read, for their imports; documents are not.  With the names
 * of who imports them, or a parameter of one would not be found by the other.
 */
static xmlDocPtr load(const xmlChar *uri, xmlDictPtr names, int options, void *ctx, xsltLoadType type)
{
	xmlParserCtxtPtr parser = type == XSLT_LOAD_STYLESHEET ? xmlNewParserCtxt() : NULL;
	xmlDocPtr        doc;

	(void)options;
	(void)ctx;
	if (!parser)
		return NULL;
	xmlDictFree(parser->dict);
	parser->dict = names;
	xmlDictReference(names);
	doc = xmlCtxtReadFile(parser, (const char *)uri, NULL, XML_PARSE_NONET);
	xmlFreeParserCtxt(parser);
	return doc;
}

static void free_doc(void *ptr)
{
	xmlFreeDoc(ptr);
}

static void free_style(void *ptr)
{
	xsltFreeStylesheet(ptr);
}

static void free_context(void *ptr)
{
	xsltFreeTransformContext(ptr);
}

static void free_prefs(void *ptr)
{
	xsltFreeSecurityPrefs(ptr);
}

static const char *stylesheet_path(struct arena *a, const struct settings *settings, const char *name,
	const char *variant)
{
	const char *own = variant ? arena_printf(a, "%s/%s/%s.xsl", settings->reports_dir, name, variant) : NULL;

	return own && access(own, R_OK) == 0 ? own : arena_printf(a, "%s/%s/page.xsl", settings->reports_dir, name);
}

static xsltStylesheetPtr read_style(struct arena *a, const char *path)
{
	xmlDocPtr         doc = xmlReadFile(path, NULL, XML_PARSE_NONET);
	xsltStylesheetPtr style = doc ? xsltParseStylesheetDoc(doc) : NULL;

	if (style)
		arena_defer(a, free_style, style); /* the document with it */
	else
		xmlFreeDoc(doc);
	return style;
}

static xsltTransformContextPtr confined(struct arena *a, xsltStylesheetPtr style, xmlDocPtr doc, struct said *said)
{
	static const xsltSecurityOption shut[] = { XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE,
		XSLT_SECPREF_CREATE_DIRECTORY, XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK };
	xsltSecurityPrefsPtr    prefs = xsltNewSecurityPrefs();
	xsltTransformContextPtr context = xsltNewTransformContext(style, doc);

	arena_defer(a, free_prefs, prefs);
	arena_defer(a, free_context, context);
	for (size_t i = 0; i < sizeof(shut) / sizeof(*shut); i++)
		xsltSetSecurityPrefs(prefs, shut[i], xsltSecurityForbid);
	xsltSetCtxtSecurityPrefs(prefs, context);
	xsltSetTransformErrorFunc(context, said, listen);
	return context;
}

static bool transform(struct arena *a, xsltStylesheetPtr style, const char *xml, struct output *out, struct said *said)
{
	xmlDocPtr               doc = xmlReadMemory(xml, (int)strlen(xml), NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_COMPACT);
	xmlDocPtr               page;
	xsltTransformContextPtr context;
	xmlChar                *html = NULL;
	int                     length = 0;

	if (!doc)
		return false;
	arena_defer(a, free_doc, doc);
	context = confined(a, style, doc, said);
	page = xsltApplyStylesheetUser(style, doc, NULL, NULL, NULL, context);
	if (page)
		arena_defer(a, free_doc, page);
	if (!page || context->state != XSLT_STATE_OK || xsltSaveResultToString(&html, &length, page, style) < 0 || !html)
		return false;
	output_write(out, html, (size_t)length);
	xmlFree(html);
	return true;
}

enum err page_render(struct arena *a, const struct settings *settings, const char *name, const char *variant,
		     const char *xml, struct output *out, const char **ret_log)
{
	struct said       said = { .length = 0 };
	const char       *path = stylesheet_path(a, settings, name, variant);
	xsltStylesheetPtr style;
	bool              made;

	xmlSetGenericErrorFunc(&said, listen);
	xsltSetGenericErrorFunc(&said, listen);
	xsltSetLoaderFunc(load);
	style = read_style(a, path);
	made = style && transform(a, style, xml, out, &said);
	xmlSetGenericErrorFunc(NULL, NULL);
	xsltSetGenericErrorFunc(NULL, NULL);
	if (made)
		return ERR_NONE;
	*ret_log = arena_printf(a, "the page cannot be made with %s: %s", path, said.text);
	return ERR_INTERNAL;
}

const char *page_policy(struct arena *a, const char *html)
{
	static const char begin[] = "<style>", end[] = "</style>";
	const char *from = strstr(html, begin), *to = from ? strstr(from, end) : NULL;

	return arena_printf(a, "default-src 'none'; %sframe-ancestors 'none'", !to ? "" : arena_printf(a,
		"style-src 'sha256-%s'; ", hash_sha256_base64(a, from + strlen(begin), (size_t)(to - from) - strlen(begin))));
}

enum err page_answer(struct request *r, struct reply *reply, const char *variant, const char *xml)
{
	const char *html;
	enum err    err;

	output_reset(reply->body);
	err = page_render(r->arena, r->settings, r->route->page, variant, xml, reply->body, &r->log_error);
	if (err)
		return err;
	html = output_contents(reply->body);
	if (!html)
		return request_fail(r, ERR_UNAVAILABLE, "The page could not be kept: repeat it in a moment.");
	reply_header(reply, "Content-Security-Policy", page_policy(r->arena, html));
	return ERR_NONE;
}
