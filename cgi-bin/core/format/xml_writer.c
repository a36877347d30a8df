#include "core/format/xml_writer.h"

#include <stdlib.h>

static int write_output(void *ctx, const char *data, int size)
{
	output_write(ctx, data, (size_t)size);
	return size;
}

void xml_writer_must(int result)
{
	if (result < 0)
		abort();
}

/* No encoder, so that libxml2 passes the UTF-8 on; hence the declaration by hand. */
xmlTextWriterPtr xml_writer_new(struct output *out)
{
	xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(write_output, NULL, out, NULL);
	xmlTextWriterPtr   writer = buffer ? xmlNewTextWriter(buffer) : NULL;

	if (!writer)
		abort();
	output_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	return writer;
}
