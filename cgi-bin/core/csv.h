/*
 * CSV that comes from outside, read piece by piece with libcsv (RFC 4180):
 * constant memory for files of any length.  Blanks around a cell that is not
 * quoted are dropped; a lone CR, a lone LF and CRLF all end a line.
 */
#ifndef DOORSTEP_CSV_H
#define DOORSTEP_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

enum {
	CSV_CELL_MAX = 64 * 1024,     /* bytes of one cell */
	CSV_RECORD_MAX = 1024 * 1024, /* bytes of all cells of a record, each with a NUL */
	CSV_COLUMNS_MAX = 64,
};

enum csv_charset { CSV_UTF8, CSV_WINDOWS_1252 };

struct csv_cell {
	const char *text;    /* UTF-8, NUL-terminated, NULL when the cell is empty */
	const char *problem; /* set when its bytes are not of the charset, or it is too long */
};

/*
 * One record.  line is the physical line, counted from 1, on which it starts.
 * Cells live until the callback returns.  Answers false to stop reading.
 */
typedef bool csv_record_fn(void *ctx, long line, const struct csv_cell *cells, size_t count);

struct csv_reader;

/*
 * A reader that calls fn once per record, the header included.  Blank lines
 * are passed over; a UTF-8 byte order mark at the start is skipped, or refused
 * where the file is said to be windows-1252.
 */
struct csv_reader *csv_reader_new(struct arena *a, enum csv_charset charset, csv_record_fn *fn,
				  void *ctx);

/*
 * Takes the next bytes of the file.  False when reading cannot go on; then
 * csv_reader_problem() says why, with the line (a misplaced quote, too many
 * columns, too long a record), or NULL when the callback stopped it.
 */
bool csv_reader_feed(struct csv_reader *r, const char *data, size_t size);

/* The file has ended: the last record, and an unclosed quote, are seen here. */
bool        csv_reader_finish(struct csv_reader *r);
const char *csv_reader_problem(const struct csv_reader *r);

#endif
