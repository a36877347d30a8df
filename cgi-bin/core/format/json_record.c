#include "core/format/json_record.h"

#include <string.h>

/* What stands before a value: {"id": or ,"name": */
struct lead {
	const char *text;
	size_t      length;
};

void json_record_begin(struct writer *w)
{
	struct lead *leads = arena_alloc(w->arena, (w->count + 1) * sizeof(*leads));

	for (size_t i = 0; i < w->count; i++) {
		leads[i].text = arena_printf(w->arena, "%c\"%s\":", i ? ',' : '{',
					     w->columns[i]->name);
		leads[i].length = strlen(leads[i].text);
	}
	w->state = leads;
}

/* PostgreSQL breaks the lines of json_agg(); a line break is never within a string. */
static void write_nested(struct output *out, const char *json, size_t length)
{
	while (length > 0) {
		size_t n = 0;

		while (n < length && json[n] != '\n' && json[n] != '\r')
			n++;
		output_write(out, json, n);
		if (n < length) {
			output_write(out, " ", 1);
			n++;
		}
		json += n;
		length -= n;
	}
}

static void write_time(struct output *out, const char *text, size_t length)
{
	char buffer[FORMAT_TIME_SIZE];

	format_json_string(out, buffer, format_time(buffer, text, length));
}

static void write_value(struct output *out, const struct field *f, const char *text, size_t length)
{
	switch (f->type) {
	case FIELD_INT:
	case FIELD_DECIMAL:
		output_write(out, text, length);
		break;
	case FIELD_BOOL:
		output_text(out, text[0] == 't' ? "true" : "false");
		break;
	case FIELD_TIME:
		write_time(out, text, length);
		break;
	case FIELD_LIST:
	case FIELD_OBJECT:
		write_nested(out, text, length);
		break;
	default:
		format_json_string(out, text, length);
	}
}

void json_record_write(struct writer *w, const struct row *row)
{
	const struct lead *leads = w->state;

	if (w->count == 0)
		output_write(w->out, "{", 1);
	for (size_t i = 0; i < w->count; i++) {
		output_write(w->out, leads[i].text, leads[i].length);
		if (row->values[i])
			write_value(w->out, w->columns[i], row->values[i],
				    (size_t)row->lengths[i]);
		else
			output_write(w->out, "null", 4);
	}
	output_write(w->out, "}", 1);
}
