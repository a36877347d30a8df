#include "register/import_row.h"

#include <stdio.h>
#include <string.h>

void import_row_problem(struct import_row *row, const char *field, const char *detail)
{
	struct json_object *problem = json_object_new_object();

	if (field)
		json_object_object_add(problem, "field", json_object_new_string(field));
	json_object_object_add(problem, "detail", json_object_new_string(detail));
	json_object_array_add(row->problems, problem);
}

const char *import_row_field(const char *pointer)
{
	return *pointer == '/' ? pointer + 1 : NULL;
}

/* COPY text format: what would end a column or a row is escaped. */
void import_row_escaped(struct output *rows, const char *text)
{
	while (*text) {
		const size_t plain = strcspn(text, "\\\t\n\r");

		output_write(rows, text, plain);
		text += plain;
		if (*text)
			output_text(rows, *text == '\\' ? "\\\\" : *text == '\t' ? "\\t" : *text == '\n' ? "\\n" : "\\r");
		text += *text != '\0';
	}
}

void import_row_write(const struct import_row *row, struct output *rows, long *bad)
{
	char line[32];

	*bad += json_object_array_length(row->problems) > 0;
	snprintf(line, sizeof(line), "%ld\t", row->line);
	output_text(rows, line);
	import_row_escaped(rows, row->text);
	output_text(rows, "\t");
	import_row_escaped(rows, json_object_to_json_string_ext(row->problems, JSON_C_TO_STRING_PLAIN));
	output_text(rows, "\n");
}

enum err import_row_too_many(struct request *r)
{
	return request_fail(r, ERR_MALFORMED, "More than %d rows are not acceptable; nothing was stored. Is it the "
			    "right file, in the right charset?", IMPORT_BAD_ROWS_MAX);
}
