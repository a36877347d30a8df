#include "register/import_csv.h"

#include <string.h>
#include <strings.h>

#include "core/csv.h"
#include "core/route.h"
#include "register/import_row.h"

struct import_csv {
	struct request     *request;
	struct output      *rows;
	struct csv_reader  *reader;
	const struct field *columns[CSV_COLUMNS_MAX]; /* in the order of the file */
	size_t              count; /* 0 until the header was read */
	long                bad;
};

static const struct field *find_column(const struct route *route, const char *name)
{
	for (const struct field *f = route->fields; f->name; f++)
		if (f->in == IN_BODY && strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static bool has_column(const struct import_csv *i, const struct field *f)
{
	for (size_t n = 0; n < i->count; n++)
		if (i->columns[n] == f)
			return true;
	return false;
}

static void header_problem(struct import_csv *i, const char *name, const char *detail)
{
	struct request *r = i->request;

	problems_add(&r->problems, pointer_member(r->arena, "", name), "%s", detail);
}

static bool take_header(struct import_csv *i, const struct csv_cell *cells, size_t count)
{
	for (size_t n = 0; n < count; n++) {
		const char         *name = cells[n].text ? cells[n].text : "";
		const struct field *f = find_column(i->request->route, name);

		if (!f)
			header_problem(i, name, "is not a known column");
		else if (has_column(i, f))
			header_problem(i, name, "is a column twice");
		i->columns[i->count++] = f;
	}
	for (const struct field *f = i->request->route->fields; f->name; f++)
		if (f->in == IN_BODY && f->required && !has_column(i, f))
			header_problem(i, f->name, "is missing among the columns");
	return i->request->problems.count == 0;
}

/* An empty cell says null, which clears; a column that the file lacks says nothing. */
static struct json_object *take_cell(const struct field *f, const char *text)
{
	return !text ? NULL : f->type == FIELD_BOOL ? json_object_new_boolean(strcmp(text, "true") == 0)
	       : json_object_new_string(text);
}

static void take_cells(struct arena *a, struct import_csv *i, const struct csv_cell *cells, size_t count,
		       struct import_row *row)
{
	struct json_object *object = json_object_new_object();

	for (size_t n = 0; n < i->count && n < count; n++) {
		const struct field *f = i->columns[n];
		const char         *problem = cells[n].problem ? cells[n].problem
					      : cells[n].text ? field_check_text(a, f, cells[n].text)
					      : f->required ? "is required" : NULL;

		if (problem)
			import_row_problem(row, f->name, problem);
		else
			json_object_object_add(object, f->name, take_cell(f, cells[n].text));
	}
	row->text = arena_strdup(a, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

static bool take_record(void *ctx, long line, const struct csv_cell *cells, size_t count)
{
	struct import_csv *i = ctx;
	struct import_row  row = { .line = line };
	struct arena      *a;

	if (i->count == 0)
		return take_header(i, cells, count);
	a = arena_new();
	row.problems = json_object_new_array();
	if (count != i->count)
		import_row_problem(&row, NULL, arena_printf(a, "has %zu cells, the header has %zu", count, i->count));
	take_cells(a, i, cells, count, &row);
	import_row_write(&row, i->rows, &i->bad);
	json_object_put(row.problems);
	arena_free(a);
	return !output_failed(i->rows) && i->bad <= IMPORT_BAD_ROWS_MAX;
}

static bool feed(void *ctx, const void *data, size_t size)
{
	return csv_reader_feed(((struct import_csv *)ctx)->reader, data, size);
}

static enum err read_charset(struct request *r, enum csv_charset *ret)
{
	const char *charset = request_media_parameter(r, "charset");

	*ret = CSV_UTF8;
	if (!charset || strcasecmp(charset, "utf-8") == 0 || strcasecmp(charset, "us-ascii") == 0)
		return ERR_NONE;
	*ret = CSV_WINDOWS_1252;
	if (strcasecmp(charset, "windows-1252") == 0 || strcasecmp(charset, "cp1252") == 0)
		return ERR_NONE;
	return request_fail(r, ERR_MEDIA_TYPE, "The charset is utf-8 or windows-1252.");
}

enum err import_csv_read(struct request *r, struct output *body, struct output *rows)
{
	struct import_csv i = { .request = r, .rows = rows };
	enum csv_charset  charset;
	bool              whole;
	enum err          err = read_charset(r, &charset);

	if (err)
		return err;
	i.reader = csv_reader_new(r->arena, charset, take_record, &i);
	whole = output_replay(body, feed, &i) && csv_reader_finish(i.reader);
	if (csv_reader_problem(i.reader))
		return request_fail(r, ERR_MALFORMED, "%s", csv_reader_problem(i.reader));
	if (r->problems.count > 0)
		return request_fail(r, ERR_FIELDS, "Mend the header as \"errors\" says; nothing was stored.");
	if (i.bad > IMPORT_BAD_ROWS_MAX)
		return import_row_too_many(r);
	if (!whole)
		return import_row_broken_off(r);
	if (i.count == 0)
		return request_fail(r, ERR_MALFORMED, "The file is empty: its first line names the columns.");
	return ERR_NONE;
}
