/*
 * Spreadsheets run a cell that looks like a formula.  A guarded cell has an
 * apostrophe before it, which makes it text.
 */
#ifndef DOORSTEP_FORMAT_CSV_GUARD_H
#define DOORSTEP_FORMAT_CSV_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* True when a spreadsheet might run some line of this cell. */
bool csv_guard_needed(const char *text, size_t length);

/*
 * Writes the cell with an apostrophe before each line that might be run, at
 * most twice its length; answers the length.  Lines count because a reader
 * that splits quoted cells at them makes cells of them.
 */
size_t csv_guard_copy(char *to, const char *text, size_t length);

/* The other way round, for what was guarded and comes back: the length, at most that of the text. */
size_t csv_guard_undo(char *to, const char *text, size_t length);

#endif
