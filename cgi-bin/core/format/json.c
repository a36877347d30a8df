#include <string.h>

#include "core/format/json_record.h"

static void json_begin(struct writer *w)
{
	json_record_begin(w);
	if (!w->single)
		output_text(w->out, "{\"data\":[");
}

static void json_row(struct writer *w, const struct row *row)
{
	if (w->rows > 0)
		output_write(w->out, ",", 1);
	json_record_write(w, row);
}

static void json_end(struct writer *w)
{
	if (!w->single) {
		output_text(w->out, "],\"next\":");
		if (w->next)
			format_json_string(w->out, w->next, strlen(w->next));
		else
			output_text(w->out, "null");
		if (w->total) {
			output_text(w->out, ",\"count\":");
			output_text(w->out, w->total);
		}
		output_text(w->out, "}");
	}
	output_text(w->out, "\n");
}

const struct format format_json = {
	.name = "json",
	.media_type = "application/json",
	.nested = true,
	.begin = json_begin,
	.row = json_row,
	.end = json_end,
};
