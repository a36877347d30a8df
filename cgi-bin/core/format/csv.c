#include <csv.h>
#include <string.h>

#include "core/format.h"
#include "core/format/csv_guard.h"

/* Room for one cell being guarded or quoted; grows to the longest cell, not with rows. */
struct room {
	char  *text;
	size_t size;
};

struct csv_state {
	struct room guarded, quoted;
};

static char *room_for(struct arena *a, struct room *room, size_t size)
{
	if (room->size < size) {
		room->size = 2 * size;
		room->text = arena_alloc(a, room->size);
	}
	return room->text;
}

/* Semicolons and tabs too, at which LibreOffice splits unless told otherwise. */
static bool is_separator(char c)
{
	return c == ',' || c == ';' || c == '\t' || c == '"' || c == '\n' || c == '\r';
}

static bool needs_quotes(const char *text, size_t length)
{
	if (length == 0)
		return false;
	if (text[0] == ' ' || text[length - 1] == ' ')
		return true;
	for (size_t i = 0; i < length; i++)
		if (is_separator(text[i]))
			return true;
	return false;
}

static void write_cell(struct writer *w, const char *text, size_t length)
{
	struct csv_state *state = w->state;
	size_t            size = 2 * length + 2;

	if (needs_quotes(text, length)) {
		char *quoted = room_for(w->arena, &state->quoted, size);

		length = csv_write(quoted, size, text, length);
		text = quoted;
	}
	output_write(w->out, text, length);
}

static void write_text(struct writer *w, const char *text, size_t length)
{
	struct csv_state *state = w->state;

	if (!w->machine && csv_guard_needed(text, length)) {
		char *guarded = room_for(w->arena, &state->guarded, 2 * length);

		length = csv_guard_copy(guarded, text, length);
		text = guarded;
	}
	write_cell(w, text, length);
}

/* Numbers, days, times and booleans cannot hold a formula: -1 stays a number. */
static void write_value(struct writer *w, const struct field *f, const char *text, size_t length)
{
	char buffer[FORMAT_TIME_SIZE];

	switch (f->type) {
	case FIELD_INT:
	case FIELD_DECIMAL:
	case FIELD_DATE:
		write_cell(w, text, length);
		break;
	case FIELD_BOOL:
		output_text(w->out, text[0] == 't' ? "true" : "false");
		break;
	case FIELD_TIME:
		write_cell(w, buffer, format_time(buffer, text, length));
		break;
	default:
		write_text(w, text, length);
	}
}

static void csv_begin(struct writer *w)
{
	w->state = arena_alloc(w->arena, sizeof(struct csv_state));
	for (size_t i = 0; i < w->count; i++) {
		if (i > 0)
			output_write(w->out, ",", 1);
		write_text(w, w->columns[i]->name, strlen(w->columns[i]->name));
	}
	output_write(w->out, "\r\n", 2);
}

static void csv_row(struct writer *w, const struct row *row)
{
	for (size_t i = 0; i < w->count; i++) {
		if (i > 0)
			output_write(w->out, ",", 1);
		if (row->values[i])
			write_value(w, w->columns[i], row->values[i], (size_t)row->lengths[i]);
	}
	if (w->count == 1 && (!row->values[0] || row->lengths[0] == 0))
		output_write(w->out, "\"\"", 2); /* readers pass over an empty line */
	output_write(w->out, "\r\n", 2);
}

static void csv_end(struct writer *w)
{
	(void)w; /* each line ends itself */
}

const struct format format_csv = {
	.name = "csv",
	.media_type = "text/csv; charset=utf-8",
	.begin = csv_begin,
	.row = csv_row,
	.end = csv_end,
};
