#include "capture.h"

#include <string.h>

enum { COLUMNS_MAX = 64 };

static void write_row(struct writer *w, const char *const *values)
{
	int lengths[COLUMNS_MAX];

	for (size_t i = 0; i < w->count; i++)
		lengths[i] = values[i] ? (int)strlen(values[i]) : -1;
	format_row(w, &(struct row){ .values = values, .lengths = lengths });
}

const char *capture(struct arena *a, const struct format *format, const struct field *answer,
		    const char *const *values, size_t rows, struct capture how)
{
	struct writer w = {
		.format = format, .arena = a, .out = output_new(a, "/tmp"),
		.noun = "visit", .nouns = "visits",
		.machine = how.machine, .single = how.single,
		.next = how.next, .total = how.total,
	};

	w.count = format_columns(a, format, answer, &w.columns);
	format_begin(&w);
	for (size_t i = 0; i < rows; i++)
		write_row(&w, values + i * w.count);
	format_end(&w);
	return output_contents(w.out);
}
