/*
 * An XML file that comes from outside, read element by element in constant
 * memory, by libxml2.
 *
 * Nothing that a document can ask of its reader is done: a DOCTYPE is refused
 * before libxml2 has seen it, so there is no entity to expand and no file to
 * fetch.  Attributes, comments and processing instructions are passed over.
 * UTF-8, or ISO-8859-1 or windows-1252 where the XML declaration says so.
 */
#ifndef DOORSTEP_IMPORT_XML_H
#define DOORSTEP_IMPORT_XML_H

#include "register/import_body.h"

enum {
	IMPORT_XML_DEPTH_MAX = 32,        /* elements within each other */
	IMPORT_XML_NAME_MAX = 64,         /* bytes of an element's name */
	IMPORT_XML_TEXT_MAX = 16 * 1024,  /* bytes of text of the elements that are open */
	IMPORT_XML_TOKEN_MAX = 64 * 1024, /* bytes of one tag with its attributes, of one comment */
};

/*
 * path: the names from the root, like "CTfile/Header/SourceSchool/LEA";
 * prefixes of namespaces are left out.  line: where the element begins, from 1;
 * beyond 65,534 lines it may be some lines later.  False: reading is to stop.
 */
struct import_xml_events {
	bool (*begin)(void *ctx, const char *path, long line);
	/* text: of the element itself, as it stands. */
	bool (*end)(void *ctx, const char *path, const char *text, long line);
};

/*
 * ERR_NONE when the document was read to its end, or an event said to stop;
 * otherwise ERR_MALFORMED, with the line and what is wrong in the request's
 * detail.  ERR_UNAVAILABLE when libxml2 lacked memory.
 */
enum err import_xml_read(struct request *r, struct import_body *body, const struct import_xml_events *events,
			 void *ctx);

#endif
