#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "core/format.h"

/*
 * A workbook of one sheet by libxlsxwriter, which keeps rows in files of the spool folder.  Days, times and numbers
 * are cells of their kind; a text is never a formula.
 */
enum {
	HEAD_ROWS = 1,
	CELL_UNITS = 32767, /* of UTF-16, that a cell holds */
	WHOLE_NUMBERS = 15, /* digits, that a cell holds exactly */
	SHEET_NAME = 31,
};

static const char cut_short[] = " … [cut: a cell holds no more]";

struct xlsx {
	lxw_workbook  *book; /* NULL once it is written */
	lxw_worksheet *sheet;
	lxw_format    *day, *time;
	int            fd; /* where the library writes the file to */
};

static void free_book(void *ptr)
{
	struct xlsx *x = ptr;

	if (x->book)
		lxw_workbook_free(x->book);
}

static int width_of(enum field_type type)
{
	switch (type) {
	case FIELD_BOOL: return 8;
	case FIELD_INT:
	case FIELD_DECIMAL: return 12;
	case FIELD_DATE: return 11;
	case FIELD_TIME: return 21;
	default: return 28;
	}
}

static void write_head(struct writer *w, struct xlsx *x)
{
	lxw_format *bold = workbook_add_format(x->book);

	format_set_bold(bold);
	worksheet_freeze_panes(x->sheet, HEAD_ROWS, 0);
	for (size_t i = 0; i < w->count; i++) {
		worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(w->columns[i]->type), NULL);
		worksheet_write_string(x->sheet, 0, (lxw_col_t)i, w->columns[i]->name, bold);
	}
}

/* The day, not the time, so that the same rows are the same file. */
static time_t today(void)
{
	enum { DAY = 24 * 60 * 60 };

	return time(NULL) / DAY * DAY;
}

static void xlsx_begin(struct writer *w)
{
	struct xlsx *x = w->state = arena_alloc(w->arena, sizeof(*x));
	char        *folder = arena_strdup(w->arena, output_folder(w->out));
	const char  *name = arena_strndup(w->arena, w->nouns, strnlen(w->nouns, SHEET_NAME));

	x->fd = output_file(w->out);
	x->book = workbook_new_opt(arena_printf(w->arena, "/proc/self/fd/%d", x->fd),
		&(lxw_workbook_options){ .constant_memory = LXW_TRUE, .tmpdir = folder, .use_zip64 = LXW_TRUE });
	arena_defer(w->arena, free_book, x);
	x->sheet = x->book ? workbook_add_worksheet(x->book, name) : NULL;
	if (x->fd < 0 || !x->sheet) {
		output_fail(w->out);
		return;
	}
	workbook_set_properties(x->book, &(lxw_doc_properties){ .created = today() });
	x->day = workbook_add_format(x->book);
	format_set_num_format(x->day, "yyyy-mm-dd");
	x->time = workbook_add_format(x->book);
	format_set_num_format(x->time, "yyyy-mm-dd hh:mm:ss\"Z\"");
	write_head(w, x);
}

/* As much of a text as a cell holds; what is cut off is said. */
static const char *fitting(struct arena *a, const char *text, size_t length)
{
	size_t units = 0, end = 0, keep = 0;

	for (end = 0; end < length && units <= CELL_UNITS; end++) {
		const unsigned char c = (unsigned char)text[end];

		if ((c & 0xc0) == 0x80)
			continue;
		if (units <= CELL_UNITS - sizeof(cut_short))
			keep = end;
		units += c >= 0xf0 ? 2 : 1;
	}
	return units <= CELL_UNITS ? text : arena_printf(a, "%.*s%s", (int)keep, text, cut_short);
}

/* To the second: of a part of one a spreadsheet shows now this second, now the next. */
static bool read_time(const char *text, lxw_datetime *ret)
{
	int seconds = 0;

	*ret = (lxw_datetime){ 0 };
	if (sscanf(text, "%d-%d-%d %d:%d:%d", &ret->year, &ret->month, &ret->day, &ret->hour, &ret->min, &seconds) < 3)
		return false;
	ret->sec = seconds;
	return ret->year >= 1900 && ret->year <= 9999;
}

static lxw_error write_value(struct writer *w, const struct field *f, lxw_row_t at, lxw_col_t column, const char *text,
			     size_t length)
{
	struct xlsx *x = w->state;
	lxw_datetime when;

	switch (f->type) {
	case FIELD_INT:
	case FIELD_DECIMAL:
		if (strspn(text, "-0123456789.") == length && length <= WHOLE_NUMBERS)
			return worksheet_write_number(x->sheet, at, column, strtod(text, NULL), NULL);
		break;
	case FIELD_BOOL:
		return worksheet_write_boolean(x->sheet, at, column, text[0] == 't', NULL);
	case FIELD_DATE:
	case FIELD_TIME:
		if (read_time(text, &when))
			return worksheet_write_datetime(x->sheet, at, column, &when, f->type == FIELD_DATE ? x->day : x->time);
		break;
	default:
		break;
	}
	return length == 0 ? LXW_NO_ERROR
			   : worksheet_write_string(x->sheet, at, column, fitting(w->arena, text, length), NULL);
}

static void xlsx_row(struct writer *w, const struct row *row)
{
	const lxw_row_t at = (lxw_row_t)w->rows + HEAD_ROWS;

	if (output_failed(w->out))
		return;
	for (size_t i = 0; i < w->count; i++)
		if (row->values[i] && write_value(w, w->columns[i], at, (lxw_col_t)i, row->values[i],
						  (size_t)row->lengths[i]) != LXW_NO_ERROR)
			output_fail(w->out);
}

static void xlsx_end(struct writer *w)
{
	struct xlsx  *x = w->state;
	lxw_workbook *book = x->book;
	char          piece[64 * 1024];
	ssize_t       n = 0;

	if (output_failed(w->out))
		return;
	worksheet_autofilter(x->sheet, 0, 0, (lxw_row_t)w->rows, (lxw_col_t)(w->count - 1));
	x->book = NULL; /* freed by closing it */
	if (workbook_close(book) != LXW_NO_ERROR)
		output_fail(w->out);
	while (!output_failed(w->out) && (n = read(x->fd, piece, sizeof(piece))) > 0)
		output_write(w->out, piece, (size_t)n);
	if (n < 0)
		output_fail(w->out);
}

const struct format format_xlsx = {
	.name = "xlsx",
	.media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	.most = LXW_ROW_MAX - HEAD_ROWS,
	.begin = xlsx_begin,
	.row = xlsx_row,
	.end = xlsx_end,
};
