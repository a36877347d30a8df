#include "core/format/json_record.h"

static void ndjson_row(struct writer *w, const struct row *row)
{
	json_record_write(w, row);
	output_write(w->out, "\n", 1);
}

static void ndjson_end(struct writer *w)
{
	(void)w; /* each line ends itself */
}

const struct format format_ndjson = {
	.name = "ndjson",
	.media_type = "application/x-ndjson",
	.nested = true,
	.begin = json_record_begin,
	.row = ndjson_row,
	.end = ndjson_end,
};
