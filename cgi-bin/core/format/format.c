#include "core/format.h"

#include <string.h>

const struct format *const formats[] = {
	&format_json, &format_ndjson, &format_csv, &format_xml, &format_xlsx, &format_html, NULL
};

const struct format *format_by_name(const char *name)
{
	for (const struct format *const *f = formats; *f; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

static bool is_shown(const struct format *format, const struct field *f)
{
	return f->in == IN_BODY &&
	       f->shape != (format->nested ? SHAPE_FLAT : SHAPE_NESTED);
}

size_t format_columns(struct arena *a, const struct format *format, const struct field *answer,
		      const struct field *const **ret_columns)
{
	const struct field **columns;
	size_t               count = 0;

	for (const struct field *f = answer; f->name; f++)
		count += is_shown(format, f);
	columns = arena_alloc(a, (count + 1) * sizeof(const struct field *));
	count = 0;
	for (const struct field *f = answer; f->name; f++)
		if (is_shown(format, f))
			columns[count++] = f;
	*ret_columns = columns;
	return count;
}

void format_begin(struct writer *w)
{
	w->rows = 0;
	w->format->begin(w);
}

void format_row(struct writer *w, const struct row *row)
{
	w->format->row(w, row);
	w->rows++;
}

void format_end(struct writer *w)
{
	w->format->end(w);
}
