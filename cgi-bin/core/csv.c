#include "csv.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum {
	GROWTH = 4096,   /* bytes by which libcsv's buffer for one cell grows */
	MARK_LENGTH = 3, /* of the byte order mark */
};

static const char byte_order_mark[] = "\xef\xbb\xbf";

struct csv_reader {
	struct arena     *arena;
	struct csv_parser parser;
	enum csv_charset  charset;
	iconv_t           converter; /* for windows-1252 only */
	csv_record_fn    *fn;
	void             *ctx;
	struct csv_cell   cells[CSV_COLUMNS_MAX];
	size_t            count;
	char             *text; /* of the record's cells, CSV_RECORD_MAX bytes */
	size_t            used;
	size_t            mark;           /* bytes of the byte order mark seen; all once past it */
	long              line, start;    /* the line being read, and that of the record's start */
	bool              between, after_cr, stopped;
	const char       *problem;
};

static void free_parser(void *ptr)
{
	csv_free(ptr);
}

static void close_converter(void *ptr)
{
	iconv_close(ptr);
}

/* Bounds what libcsv keeps of one cell: a quote left open would swallow the whole file. */
static void *bounded_realloc(void *ptr, size_t size)
{
	void *grown;

	if (size > CSV_RECORD_MAX + GROWTH)
		return NULL;
	grown = realloc(ptr, size);
	if (!grown)
		abort();
	return grown;
}

struct csv_reader *csv_reader_new(struct arena *a, enum csv_charset charset, csv_record_fn *fn,
				  void *ctx)
{
	struct csv_reader *r = arena_alloc(a, sizeof(*r));

	r->arena = a;
	r->charset = charset;
	r->fn = fn;
	r->ctx = ctx;
	r->text = arena_alloc(a, CSV_RECORD_MAX);
	r->line = 1;
	r->between = true;
	if (charset == CSV_WINDOWS_1252) {
		r->converter = iconv_open("UTF-8", "WINDOWS-1252");
		if (r->converter == (iconv_t)-1)
			abort();
		arena_defer(a, close_converter, r->converter);
	}
	csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
	csv_set_realloc_func(&r->parser, bounded_realloc);
	csv_set_blk_size(&r->parser, GROWTH);
	arena_defer(a, free_parser, &r->parser);
	return r;
}

const char *csv_reader_problem(const struct csv_reader *r)
{
	return r->problem;
}

/* The first reason stays: libcsv goes on to the end of what it was given. */
static void stop(struct csv_reader *r, long line, const char *why)
{
	if (r->stopped)
		return;
	r->stopped = true;
	r->problem = arena_printf(r->arena, "line %ld: %s", line, why);
}

static void stop_too_long(struct csv_reader *r)
{
	stop(r, r->start, "the record that begins here is too long; is a quote left open?");
}

/* Puts a cell behind the others as UTF-8: NULL, or why not; E2BIG when there is no room. */
static int convert(struct csv_reader *r, char *data, size_t size, size_t *ret_size)
{
	char  *to = r->text + r->used;
	size_t room = CSV_RECORD_MAX - r->used - 1, left = room;

	if (r->charset == CSV_UTF8) {
		if (!utf8_valid(data, size))
			return EILSEQ;
		if (size > room)
			return E2BIG;
		memcpy(to, data, size);
		left -= size;
	} else if (memchr(data, '\0', size)) {
		return EILSEQ;
	} else if (iconv(r->converter, &data, &size, &to, &left) == (size_t)-1) {
		return errno;
	}
	*ret_size = room - left;
	return 0;
}

static void keep_cell(struct csv_reader *r, struct csv_cell *cell, char *data, size_t size)
{
	size_t length = 0;
	int    why = r->used < CSV_RECORD_MAX ? convert(r, data, size, &length) : E2BIG;

	if (why == E2BIG) {
		stop_too_long(r);
	} else if (why) {
		cell->problem = r->charset == CSV_UTF8 ? "is not valid UTF-8" :
							 "is not valid windows-1252";
	} else {
		cell->text = r->text + r->used;
		r->text[r->used + length] = '\0';
		r->used += length + 1;
	}
}

static void on_cell(void *data, size_t size, void *ctx)
{
	struct csv_reader *r = ctx;
	struct csv_cell   *cell;

	if (r->stopped)
		return;
	if (r->count == CSV_COLUMNS_MAX) {
		stop(r, r->start, "there are too many columns");
		return;
	}
	cell = &r->cells[r->count++];
	*cell = (struct csv_cell){ 0 };
	if (size > CSV_CELL_MAX)
		cell->problem = "is too long";
	else if (size > 0)
		keep_cell(r, cell, data, size);
}

/* CSV_REPALL_NL brings blank lines here too, without cells. */
static void on_record(int end, void *ctx)
{
	struct csv_reader *r = ctx;

	(void)end;
	if (!r->stopped && r->count > 0)
		r->stopped = !r->fn(r->ctx, r->start, r->cells, r->count);
	r->count = 0;
	r->used = 0;
	r->between = true;
}

/* Takes one line or part of one; only its last byte may end it. */
static bool feed_line(struct csv_reader *r, const char *data, size_t size)
{
	char last = data[size - 1];

	if (r->between)
		r->start = r->line;
	r->between = false;
	if (csv_parse(&r->parser, data, size, on_cell, on_record, r) != size) {
		if (csv_error(&r->parser) == CSV_EPARSE)
			stop(r, r->line,
			     "a quote is misplaced: a cell with one is quoted, the quote doubled");
		else
			stop_too_long(r);
	}
	if (last == '\r' || (last == '\n' && !(r->after_cr && size == 1)))
		r->line++;
	r->after_cr = last == '\r';
	return !r->stopped;
}

static bool feed_lines(struct csv_reader *r, const char *data, size_t size)
{
	while (size > 0 && !r->stopped) {
		const char *newline = memchr(data, '\n', size);
		size_t      length = newline ? (size_t)(newline - data) + 1 : size;
		const char *cr = memchr(data, '\r', length);

		if (cr)
			length = (size_t)(cr - data) + 1;
		feed_line(r, data, length);
		data += length;
		size -= length;
	}
	return !r->stopped;
}

/* What looked like a byte order mark, and was not one whole, belongs to the first cell. */
static bool pass_mark(struct csv_reader *r)
{
	size_t seen = r->mark;

	r->mark = MARK_LENGTH;
	return seen == MARK_LENGTH || feed_lines(r, byte_order_mark, seen);
}

bool csv_reader_feed(struct csv_reader *r, const char *data, size_t size)
{
	while (size > 0 && r->mark < MARK_LENGTH && *data == byte_order_mark[r->mark]) {
		r->mark++;
		data++;
		size--;
		if (r->mark == MARK_LENGTH && r->charset != CSV_UTF8)
			stop(r, 1, "a mark of UTF-8 begins the file, so it is not windows-1252");
	}
	if (r->stopped || size == 0)
		return !r->stopped;
	return pass_mark(r) && feed_lines(r, data, size);
}

bool csv_reader_finish(struct csv_reader *r)
{
	if (r->stopped || !pass_mark(r))
		return false;
	if (csv_fini(&r->parser, on_cell, on_record, r) != 0)
		stop(r, r->start, "a quote in the record that begins here is never closed");
	return !r->stopped;
}
