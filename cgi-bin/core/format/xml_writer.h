/*
 * libxml2's text writer, set to write into an output.
 */
#ifndef DOORSTEP_FORMAT_XML_WRITER_H
#define DOORSTEP_FORMAT_XML_WRITER_H

#include <libxml/xmlwriter.h>

#include "core/output.h"

/* Never NULL; with the XML declaration already written.  The caller frees it. */
xmlTextWriterPtr xml_writer_new(struct output *out);

/* The writer's calls fail only for lack of memory: then the process ends, as in arena.h. */
void xml_writer_must(int result);

#endif
