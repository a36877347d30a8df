#include "register/import_csv.h"

#include <string.h>
#include <strings.h>

#include "core/format/csv_guard.h"
#include "core/route.h"
#include "register/import_row.h"

struct reading {
	struct request     *request;
	struct csv_reader  *reader;
	import_record_fn   *fn;
	void               *ctx;
	struct import_header header; /* without columns until it was read */
	char               *unguarded; /* text of the cells of a record, CSV_RECORD_MAX bytes */
	bool                stopped;
};

/* What a file of rejected rows has besides the row itself. */
static const char *const passed_over[] = { "position", "line", "field", "detail", NULL };

static bool is_passed_over(const char *name)
{
	for (const char *const *p = passed_over; *p; p++)
		if (strcmp(*p, name) == 0)
			return true;
	return false;
}

static const struct field *find_column(const struct route *route, const char *name)
{
	for (const struct field *f = route->fields; f->name; f++)
		if (f->in == IN_BODY && strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static bool has_column(const struct reading *i, const struct field *f)
{
	for (size_t n = 0; n < i->header.count; n++)
		if (i->header.columns[n] == f)
			return true;
	return false;
}

static void header_problem(struct reading *i, const char *name, const char *detail)
{
	struct request *r = i->request;

	problems_add(&r->problems, pointer_member(r->arena, "", name), "%s", detail);
}

static bool take_header(struct reading *i, const struct csv_cell *cells, size_t count)
{
	for (size_t n = 0; n < count; n++) {
		const char         *name = cells[n].text ? cells[n].text : "";
		const struct field *f = find_column(i->request->route, name);

		if (!f && !is_passed_over(name))
			header_problem(i, name, "is not a known column");
		else if (f && has_column(i, f))
			header_problem(i, name, "is a column twice");
		i->header.columns[i->header.count++] = f;
		i->header.mended = i->header.mended || !f;
	}
	for (const struct field *f = i->request->route->fields; f->name; f++)
		if (f->in == IN_BODY && f->required && !has_column(i, f))
			header_problem(i, f->name, "is missing among the columns");
	return i->request->problems.count == 0;
}

/* The cells as they were before they were guarded. */
static const struct csv_cell *unguard(struct reading *i, const struct csv_cell *cells, size_t count,
				      struct csv_cell *unguarded)
{
	char *to = i->unguarded;

	for (size_t n = 0; n < count; n++) {
		unguarded[n] = cells[n];
		if (!cells[n].text)
			continue;
		unguarded[n].text = to;
		to += csv_guard_undo(to, cells[n].text, strlen(cells[n].text));
		*to++ = '\0';
	}
	return unguarded;
}

static bool take_record(void *ctx, long line, const struct csv_cell *cells, size_t count)
{
	struct reading *i = ctx;

	struct csv_cell unguarded[CSV_COLUMNS_MAX];

	if (i->header.count == 0)
		return take_header(i, cells, count);
	if (i->header.mended)
		cells = unguard(i, cells, count, unguarded);
	i->stopped = !i->fn(i->ctx, line, &i->header, cells, count);
	return !i->stopped;
}

static bool feed(void *ctx, const void *data, size_t size)
{
	return csv_reader_feed(((struct reading *)ctx)->reader, data, size);
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

enum err import_csv_records(struct request *r, struct import_body *body, import_record_fn *fn, void *ctx,
			    bool *ret_stopped)
{
	struct reading   i = { .request = r, .fn = fn, .ctx = ctx };
	enum csv_charset charset;
	enum err         err = read_charset(r, &charset);

	*ret_stopped = false;
	if (err)
		return err;
	i.unguarded = arena_alloc(r->arena, CSV_RECORD_MAX);
	i.reader = csv_reader_new(r->arena, charset, take_record, &i);
	if (import_body_feed(body, feed, &i))
		csv_reader_finish(i.reader);
	*ret_stopped = i.stopped;
	if (csv_reader_problem(i.reader))
		return request_fail(r, ERR_MALFORMED, "%s", csv_reader_problem(i.reader));
	if (r->problems.count > 0)
		return request_fail(r, ERR_FIELDS, "Mend the header as \"errors\" says; nothing was stored.");
	if (i.header.count == 0)
		return request_fail(r, ERR_MALFORMED, "The file is empty: its first line names the columns.");
	return ERR_NONE;
}

/* ------------------------------------------------------------ rows as JSON */

struct rows {
	struct output *out;
	long           bad;
};

/* An empty cell says null, which clears; a column that the file lacks says nothing. */
static struct json_object *take_cell(const struct field *f, const char *text, bool good)
{
	return !text ? NULL : f->type == FIELD_BOOL && good ? json_object_new_boolean(strcmp(text, "true") == 0)
	       : json_object_new_string(text);
}

/* What is wrong with a cell is kept, too: who mends the row has to see it. */
static void take_cells(struct arena *a, const struct import_header *header, const struct csv_cell *cells,
		       size_t cell_count, struct import_row *row)
{
	struct json_object *object = json_object_new_object();

	for (size_t n = 0; n < header->count && n < cell_count; n++) {
		const struct field *f = header->columns[n];
		const char         *problem = !f ? NULL
					      : cells[n].problem ? cells[n].problem
					      : cells[n].text ? field_check_text(a, f, cells[n].text)
					      : f->required ? "is required" : NULL;

		if (problem)
			import_row_problem(row, f->name, problem);
		if (f && (cells[n].text || f->required || !header->mended))
			json_object_object_add(object, f->name, take_cell(f, cells[n].text, !problem));
	}
	row->text = arena_strdup(a, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

static bool take_row(void *ctx, long line, const struct import_header *header, const struct csv_cell *cells,
		     size_t cell_count)
{
	struct rows      *rows = ctx;
	struct import_row row = { .line = line, .problems = json_object_new_array() };
	struct arena     *a = arena_new();

	if (cell_count != header->count)
		import_row_problem(&row, NULL, arena_printf(a, "has %zu cells, the header has %zu", cell_count, header->count));
	take_cells(a, header, cells, cell_count, &row);
	import_row_write(&row, rows->out, &rows->bad);
	json_object_put(row.problems);
	arena_free(a);
	return !output_failed(rows->out) && rows->bad <= IMPORT_BAD_ROWS_MAX;
}

enum err import_csv_read(struct request *r, struct import_body *body, struct output *out)
{
	struct rows rows = { .out = out };
	bool        stopped;
	enum err    err = import_csv_records(r, body, take_row, &rows, &stopped);

	return !err && rows.bad > IMPORT_BAD_ROWS_MAX ? import_row_too_many(r) : err;
}
