/*
 * Printable pages: XML made into HTML by an XSL stylesheet of the folder that
 * the setting reports_dir names.
 *
 *   <reports_dir>/<name>/<variant>.xsl   where there is one: a school's own
 *   <reports_dir>/<name>/page.xsl        otherwise
 *
 * A stylesheet may import its neighbours.  Neither it nor the XML reaches
 * anything else: no document(), no network, nothing is written.
 */
#ifndef DOORSTEP_PAGE_H
#define DOORSTEP_PAGE_H

#include "reply.h"

/*
 * Writes the page; variant may be NULL.  The same XML and stylesheet give the
 * same bytes.  ERR_INTERNAL, with what is wrong in *ret_log and nothing
 * written, when it cannot be made.
 */
enum err page_render(struct arena *a, const struct settings *settings, const char *name, const char *variant,
		     const char *xml, struct output *out, const char **ret_log);

/* Likewise, as the answer to a request whose route has a page: body and headers. */
enum err page_answer(struct request *r, struct reply *reply, const char *variant, const char *xml);

/* The Content-Security-Policy of a page: its own style and nothing else. */
const char *page_policy(struct arena *a, const char *html);

#endif
